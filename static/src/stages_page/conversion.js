import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

function tellContacts(count) {
    if (count === 1) {
        return _t("One contact stays in it.");
    }
    return count
        ? _t("%(count)s contacts stay in it.", { count: formatInteger(count) })
        : _t("No contact is in it.");
}

function tellRules(count) {
    if (count === 1) {
        return _t("One rule names it.");
    }
    return count
        ? _t("%(count)s rules name it.", { count: formatInteger(count) })
        : _t("No rule names it.");
}

/**
 * What is asked before a stage becomes one of the other kind (S13).
 *
 * @param {Object} stage
 * @param {Object} [next] the stage that would be the default instead
 * @returns {Object} props of the dialog
 */
export function describeConversion(stage, next) {
    const sentences = [tellContacts(stage.contact_count), tellRules(stage.rule_count)];
    if (stage.is_default && next) {
        sentences.push(
            _t("New contacts will start in %(stage)s instead.", { stage: next.display_name }),
        );
    }
    const name = { stage: stage.display_name };
    return {
        title: stage.is_lost
            ? _t("Make %(stage)s a lifecycle stage?", name)
            : _t("Make %(stage)s a lost stage?", name),
        body: sentences.join(" "),
        confirmLabel: stage.is_lost ? _t("Make Lifecycle Stage") : _t("Make Lost"),
    };
}
