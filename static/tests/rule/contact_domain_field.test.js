import { expect, test } from "@odoo/hoot";
import { waitFor } from "@odoo/hoot-dom";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const COUNT = ".o_domain_show_selection_button";
const EDIT = ".o_field_domain_dialog_button";

class Rule extends models.Model {
    _name = "lifecycle.rule";

    domain = fields.Char();

    _records = [
        { id: 1, domain: "[]" },
        { id: 2, domain: "[('name', '=', 'Ada')]" },
        { id: 3, domain: "[('name'" },
    ];
}

defineMailModels();
defineModels([Rule]);

const mountRule = (resId, options = "{'counted': [('lifecycle_in_scope', '=', True)]}") =>
    mountView({
        type: "form",
        resModel: "lifecycle.rule",
        resId,
        arch: `<form><field name="domain" widget="lifecycle_contact_domain" options="${options}"/></form>`,
    });

function countContacts() {
    onRpc("res.partner", "search_count", ({ args }) => {
        expect.step(args[0]);
        return 54;
    });
}

test("a condition that is empty counts the contacts that it is asked of", async () => {
    countContacts();
    await mountRule(1);
    expect(COUNT).toHaveText("54 contacts");
    expect(".o_field_lifecycle_contact_domain").toHaveText(/^Every contact/);
    expect(EDIT).toHaveText("Narrow Down");
    expect.verifySteps([[["lifecycle_in_scope", "=", true]]]);
});

test("a condition counts those of them that meet it", async () => {
    countContacts();
    await mountRule(2);
    expect(".o_field_lifecycle_contact_domain").not.toHaveText(/Every contact/);
    expect(EDIT).toHaveText("Edit Condition");
    expect.verifySteps([["&", ["name", "=", "Ada"], ["lifecycle_in_scope", "=", true]]]);
});

test.tags("desktop");
test("it shows those that it counts", async () => {
    onRpc("res.partner", "search_count", () => 54);
    onRpc("res.partner", "web_search_read", ({ kwargs }) => {
        expect.step(kwargs.domain);
    });
    await mountRule(2);
    await contains(COUNT).click();
    await waitFor(".modal .o_list_view");
    expect.verifySteps([["&", ["name", "=", "Ada"], ["lifecycle_in_scope", "=", true]]]);
});

test("without the option it counts what meets the condition", async () => {
    countContacts();
    await mountRule(2, "{}");
    expect.verifySteps([[["name", "=", "Ada"]]]);
});

test("a condition that is none is said to be so", async () => {
    countContacts();
    await mountRule(3);
    expect("[role=alert]").toHaveText("Invalid domain");
    expect.verifySteps([]);
});
