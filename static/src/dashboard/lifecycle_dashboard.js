import { Component, toRaw, useEffect, useRef, useState } from "@odoo/owl";

import { router } from "@web/core/browser/router";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { CohortTable } from "./cohort_table";
import { DashboardError } from "./dashboard_error";
import { DropOff } from "./drop_off";
import { FirstSteps } from "./first_steps";
import { FunnelChart } from "./funnel_chart";
import { FunnelSplit } from "./funnel_split";
import { FunnelTable } from "./funnel_table";
import { LeftOut } from "./left_out";
import { useLiveData } from "./live_data";
import { DEFAULT_PERIOD, getDates, periodFromAddress, periodToAddress } from "./period";
import { PeriodChooser } from "./period_chooser";
import { StageCard } from "./stage_card";
import { Stuck } from "./stuck";

const MODEL = "lifecycle.dashboard";
const STEPS_MODEL = "lifecycle.first.steps";

/** Where contacts and conversations stand now, and what became of those that moved (M1 to M5), live (M2). */
export class LifecycleDashboard extends Component {
    static template = "contact_lifecycle.Dashboard";
    static components = {
        CohortTable,
        DashboardError,
        DropOff,
        FirstSteps,
        FunnelChart,
        FunnelSplit,
        FunnelTable,
        Layout,
        LeftOut,
        PeriodChooser,
        StageCard,
        Stuck,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.rootRef = useRef("root");
        const before = this.props.state ?? {};
        this.state = useState({
            period: before.period ?? periodFromAddress(router.current.period) ?? DEFAULT_PERIOD,
            split: before.split ?? {},
        });
        // so that it survives a reload of the page
        useEffect(
            (period) => this.props.updateActionState?.({ period }),
            () => [periodToAddress(this.state.period)],
        );
        this.figures = useLiveData(() => this.loadFigures(), before.figures);
        this.steps = useLiveData(() => this.loadSteps(), before.steps);
        useEffect(
            (isEmpty) => {
                if (isEmpty && !this.steps.state.data && !this.steps.state.isLoading) {
                    this.steps.reload();
                }
            },
            () => [Boolean(this.figures.state.data) && this.isEmpty],
        );
        this.funnel = useLiveData(() => this.loadFunnel(), before.funnel);
        this.cohorts = useLiveData(() => this.loadCohorts(), before.cohorts);
        useSetupAction({
            rootRef: this.rootRef,
            getLocalState: () => ({
                period: toRaw(this.state.period),
                split: toRaw(this.state.split),
                figures: toRaw(this.figures.state.data),
                steps: toRaw(this.steps.state.data),
                funnel: toRaw(this.funnel.state.data),
                cohorts: toRaw(this.cohorts.state.data),
            }),
        });
    }

    get stages() {
        return this.figures.state.data.stages;
    }

    /** Contacts and conversations in all stages, together */
    get totals() {
        const sum = (figure) => this.stages.reduce((total, stage) => total + stage[figure], 0);
        return {
            contacts: sum("contacts"),
            open: sum("open"),
            snoozed: sum("snoozed"),
            unassigned: sum("unassigned"),
        };
    }

    get isEmpty() {
        const { contacts, open, snoozed } = this.totals;
        return !contacts && !open && !snoozed;
    }

    get isFunnelEmpty() {
        const { stages, drop_off } = this.funnel.state.data;
        return !drop_off.length && stages.every((stage) => !stage.entered);
    }

    get summary() {
        const entries = Object.entries(this.totals).map(([name, n]) => [name, formatInteger(n)]);
        const totals = Object.fromEntries(entries);
        return this.totals.contacts === 1
            ? _t(
                  "1 contact; conversations: %(open)s open, %(snoozed)s snoozed, %(unassigned)s unassigned",
                  totals,
              )
            : _t(
                  "%(contacts)s contacts; conversations: %(open)s open, %(snoozed)s snoozed, %(unassigned)s unassigned",
                  totals,
              );
    }

    async loadFigures() {
        const [metrics, stuck] = await Promise.all([
            this.orm.silent.call(MODEL, "get_metrics", []),
            this.orm.silent.call(MODEL, "get_stuck", []),
        ]);
        return { ...metrics, stuck };
    }

    /** Once they are done they are not asked for any more; by who is no owner, only while there is nothing else. */
    async loadSteps() {
        const known = this.steps?.state.data;
        if (known && !known.steps.length) {
            return known;
        }
        const isOwner = await user.hasGroup("contact_lifecycle.group_owner");
        return isOwner || (this.figures.state.data && this.isEmpty)
            ? this.orm.silent.call(STEPS_MODEL, "get_steps", [])
            : undefined;
    }

    /** To whom they are not to do, they are shown while there is nothing else. */
    get hasFirstSteps() {
        const { steps, is_owner } = this.steps.state.data ?? { steps: [] };
        return steps.length > 0 && (is_owner || this.isEmpty);
    }

    get stepsErrorTexts() {
        return {
            failed: _t(
                "The first steps could not be read. Try again; if that does not help, tell your administrator.",
            ),
            outdated: _t("The steps below are from before."),
        };
    }

    /** Does what the button of a step says. */
    async callStep(method, ...args) {
        const action = await this.orm.call(STEPS_MODEL, method, args);
        await (action ? this.openStep(action) : this.reloadSteps());
    }

    /** They move contacts too. */
    reloadSteps() {
        return Promise.all([this.steps.reload(), this.figures.reload()]);
    }

    /** What is done in a dialog shows once it is closed, and what is done at once, at once. */
    async openStep(action) {
        const reload = () => this.reloadSteps();
        await this.action.doAction(action, { onClose: reload });
        if (action.type === "ir.actions.client") {
            await reload();
        }
    }

    loadFunnel() {
        const dates = getDates(this.state.period);
        return this.orm.silent.call(MODEL, "get_funnel", dates, { compare: true });
    }

    loadCohorts() {
        return this.orm.silent.call(MODEL, "get_cohorts", []);
    }

    selectPeriod(period) {
        this.state.period = period;
        return this.funnel.reload();
    }

    /** Opens what a method of the server says, which the numbers are counted with as well. */
    async open(newWindow, method, ...args) {
        const action = await this.orm.call(MODEL, method, args);
        return this.action.doAction(action, { newWindow });
    }

    openFigure(stage, figure, newWindow) {
        return this.open(newWindow, "action_open", stage.id, figure);
    }

    openLeftOut(part, newWindow) {
        return this.open(newWindow, "action_open_left_out", part);
    }

    /** The dates are those of the figures that are shown: at midnight others begin. */
    openStays(stage, outcome, newWindow) {
        const { date_from, date_to } = this.funnel.state.data;
        return this.open(newWindow, "action_open_stays", stage.id, outcome, date_from, date_to);
    }

    openCohort({ month }, stage, newWindow) {
        return this.open(newWindow, "action_open_cohort", month, stage?.id ?? false);
    }

    /** Of all rows together, where none is given */
    openLost({ from_id = false, to_id = false }, newWindow) {
        const { date_from, date_to } = this.funnel.state.data;
        const args = [from_id, to_id, date_from, date_to];
        return this.open(newWindow, "action_open_lost_moves", ...args);
    }

    reengage(row, newWindow) {
        const { date_from, date_to } = this.funnel.state.data;
        return this.open(newWindow, "action_reengage", row.from_id, row.to_id, date_from, date_to);
    }
}

registry.category("actions").add("contact_lifecycle.dashboard", LifecycleDashboard);
