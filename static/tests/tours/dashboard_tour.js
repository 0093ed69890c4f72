import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const CARD = ".o_contact_lifecycle_card:has(h3:contains('Hot Lead'))";
const ROW = ".o_contact_lifecycle_funnel tr:contains('Hot Lead')";

/** Clicks a number, which says how many there are, finds as many in the list, and goes back. */
function opens(trigger, count, title) {
    return [
        {
            content: `open ${title}`,
            trigger: `${trigger}:contains('${count}')`,
            run: "click",
        },
        {
            content: `the list of ${title} opens`,
            trigger: `.o_breadcrumb .active:contains('${title}')`,
        },
        {
            content: `it has ${count}`,
            trigger: `.o_list_view:has(.o_data_row:count(${count}))`,
        },
        {
            trigger: ".o_back_button, .o_breadcrumb .o_back_button a, .breadcrumb-item a",
            run: "click",
        },
        {
            content: "back on the dashboard, with the period that was chosen",
            trigger: ".o_contact_lifecycle_period:contains('Last 90 Days')",
        },
    ];
}

registry.category("web_tour.tours").add("contact_lifecycle.dashboard", {
    steps: () => [
        ...stepUtils.goToAppSteps("contact_lifecycle.lifecycle_menu_root", "open the app"),
        {
            content: "a manager starts on the dashboard",
            trigger: ".o_contact_lifecycle_dashboard .o_contact_lifecycle_funnel",
        },
        { trigger: ".o_contact_lifecycle_period", run: "click" },
        { trigger: ".o-dropdown-item:contains('Last 90 Days')", run: "click" },
        ...opens(`${CARD} h3 + div button`, 4, "Hot Lead: Contacts"),
        ...opens(`${CARD} [data-figure=open] button`, 3, "Hot Lead: Open conversations"),
        ...opens(`${CARD} [data-figure=snoozed] button`, 2, "Hot Lead: Snoozed conversations"),
        ...opens(
            `${CARD} [data-figure=unassigned] button`,
            1,
            "Hot Lead: Unassigned conversations",
        ),
        ...opens(".o_contact_lifecycle_stuck button", 2, "Hot Lead: Stuck contacts"),
        ...opens(`${ROW} [data-figure=entered] button`, 6, "Hot Lead: Entered"),
        ...opens(`${ROW} [data-figure=converted] button`, 1, "Hot Lead: Converted"),
        ...opens(`${ROW} [data-figure=lost] button`, 1, "Hot Lead"),
        ...opens(`${ROW} [data-figure=remaining] button`, 4, "Hot Lead"),
        ...opens(".o_contact_lifecycle_drop_off td button:first", 1, "Hot Lead"),
        ...opens(".o_contact_lifecycle_reengage", 1, "Re-engage"),
        ...opens(".o_contact_lifecycle_left_out [data-part=contacts_lost]", 1, "Lost contacts"),
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.dashboard_move", {
    steps: () => [
        {
            content: "an agent moves a contact",
            trigger:
                ".o_field_widget[name=lifecycle_stage_id] button:contains('Hot Lead'):not(.o_arrow_button_current)",
            run: "click",
        },
        {
            content: "it is saved",
            trigger: ".o-mail-Message:first .o-mail-Message-tracking:contains('Hot Lead')",
        },
    ],
});
