import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

/** Open the contact from the app's menu, as the page does not move by itself. */
const openContact = [
    ...stepUtils.goToAppSteps("contacts.menu_contacts", "open Contacts"),
    {
        trigger: ".o_data_row .o_data_cell:contains('Contact 0')",
        run: "click",
    },
];

const inStage = (stage) => ({
    content: `the contact is in ${stage}`,
    trigger: `.o_field_widget[name=lifecycle_stage_id] .o_arrow_button_current:contains('${stage}')`,
});

registry.category("web_tour.tours").add("contact_lifecycle.rule", {
    steps: () => [
        ...stepUtils.goToAppSteps("contact_lifecycle.lifecycle_menu_root", "open the app"),
        {
            trigger: "[data-menu-xmlid='contact_lifecycle.lifecycle_menu_configuration']",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu [data-menu-xmlid='contact_lifecycle.lifecycle_rule_menu']",
            run: "click",
        },
        {
            content: "make a rule",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input",
            run: "edit We wrote",
        },
        {
            content: "it is for one event",
            trigger: ".o_field_widget[name=on_email_sent] input",
            run: "check",
        },
        {
            content: "the events of other kinds are not offered",
            trigger: ".o_form_view:not(:has(.o_field_widget[name=on_email_reply]))",
        },
        {
            trigger: ".o_field_widget[name=from_stage_ids] input",
            run: "edit New",
        },
        {
            trigger:
                ".o_field_widget[name=from_stage_ids] .o-autocomplete--dropdown-item:contains('New Lead')",
            run: "click",
        },
        {
            content: "the list of stages has closed",
            trigger: ".o_field_widget[name=from_stage_ids] .o_tag:contains('New Lead')",
        },
        {
            trigger: ".o_field_widget[name=to_stage_id] input",
            run: "edit Hot",
        },
        {
            trigger:
                ".o_field_widget[name=to_stage_id] .o-autocomplete--dropdown-item:contains('Hot Lead')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=to_stage_id] input:value(/Hot Lead/)",
        },
        {
            content: "the form says in words what the rule does",
            trigger:
                ".o_field_widget[name=sentence]:contains('sends an email'):contains('is in 🆕 New Lead, move it to 🔥 Hot Lead')",
        },
        {
            content: "and beside it, before it is saved, whom it would move",
            trigger:
                ".o_form_view:not(:has(.o_form_saved)) .o_contact_lifecycle_rule_dry_run li:contains('New Lead'):contains('Hot Lead')",
        },
        {
            trigger: ".o_contact_lifecycle_rule_dry_run a[href^='/odoo/res.partner/']",
        },
        {
            content: "without a stage they would be left",
            trigger: ".o_field_widget[name=from_none] input",
            run: "check",
        },
        {
            content: "the answer follows",
            trigger: ".o_field_widget[name=sentence]:contains('Also contacts without a stage')",
        },
        {
            trigger: ".o_field_widget[name=from_none] input",
            run: "uncheck",
        },
        {
            trigger:
                ".o_contact_lifecycle_rule_dry_run[aria-busy=false] li:contains('New Lead'):contains('Hot Lead')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "ask what it would do",
            trigger: "button[name=action_dry_run]",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=counts]:contains('New Lead'):contains('Hot Lead')",
        },
        {
            content: "it names the first of them, each a link",
            trigger: ".modal .o_contact_lifecycle_dry_run_names a[href^='/odoo/res.partner/']",
        },
        {
            trigger: ".modal p:contains('Nothing has been changed')",
        },
        {
            content: "switch it on",
            trigger: ".modal button[name=action_switch_on]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_field_widget[name=active] input:checked",
        },
        ...openContact,
        inStage("New Lead"),
        {
            content: "write to the contact",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Have you seen our engine?",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Have you seen our engine?')",
        },
        ...openContact,
        inStage("Hot Lead"),
        {
            content: "move it back by hand",
            trigger: ".o_field_widget[name=lifecycle_stage_id] button:contains('New Lead')",
            run: "click",
        },
        inStage("New Lead"),
        {
            content: "the lock says who did it, and that no automation moves it",
            trigger: ".o_contact_lifecycle_lock:contains('lifecycle_owner')",
        },
        {
            trigger: ".o_contact_lifecycle_lock button[name=action_lifecycle_unlock]",
            run: "click",
        },
        {
            content: "it is released",
            trigger: ".o_form_view:not(:has(.o_contact_lifecycle_lock))",
        },
        {
            trigger: ".o-mail-Message:contains('rules may move this contact again')",
        },
    ],
});

registry.category("web_tour.tours").add("contact_lifecycle.standard_rule", {
    steps: () => [
        {
            trigger: ".o_data_row .o_data_cell:contains('we reached out')",
            run: "click",
        },
        {
            trigger: ".o_form_view .alert:contains('standard rule'):contains('not changed')",
        },
        {
            content: "it cannot be changed",
            trigger: ".o_form_view:has(.o_field_widget[name=to_stage_id].o_readonly_modifier)",
        },
        {
            content: "comment on it",
            trigger: ".o-mail-Chatter-logNote",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Not for partners",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Not for partners')",
        },
        {
            content: "switch it off",
            trigger: ".o_field_widget[name=active] input",
            run: "uncheck",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
