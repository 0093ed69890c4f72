import { Component, toRaw, useEffect, useRef, useState } from "@odoo/owl";

import { DashboardError } from "@contact_lifecycle/dashboard/dashboard_error";
import { useLiveData } from "@contact_lifecycle/dashboard/live_data";
import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSortable } from "@web/core/utils/sortable_owl";
import { formatInteger } from "@web/views/fields/formatters";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { AddStage } from "./add_stage";
import { describeConversion } from "./conversion";
import { StageRow } from "./stage_row";

const MODEL = "lifecycle.stage";
const LOST_MODEL = "lifecycle.lost.stage";

/**
 * Both kinds of stages side by side (S9, S17): edited in place, put in order by dragging, and made lost or not by
 * dragging to the other column, or by the menu of each.
 */
export class StagesPage extends Component {
    static template = "contact_lifecycle.StagesPage";
    static components = { AddStage, DashboardError, Layout, StageRow };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.ui = useState(useService("ui"));
        this.rootRef = useRef("root");
        const before = this.props.state ?? {};
        this.state = useState({
            /** Which of the columns a phone shows */
            isLost: before.isLost ?? Boolean(this.props.action.params?.is_lost),
            /** What is said to those who do not see where a stage has moved */
            place: "",
            /** Finds the stage that the focus goes to as soon as its row is there */
            isWanted: undefined,
        });
        this.page = useLiveData(() => this.load(), before.page);
        useEffect(
            () => this.focusWanted(),
            () => [this.state.isWanted, this.page.state.data],
        );
        useSetupAction({
            rootRef: this.rootRef,
            getLocalState: () => ({
                isLost: this.state.isLost,
                page: toRaw(this.page.state.data),
            }),
        });
        useSortable({
            ref: this.rootRef,
            elements: ".o_contact_lifecycle_stage_row",
            groups: ".o_contact_lifecycle_stage_rows",
            handle: ".o_contact_lifecycle_stage_handle",
            connectGroups: true,
            cursor: "grabbing",
            enable: () => this.isEditable,
            followingElementClasses: ["shadow"],
            onDrop: (params) => this.drop(params),
        });
    }

    get isEditable() {
        return Boolean(this.page.state.data?.is_editable);
    }

    get columns() {
        const columns = [
            {
                isLost: false,
                name: _t("Lifecycle"),
                tab: (count) => _t("Lifecycle (%s)", count),
                help: _t("A contact goes through them from the first interest to the purchase."),
                placeholder: _t("e.g. Negotiation"),
                hotkey: "c", // as for "New" elsewhere
            },
            {
                isLost: true,
                name: _t("Lost"),
                tab: (count) => _t("Lost (%s)", count),
                help: _t(
                    "A lost stage says why a contact left the lifecycle, and when to approach it again.",
                ),
                placeholder: _t("e.g. No Budget"),
            },
        ];
        return columns.map((column) => {
            const stages = this.getStages(column.isLost);
            return { ...column, stages, tab: column.tab(formatInteger(stages.length)) };
        });
    }

    get shownColumns() {
        return this.columns.filter(
            ({ isLost }) => !this.ui.isSmall || isLost === this.state.isLost,
        );
    }

    get errorTexts() {
        return {
            failed: _t(
                "The stages could not be read. Try again; if that does not help, tell your administrator.",
            ),
            outdated: _t("The stages below are from before."),
        };
    }

    async load() {
        const page = await this.orm.silent.call(MODEL, "get_page", []);
        const stages = page.stages.map((stage) => ({
            ...stage,
            display_name: readableName(stage.display_name),
        }));
        return { ...page, stages };
    }

    getStages(isLost) {
        return this.page.state.data.stages.filter((stage) => stage.is_lost === isLost);
    }

    /** Where it has not gone elsewhere meanwhile. */
    focusWanted() {
        const stage = this.state.isWanted && this.page.state.data?.stages.find(this.state.isWanted);
        const row = stage && `.o_contact_lifecycle_stage_row[data-id='${stage.id}']`;
        const button = row && this.rootRef.el?.querySelector(`${row} button[aria-haspopup=menu]`);
        if (button) {
            this.state.isWanted = undefined;
            if (!this.rootRef.el.contains(document.activeElement)) {
                button.focus();
            }
        }
    }

    /** Shows what has become of a change, whether it was made or refused. */
    async change(model, method, ...args) {
        try {
            return await this.orm.call(model, method, args);
        } finally {
            await this.page.reload();
        }
    }

    save(stage, values) {
        return this.change(MODEL, "write", [stage.id], values);
    }

    async add(isLost, name) {
        const [id] = await this.change(isLost ? LOST_MODEL : MODEL, "create", [{ name }]);
        this.state.isWanted = (stage) =>
            isLost ? stage.lost_stage_ids.includes(id) : stage.id === id;
    }

    setDefault(stage) {
        return this.change(MODEL, "action_set_default", [stage.id]);
    }

    drop({ element, previous, parent }) {
        const stage = this.page.state.data.stages.find(
            ({ id }) => id === Number(element.dataset.id),
        );
        const isLost = parent.dataset.kind === "lost";
        const others = this.getStages(isLost).filter(({ id }) => id !== stage.id);
        const place = others.findIndex(({ id }) => id === Number(previous?.dataset.id)) + 1;
        return this.place(stage, isLost, place);
    }

    /** With the keyboard: what a stage is, and where, is said, and the focus stays. */
    async move(stage, index) {
        await this.place(stage, stage.is_lost, index);
        this.state.place = _t("%(stage)s: place %(place)s of %(count)s", {
            stage: stage.display_name,
            place: formatInteger(index + 1),
            count: formatInteger(this.getStages(stage.is_lost).length),
        });
        this.state.isWanted = ({ id }) => id === stage.id;
    }

    /** Puts a stage in its place, which is seen at once; in the other column, after the user was asked. */
    async place(stage, isLost, index) {
        if (stage.is_lost !== isLost && !(await this.convert(stage))) {
            return;
        }
        const others = this.getStages(!isLost).filter(({ id }) => id !== stage.id);
        const stages = this.getStages(isLost).filter(({ id }) => id !== stage.id);
        stages.splice(index, 0, { ...stage, is_lost: isLost });
        this.page.state.data.stages = [...others, ...stages];
        const ids = stages.map(({ id }) => id);
        return this.change(MODEL, "web_resequence", ids, {});
    }

    /** @returns {Promise<boolean>} whether the stage is one of the other kind now */
    async convert(stage) {
        if (!(await this.ask(stage))) {
            return false;
        }
        await (stage.is_lost
            ? this.change(LOST_MODEL, "action_convert_to_lifecycle", stage.lost_stage_ids)
            : this.change(MODEL, "action_convert_to_lost", [stage.id]));
        this.state.isLost = !stage.is_lost;
        this.state.isWanted = ({ id, is_lost }) => id === stage.id && is_lost !== stage.is_lost;
        return true;
    }

    ask(stage) {
        const next = this.getStages(false).find(
            ({ id, deletion_pending }) => id !== stage.id && !deletion_pending,
        );
        return new Promise((resolve) => {
            this.dialog.add(
                ConfirmationDialog,
                {
                    ...describeConversion(stage, next),
                    confirm: () => resolve(true),
                    cancel: () => resolve(false),
                },
                { onClose: () => resolve(false) },
            );
        });
    }

    async open(stage, method, newWindow) {
        const action = await this.orm.call(MODEL, method, [[stage.id]]);
        return this.action.doAction(action, { newWindow, onClose: () => this.page.reload() });
    }

    openForm(stage) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: stage.is_lost ? LOST_MODEL : MODEL,
            res_id: stage.is_lost ? stage.lost_stage_ids[0] : stage.id,
            views: [[false, "form"]],
        });
    }

    openStageSets() {
        return this.action.doAction("contact_lifecycle.lifecycle_stage_set_apply_action");
    }

    openSuggestions() {
        return this.action.doAction("contact_lifecycle.lifecycle_lost_stage_suggest_action", {
            onClose: () => this.page.reload(),
        });
    }
}

registry.category("actions").add("contact_lifecycle.stages", StagesPage);
