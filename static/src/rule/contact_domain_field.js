import { registry } from "@web/core/registry";
import { Domain } from "@web/core/domain";
import { _t } from "@web/core/l10n/translation";
import { DomainField, domainField } from "@web/views/fields/domain/domain_field";
import { formatInteger } from "@web/views/fields/formatters";

/**
 * A condition of contacts that counts, and shows, whom it is asked of: besides the condition they meet `counted`, a
 * domain from the options of the field (T1, A2).
 */
export class ContactDomainField extends DomainField {
    static template = "contact_lifecycle.ContactDomainField";
    static props = { ...DomainField.props, counted: { type: Array, optional: true } };
    static defaultProps = { ...DomainField.defaultProps, counted: [] };

    get isEmpty() {
        return this.getDomain().replace(/\s/g, "") === "[]";
    }

    get countText() {
        const { hasLimitedCount, recordCount } = this.state;
        if (recordCount === 1) {
            return _t("1 contact");
        }
        const count = formatInteger(recordCount);
        return hasLimitedCount ? _t("%s+ contacts", count) : _t("%s contacts", count);
    }

    /** @override */
    getEvaluatedDomain(props = this.props) {
        const domain = super.getEvaluatedDomain(props);
        return domain.isInvalid ? domain : Domain.and([domain, props.counted]).toList();
    }
}

registry.category("fields").add("lifecycle_contact_domain", {
    ...domainField,
    component: ContactDomainField,
    extractProps(fieldInfo, dynamicInfo) {
        return {
            ...domainField.extractProps(fieldInfo, dynamicInfo),
            resModel: "res.partner",
            editInDialog: true,
            counted: fieldInfo.options.counted,
        };
    },
});
