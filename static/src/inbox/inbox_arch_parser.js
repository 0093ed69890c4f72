import { stringToOrderBy } from "@web/search/utils/order_by";
import { Field } from "@web/views/fields/field";

/** What the view says: which fields are read, and their order. */
export class InboxArchParser {
    parse(arch, models, modelName) {
        const fieldNodes = {};
        for (const node of arch.querySelectorAll("field")) {
            const info = Field.parseFieldNode(node, models, modelName, "lifecycle_inbox");
            fieldNodes[info.name] = info;
        }
        return {
            defaultOrder: stringToOrderBy(arch.getAttribute("default_order")),
            fieldNodes,
        };
    }
}
