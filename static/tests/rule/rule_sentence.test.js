import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";

import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const SENTENCE = ".o_contact_lifecycle_rule_sentence";
const CHIP = ".o_contact_lifecycle_chip";

class Rule extends models.Model {
    _name = "lifecycle.rule";

    name = fields.Char();
    days = fields.Integer();
    domain = fields.Char();
    target = fields.Char();
    is_standard = fields.Boolean();
    sentence = fields.Char();
    sentence_parts = fields.Json();

    _records = [
        {
            id: 7,
            name: "Rule",
            sentence: "After 3 days move it to …, if the condition is met.",
            sentence_parts: [
                { text: "After ", field: false, is_missing: false },
                { text: "3", field: "days", is_missing: false },
                { text: " days move it to ", field: false, is_missing: false },
                { text: "choose a stage", field: "target", is_missing: true },
                { text: ", if ", field: false, is_missing: false },
                { text: "the condition", field: "domain", is_missing: false },
                { text: " is met.", field: false, is_missing: false },
            ],
        },
    ];
}

defineMailModels();
defineModels([Rule]);

const mountRule = (attributes = "") =>
    mountView({
        type: "form",
        resModel: "lifecycle.rule",
        resId: 7,
        arch: `
            <form ${attributes}>
                <field name="sentence" widget="lifecycle_rule_sentence"/>
                <field name="name"/>
                <field name="days"/>
                <field name="domain" widget="domain" options="{'model': 'lifecycle.rule', 'in_dialog': True}"/>
                <field name="target"/>
            </form>`,
    });

test("each chip of the sentence leads to its field (T1)", async () => {
    onRpc("/web/domain/validate", () => true);
    await mountRule();
    expect(SENTENCE).toHaveText("After 3 days move it to choose a stage, if the condition is met.");
    expect(queryAllTexts(CHIP)).toEqual(["3", "choose a stage", "the condition"]);
    expect(`${CHIP}.o_contact_lifecycle_missing`).toHaveText("choose a stage");
    await contains(`${CHIP}[data-field=days]`).click();
    expect(".o_field_widget[name=days] input").toBeFocused();
    await contains(`${CHIP}[data-field=target]`).focus();
    await press("Enter");
    await animationFrame();
    expect(".o_field_widget[name=target] input").toBeFocused();
    await contains(`${CHIP}[data-field=domain]`).click();
    expect(".o_field_widget[name=domain] .o_field_domain_dialog_button").toBeFocused();
});

test("who may not change the rule reads the sentence", async () => {
    onRpc("/web/domain/validate", () => true);
    await mountRule(`edit="0"`);
    expect(SENTENCE).toHaveText("After 3 days move it to …, if the condition is met.");
    expect(CHIP).toHaveCount(0);
});

test("a standard rule has no chips: nobody changes it (T3)", async () => {
    onRpc("/web/domain/validate", () => true);
    Rule._records[0].is_standard = true;
    await mountRule();
    expect(SENTENCE).toHaveText(/^After 3 days/);
    expect(CHIP).toHaveCount(0);
});
