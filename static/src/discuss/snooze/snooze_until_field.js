import { Component } from "@odoo/owl";

import { SnoozePresets } from "@contact_lifecycle/discuss/snooze/snooze_presets";
import { pick } from "@web/core/utils/objects";
import { registry } from "@web/core/registry";
import { DateTimeField, dateTimeField } from "@web/views/fields/datetime/datetime_field";

/** The moment at which a snooze ends: a preset, which snoozes at once, or a date and time (I4). */
export class SnoozeUntilField extends Component {
    static template = "contact_lifecycle.SnoozeUntilField";
    static components = { DateTimeField, SnoozePresets };
    static props = DateTimeField.props;

    async snooze(moment) {
        const { name, record } = this.props;
        await record.update({ [name]: moment });
        await this.env.onClickViewButton({
            clickParams: { name: "action_confirm", type: "object" },
            getResParams: () =>
                pick(record, "context", "evalContext", "resModel", "resId", "resIds"),
        });
    }
}

registry.category("fields").add("lifecycle_snooze_until", {
    ...dateTimeField,
    component: SnoozeUntilField,
});
