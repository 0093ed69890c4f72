import { Component } from "@odoo/owl";

import { Figure } from "@contact_lifecycle/dashboard/figure";
import { EmojiButton } from "@contact_lifecycle/emoji_field/emoji_button";
import { LifecycleStageMark } from "@contact_lifecycle/stage_badge/stage_mark";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

import { InPlaceText } from "./in_place_text";

/** A stage on its page: edited in place, with what uses it, and a menu of what can be done with it. */
export class StageRow extends Component {
    static template = "contact_lifecycle.StageRow";
    static components = {
        Dropdown,
        DropdownItem,
        EmojiButton,
        Figure,
        InPlaceText,
        LifecycleStageMark,
    };
    static props = {
        /** As `get_page` of lifecycle.stage says: what the user may not see is not in it */
        stage: Object,
        isEditable: Boolean,
        isFirst: Boolean,
        isLast: Boolean,
        /** Gets the values to write */
        onSave: Function,
        /** Gets a method that returns an action, and whether to open a new window */
        onOpen: Function,
        onOpenForm: Function,
        onSetDefault: Function,
        /** Gets by how many places */
        onMove: Function,
        onConvert: Function,
    };

    get isEditable() {
        return this.props.isEditable && !this.props.stage.deletion_pending;
    }

    get texts() {
        const { display_name: stage, contact_count, rule_count } = this.props.stage;
        return {
            name: _t("%(stage)s: name", { stage }),
            description: _t("%(stage)s: description", { stage }),
            criteria: _t("%(stage)s: entry criteria", { stage }),
            actions: _t("%(stage)s: more", { stage }),
            contacts: contact_count === 1 ? _t("contact") : _t("contacts"),
            rules: rule_count === 1 ? _t("rule") : _t("rules"),
            placeholder: _t("What it means to be in this stage"),
            criteriaPlaceholder: _t("What must be true of a contact before it enters this stage"),
        };
    }

    get actions() {
        const { stage, isFirst, isLast, onConvert, onMove, onOpen, onOpenForm } = this.props;
        const { automation_count: automations } = stage;
        const isEditable = this.isEditable;
        return [
            {
                name: automations
                    ? _t("Automations (%s)", formatInteger(automations))
                    : _t("Automations"),
                isShown: isEditable,
                run: () => onOpen("action_automations"),
            },
            {
                name: _t("New Segment"),
                isShown: stage.contact_count !== undefined && !stage.deletion_pending,
                run: () => onOpen("action_new_segment"),
            },
            { name: _t("More Settings"), isShown: true, run: onOpenForm },
            { name: _t("Move Up"), isShown: isEditable && !isFirst, run: () => onMove(-1) },
            { name: _t("Move Down"), isShown: isEditable && !isLast, run: () => onMove(1) },
            {
                name: stage.is_lost ? _t("Make Lifecycle Stage") : _t("Make Lost"),
                isShown: isEditable,
                run: onConvert,
            },
            {
                name: _t("Delete"),
                isShown: isEditable,
                run: () => onOpen("action_delete"),
            },
        ].filter((action) => action.isShown);
    }
}
