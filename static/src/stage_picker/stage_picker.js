import { Component } from "@odoo/owl";

import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { LifecycleStageBadge } from "@contact_lifecycle/stage_badge/stage_badge";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { normalize } from "@web/core/l10n/utils/normalize";

/** With Alt, opens the list of stages of the contact or the conversation that one is at */
export const STAGE_HOTKEY = "o";
/** How long one may think between two letters, in milliseconds */
const TYPING_PAUSE = 1000;

/** What `stages` is read with */
export const STAGE_DOMAIN = [["deletion_pending", "=", false]];
export const STAGE_FIELDS = ["display_name", "is_lost", "description", "entry_criteria"];

const STAGE_SHAPE = { id: Number, display_name: String, "*": true };

/** @returns {boolean} whether a text begins with a term, apart from what is no letter and no number */
function startsWith(text, term) {
    return normalize(text.replace(/^[^\p{L}\p{N}]+/u, "")).startsWith(term);
}

/**
 * A stage as a badge. Unless it is read-only, the badge opens the one list of both kinds of stages,
 * with what must be true to enter each of them (A3, A4, S15).
 */
export class LifecycleStagePicker extends Component {
    static template = "contact_lifecycle.StagePicker";
    static components = { CheckboxItem, Dropdown, DropdownItem, LifecycleStageBadge };
    static props = {
        stage: [{ value: false }, { type: Object, shape: STAGE_SHAPE }],
        /** Records of lifecycle.stage in their order: the fields of `STAGE_FIELDS` */
        stages: { type: Array, element: { type: Object, shape: STAGE_SHAPE } },
        /** Gets the chosen stage, or false to clear it */
        onSelect: { type: Function, optional: true },
        /** What the stage is of, for those who do not see where the badge stands */
        label: String,
        id: { type: String, optional: true },
        /** Whether a stage can be replaced, but not cleared */
        isRequired: { type: Boolean, optional: true },
        readonly: { type: Boolean, optional: true },
        /** Called, and awaited, before the list opens */
        beforeOpen: { type: Function, optional: true },
        /** Opens the list, together with Alt */
        hotkey: { type: String, optional: true },
        /** `toggler`: what is shown instead of the badge */
        slots: { type: Object, optional: true },
    };

    setup() {
        this.navigator = undefined;
        this.typed = "";
        this.typedAt = 0;
    }

    getName(stage) {
        return readableName(stage.display_name);
    }

    get isLost() {
        const { stage, stages } = this.props;
        return stage.is_lost ?? stages.some(({ id, is_lost }) => id === stage.id && is_lost);
    }

    get setStageText() {
        return _t("Set Stage");
    }

    /** What is seen is part of it, so that it can be said to a computer. */
    get name() {
        const { label, stage } = this.props;
        return `${label}: ${stage ? stage.display_name : this.setStageText}`;
    }

    get groups() {
        return [
            { stages: this.props.stages.filter((stage) => !stage.is_lost) },
            { name: _t("Lost"), stages: this.props.stages.filter((stage) => stage.is_lost) },
        ].filter((group) => group.stages.length);
    }

    getItemAttrs(stage) {
        const tooltip = [
            { title: _t("Description"), value: stage.description },
            { title: _t("Entry Criteria"), value: stage.entry_criteria },
        ].filter((entry) => entry.value);
        return tooltip.length
            ? {
                  "data-tooltip-template": "contact_lifecycle.StageTooltip",
                  "data-tooltip-info": JSON.stringify({ tooltip }),
                  "data-tooltip-position": "right",
              }
            : {};
    }

    /** Starts at the current stage once the menu is open. */
    onItemsUpdated(navigator) {
        this.navigator = navigator;
        const current = navigator.items.find(({ el }) => el.ariaChecked === "true");
        (current ?? navigator.items[0])?.setActive();
    }

    /** Goes to the line that begins with what is typed, emoji apart; the same letter again goes to the next one. */
    onMenuKeydown(ev) {
        if (ev.key.length !== 1 || ev.altKey || ev.ctrlKey || ev.metaKey || ev.isComposing) {
            return;
        }
        const now = Date.now();
        const typed = now - this.typedAt < TYPING_PAUSE ? this.typed : "";
        if (ev.key === " " && !typed) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        this.typed = typed + normalize(ev.key);
        this.typedAt = now;
        const isOneLetter = new Set(this.typed).size === 1;
        const term = isOneLetter ? this.typed[0] : this.typed;
        const { activeItemIndex, items } = this.navigator;
        const start = activeItemIndex + (isOneLetter ? 1 : 0);
        [...items.slice(start), ...items.slice(0, start)]
            .find(({ el }) => startsWith(el.textContent, term))
            ?.setActive();
    }

    onKeydown(ev) {
        if (["Enter", " "].includes(ev.key)) {
            // a list would open the record
            ev.stopPropagation();
        }
    }
}
