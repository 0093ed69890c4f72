import { _t } from "@web/core/l10n/translation";
import { ActionHelper } from "@web/views/action_helper";

/** Filters that somebody has chosen; that conversations are open is how their pages begin. */
const SOUGHT = {
    "res.partner": ["field", "favorite", "filter"],
    "discuss.channel": ["field", "favorite"],
};

/** What an empty page says: what it is for or, to who has searched, that nothing matches. */
export class SearchHelper extends ActionHelper {
    static template = "contact_lifecycle.SearchHelper";

    get hasSearched() {
        const { facets = [], resModel } = this.env.searchModel ?? {};
        return facets.some(({ type }) => SOUGHT[resModel]?.includes(type));
    }

    get nothingMatches() {
        return this.env.searchModel.resModel === "res.partner"
            ? _t("No contact matches")
            : _t("No conversation matches");
    }
}
