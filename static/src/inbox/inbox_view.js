import { InboxArchParser } from "@contact_lifecycle/inbox/inbox_arch_parser";
import { InboxController } from "@contact_lifecycle/inbox/inbox_controller";
import { InboxPanel } from "@contact_lifecycle/inbox/inbox_panel";
import { InboxSearchModel } from "@contact_lifecycle/inbox/inbox_search_model";
import { live } from "@contact_lifecycle/inbox/live_inbox";
import { registry } from "@web/core/registry";
import { RelationalModel } from "@web/model/relational_model/relational_model";

/** Conversations as a list, with the chat beside it (I10). */
export const inboxView = {
    type: "lifecycle_inbox",
    searchMenuTypes: ["filter", "favorite"],
    ArchParser: InboxArchParser,
    Controller: live(InboxController),
    Model: RelationalModel,
    SearchModel: InboxSearchModel,
    SearchPanel: InboxPanel,
    props: (props, { ArchParser, Model }) => ({
        ...props,
        archInfo: new ArchParser().parse(props.arch, props.relatedModels, props.resModel),
        Model,
    }),
};

registry.category("views").add("lifecycle_inbox", inboxView);
