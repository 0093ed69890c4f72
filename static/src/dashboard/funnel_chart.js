import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { DEFAULT_BG, getColor } from "@web/core/colors/colors";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

import { shownOutcomes } from "./funnel_outcomes";
import { STAGE_SHAPE, stageName } from "./stage_name";

const MANY_STAGES = 8;

/** A bar for each stage: what entered it in the period, in the parts it is made up of (M3). */
export class FunnelChart extends Component {
    static template = "contact_lifecycle.FunnelChart";
    static props = {
        stages: { type: Array, element: { type: Object, shape: STAGE_SHAPE } },
        /** Gets the stage, the outcome that was clicked, and whether to open a new window */
        onOpen: Function,
    };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.stages],
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get isTall() {
        return this.props.stages.length > MANY_STAGES;
    }

    get data() {
        const { stages } = this.props;
        return {
            labels: stages.map(stageName),
            datasets: shownOutcomes(stages).map(({ name, label, color }) => ({
                name,
                label: label.toString(),
                data: stages.map((stage) => stage[name]),
                backgroundColor:
                    color === undefined
                        ? DEFAULT_BG
                        : getColor(color, cookie.get("color_scheme"), "sm"),
                maxBarThickness: 40,
            })),
        };
    }

    get options() {
        const rtl = localization.direction === "rtl";
        const { color, borderTopColor } = getComputedStyle(this.canvasRef.el);
        return {
            animation: false,
            indexAxis: "y",
            maintainAspectRatio: false,
            plugins: {
                legend: { position: "bottom", rtl, labels: { color } },
                tooltip: {
                    rtl,
                    callbacks: {
                        label: ({ dataset, raw }) =>
                            _t("%(outcome)s: %(count)s", {
                                outcome: dataset.label,
                                count: formatInteger(raw),
                            }),
                    },
                },
            },
            scales: {
                x: {
                    stacked: true,
                    reverse: rtl,
                    border: { display: false },
                    grid: { color: borderTopColor },
                    ticks: { color, precision: 0, callback: (value) => formatInteger(value) },
                },
                y: {
                    stacked: true,
                    position: rtl ? "right" : "left",
                    grid: { display: false },
                    ticks: { color },
                },
            },
            onHover: ({ native }, elements) =>
                native.target.classList.toggle("cursor-pointer", Boolean(elements.length)),
            onClick: ({ native }, elements) => this.onClick(native, elements[0]),
        };
    }

    /** Redraws in place, so that a live change does not make the bars jump. */
    draw() {
        if (this.chart) {
            this.chart.data = this.data;
            this.chart.update("none");
        } else {
            this.chart = new Chart(this.canvasRef.el, {
                type: "bar",
                data: this.data,
                options: this.options,
            });
        }
    }

    onClick(ev, element) {
        if (element) {
            const { name } = this.chart.data.datasets[element.datasetIndex];
            this.props.onOpen(this.props.stages[element.index], name, ev.ctrlKey || ev.metaKey);
        }
    }
}
