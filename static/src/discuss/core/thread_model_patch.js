import { fields } from "@mail/core/common/record";
import { Thread } from "@mail/core/common/thread_model";
import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";

import { formatMoment } from "@contact_lifecycle/discuss/snooze/snooze_presets";

patch(Thread.prototype, {
    setup() {
        super.setup();
        this.lifecycle_partner_id = fields.One("res.partner", {
            /** A change that somebody else made names the contact by its id alone: not each may know more. */
            onUpdate() {
                const contact = this.lifecycle_partner_id;
                if (contact && !contact.name) {
                    this.store.fetchChannel(this.id);
                }
            },
        });
        this.lifecycle_snoozed_until = fields.Datetime();
        this.lifecycle_stage_id = fields.One("lifecycle.stage", {
            onUpdate() {
                const stage = this.lifecycle_stage_id;
                if (stage && !stage.display_name) {
                    this.store.nameLifecycleStage(stage.id);
                }
            },
        });
        /** @type {"open"|"snoozed"|"closed"|undefined} */
        this.lifecycle_status = fields.Attr(undefined);
    },
    /**
     * Whether the stage is shown and may be set: the server sends it to agents only, of
     * conversations with customers, and while stages are shown at all.
     */
    get hasLifecycle() {
        return Boolean(this.lifecycle_status);
    },
    get canSnooze() {
        return this.hasLifecycle && this.lifecycle_status !== "closed";
    },
    get isSnoozed() {
        return this.lifecycle_status === "snoozed";
    },
    get snoozedText() {
        const until = this.snoozedUntilText;
        return until ? _t("Snoozed until %s", until) : _t("Snoozed");
    },
    get snoozedUntilText() {
        const until = this.lifecycle_snoozed_until;
        return until ? formatMoment(until) : "";
    },
    /** @param {number|false} stageId */
    setLifecycleStage(stageId) {
        return this._callLifecycle("action_lifecycle_set_stage", stageId);
    },
    /** @param {number|false} partnerId */
    setLifecycleContact(partnerId) {
        return this._callLifecycle("action_lifecycle_set_contact", partnerId);
    },
    /** @param {import("luxon").DateTime} moment */
    snooze(moment) {
        return this._callLifecycle("action_lifecycle_snooze", serializeDateTime(moment));
    },
    wake() {
        return this._callLifecycle("action_lifecycle_wake");
    },
    /**
     * The change itself comes with the live update, on this page as on all others.
     *
     * @returns {Promise<boolean>} false when it was refused, and the user was told why
     */
    async _callLifecycle(method, ...args) {
        const { notification, orm } = this.store.env.services;
        try {
            await orm.call("discuss.channel", method, [[this.id], ...args]);
            return true;
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data) {
                throw error;
            }
            notification.add(error.data.message, { type: "danger" });
            return false;
        }
    },
});
