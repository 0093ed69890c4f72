import { Domain } from "@web/core/domain";
import { SearchModel } from "@web/search/search_model";

/** The filters that are tabs of the inbox, by their names */
const STATUS_FILTERS = ["lifecycle_open", "lifecycle_snoozed", "lifecycle_closed"];
const STAGE = "lifecycle_stage_id";
/** How many saved inboxes have a number; the server counts no more than 200 at once */
const MAX_COUNTED = 150;

/**
 * The search behind the inboxes of conversations (I10): stages with one inbox for none and one for
 * all lost ones; whether conversations are open, snoozed or closed is chosen apart from the rest, so
 * that it outlives the choice of a saved inbox and is not saved in it.
 */
export class InboxSearchModel extends SearchModel {
    setup() {
        super.setup(...arguments);
        /** Number of conversations by the id of the filter or favorite, null where it cannot be counted */
        this.inboxCounts = {};
        this.inboxCountsId = 0;
        this.isStatusLeftOut = false;
        this.isStatusKept = false;
    }

    get tabs() {
        return this._getCounted(({ name }) => STATUS_FILTERS.includes(name));
    }

    get savedInboxes() {
        return this._getCounted(({ type }) => type === "favorite");
    }

    chooseTab(searchItemId) {
        this.query = this.query.filter((elem) => !this._isStatus(elem));
        this.query.push({ searchItemId });
        this._notify();
    }

    /** Chooses a saved inbox, or none again. */
    toggleSavedInbox(searchItemId) {
        this._clearCategories();
        this.toggleSearchItem(searchItemId);
    }

    /**
     * Nobody is told: whoever leaves it chooses something else.
     *
     * @returns {boolean} whether a saved inbox was chosen
     */
    leaveSavedInbox() {
        const isSaved = (elem) => this.searchItems[elem.searchItemId].type === "favorite";
        const hasSaved = this.query.some(isSaved);
        this.query = this.query.filter((elem) => !isSaved(elem));
        return hasSaved;
    }

    toggleSearchItem(searchItemId) {
        this._keepStatus(
            this.searchItems[searchItemId].type === "favorite" && this._hasNot(searchItemId),
            () => super.toggleSearchItem(searchItemId),
        );
    }

    clearQuery() {
        if (this.isStatusKept) {
            this._clearCategories();
        }
        this._keepStatus(this.isStatusKept, () => super.clearQuery());
    }

    /** What was chosen is in the saved inbox now, but for the status. */
    async createNewFavorite() {
        this.isStatusKept = true;
        try {
            return await super.createNewFavorite(...arguments);
        } finally {
            this.isStatusKept = false;
        }
    }

    _activateDefaultSearchItems(defaultFavoriteId) {
        super._activateDefaultSearchItems(defaultFavoriteId);
        if (defaultFavoriteId) {
            const status = Object.values(this.searchItems).filter(
                ({ id, isDefault }) => isDefault && this._isStatus({ searchItemId: id }),
            );
            this.query.push(...status.map(({ id }) => ({ searchItemId: id })));
        }
    }

    _getCategoryDomain() {
        return super._getCategoryDomain(...arguments).map(([fieldName, operator, value]) => {
            if (fieldName === STAGE && value === "none") {
                return [STAGE, "=", false];
            }
            if (fieldName === STAGE && value === "lost") {
                return [`${STAGE}.is_lost`, "=", true];
            }
            return [fieldName, operator, value];
        });
    }

    _getGroups() {
        const groups = super._getGroups();
        return this.isStatusLeftOut
            ? groups.filter(({ activeItems }) => !activeItems.some((item) => this._isStatus(item)))
            : groups;
    }

    _getIrFilterDescription() {
        return this._leaveStatusOut(() => super._getIrFilterDescription(...arguments));
    }

    async _fetchSections() {
        await Promise.all([super._fetchSections(...arguments), this._fetchInboxCounts()]);
    }

    /** One request for all tabs and saved inboxes: how many conversations choosing each of them shows. */
    async _fetchInboxCounts() {
        const context = this.domainEvalContext;
        const rest = this._leaveStatusOut(() => this._getDomain());
        const tabs = this.tabs;
        const chosen = tabs.filter((tab) => tab.isActive).map((tab) => tab.domain);
        const status = chosen.length ? Domain.or(chosen) : [];
        const inboxes = {};
        for (const tab of tabs) {
            inboxes[tab.id] = Domain.and([rest, tab.domain]).toList(context);
        }
        for (const { domain, id } of this.savedInboxes.slice(0, MAX_COUNTED)) {
            try {
                inboxes[id] = Domain.and([this.globalDomain, status, domain]).toList(context);
            } catch {
                // it names what is not known here: it has no number
            }
        }
        const loadId = ++this.inboxCountsId;
        const counts = await this.orm.silent.call(this.resModel, "lifecycle_count_inboxes", [
            inboxes,
        ]);
        if (loadId === this.inboxCountsId) {
            this.inboxCounts = counts;
        }
    }

    /** A saved inbox is all there is to it: nothing else is chosen at the left. */
    _clearCategories() {
        for (const category of this.categories) {
            category.activeValueId = false;
        }
    }

    _getCounted(predicate) {
        return this.getSearchItems(predicate).map((item) => ({
            ...item,
            count: this.inboxCounts[item.id],
        }));
    }

    _hasNot(searchItemId) {
        return !this.query.some((elem) => elem.searchItemId === searchItemId);
    }

    _isStatus({ searchItemId }) {
        return STATUS_FILTERS.includes(this.searchItems[searchItemId].name);
    }

    _leaveStatusOut(callback) {
        this.isStatusLeftOut = true;
        try {
            return callback();
        } finally {
            this.isStatusLeftOut = false;
        }
    }

    /** Calls what empties the query; where the status is to be kept, it is put back before anybody hears. */
    _keepStatus(isKept, callback) {
        if (!isKept) {
            callback();
            return;
        }
        const status = this.query.filter((elem) => this._isStatus(elem));
        const { blockNotification } = this;
        this.blockNotification = true;
        callback();
        this.query.push(...status);
        this.blockNotification = blockNotification;
        this._notify();
    }
}
