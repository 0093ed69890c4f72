import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

import { markup } from "@odoo/owl";

const STATUS_BAR = ".o_form_view .o_field_widget[name=lifecycle_stage_id] .o_statusbar_status";

/** What a new owner is led through, once. */
registry.category("web_tour.tours").add("contact_lifecycle_tour", {
    url: "/odoo",
    steps: () => [
        {
            // Odoo's own step for it is for tests alone: people would see nothing until they open the menu
            isActive: ["manual", "community", "desktop"],
            trigger: ".o_navbar_apps_menu button:enabled",
            content: markup(_t("See where every contact stands: open the <b>apps</b>.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        ...stepUtils.goToAppSteps(
            "contact_lifecycle.lifecycle_menu_root",
            markup(_t("See where every contact stands: open <b>Lifecycle</b>.")),
        ),
        {
            trigger: "[data-menu-xmlid='contact_lifecycle.res_partner_menu_lifecycle']",
            content: markup(
                _t("The dashboard counts; the <b>contacts</b> are here, a column for each stage."),
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger: ".o-kanban-button-new",
            content: markup(_t("<b>Add a contact.</b>")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=name] input, .o_form_view .o_field_widget[name=name] textarea",
            content: _t("Enter a name."),
            tooltipPosition: "bottom",
            run: "edit Ada Example",
        },
        {
            trigger: ".o_form_button_save",
            content: markup(_t("<b>Save</b> it: the contact enters the default stage.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto", "desktop"],
            trigger: `${STATUS_BAR}:has(.o_arrow_button_current) .o_arrow_button:enabled`,
        },
        {
            // not ":enabled": without its element for the time of the saving, the tour would go back
            isActive: ["desktop"],
            trigger: `${STATUS_BAR} .o_arrow_button:not(.o_arrow_button_current):visible:last`,
            content: markup(
                _t(
                    "<b>Click a stage</b> to move the contact on. The chatter says who moved it, and the history when.",
                ),
            ),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["auto", "desktop"],
            trigger: ".o-mail-Message:nth-of-type(2)",
        },
        {
            isActive: ["desktop"],
            trigger: "[data-menu-xmlid='contact_lifecycle.lifecycle_menu_configuration']",
            content: markup(_t("The stages are yours to decide: open the <b>configuration</b>.")),
            tooltipPosition: "bottom",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: "[data-menu-xmlid='contact_lifecycle.lifecycle_stage_menu']",
            content: markup(
                _t(
                    "Name the stages, put them in order with the handle, and choose the <b>default</b> for new contacts.",
                ),
            ),
            tooltipPosition: "right",
            run: "click",
        },
        {
            isActive: ["auto", "desktop"],
            trigger: ".o_contact_lifecycle_stage_row .o_row_handle",
        },
    ],
});
