import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { press, queryFirst } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

const BUTTON = ".o_field_lifecycle_emoji button:first-child";
const REMOVE = ".o_field_lifecycle_emoji button[aria-label='Remove emoji']";
const GRIN = ".o-Emoji[data-codepoints='😀']";

class Stage extends models.Model {
    _name = "lifecycle.stage";

    name = fields.Char();
    emoji = fields.Char();

    _records = [
        { id: 1, name: "Hot Lead", emoji: "🔥" },
        { id: 2, name: "New Lead" },
    ];
}

defineMailModels();
defineModels([Stage]);
beforeEach(() => mockEmojiFont());
preloadBundle("web.assets_emoji");

const mountForm = (resId, attributes = "") =>
    mountView({
        type: "form",
        resModel: "lifecycle.stage",
        resId,
        arch: `<form><field name="emoji" widget="lifecycle_emoji" ${attributes}/></form>`,
    });

describe("desktop", () => {
    describe.current.tags("desktop");

    test("the chosen emoji replaces the one that was there", async () => {
        onRpc("web_save", ({ args }) => expect.step(args[1]));
        await mountForm(1);
        expect(BUTTON).toHaveText("🔥");
        expect(BUTTON).toHaveAttribute("aria-label", "Change emoji 🔥");
        await contains(BUTTON).click();
        await contains(GRIN).click();
        expect(".o-EmojiPicker").toHaveCount(0);
        expect(BUTTON).toHaveText("😀");
        await contains(".o_form_button_save").click();
        expect.verifySteps([{ emoji: "😀" }]);
    });

    test("the emoji can be removed only where there is one", async () => {
        onRpc("web_save", ({ args }) => expect.step(args[1]));
        await mountForm(1);
        await contains(REMOVE).click();
        expect(".o-EmojiPicker").toHaveCount(0);
        expect(REMOVE).toHaveCount(0);
        expect(BUTTON).toHaveText("");
        expect(BUTTON).toHaveAttribute("aria-label", "Choose emoji");
        expect(`${BUTTON} .fa-smile-o`).toHaveCount(1);
        await contains(".o_form_button_save").click();
        expect.verifySteps([{ emoji: false }]);
    });

    test("read-only, it is only the emoji", async () => {
        await mountForm(1, `readonly="1"`);
        expect(".o_field_lifecycle_emoji").toHaveText("🔥");
        expect(".o_field_lifecycle_emoji button").toHaveCount(0);
    });

    test("can be used with the keyboard alone", async () => {
        await mountForm(2);
        queryFirst(BUTTON).focus();
        await press("Enter");
        await contains(".o-EmojiPicker input").edit("grinning face", { confirm: false });
        await animationFrame();
        await press("Enter");
        await animationFrame();
        expect(BUTTON).toHaveText("😀");
        expect(BUTTON).toBeFocused();
    });

    test("the row of an editable list stays in edition while the emoji is chosen", async () => {
        onRpc("web_save", ({ args }) => expect.step(args[1]));
        await mountView({
            type: "list",
            resModel: "lifecycle.stage",
            arch: `
                <list editable="bottom">
                    <field name="emoji" widget="lifecycle_emoji"/>
                    <field name="name"/>
                </list>`,
        });
        expect(".o_field_lifecycle_emoji button").toHaveCount(0);
        await contains(".o_data_row:eq(1) [name=emoji]").click();
        await contains(BUTTON).click();
        await contains(GRIN).click();
        expect(".o_selected_row [name=emoji]").toHaveText("😀");
        expect.verifySteps([]);
        await contains(".o_list_button_save").click();
        expect(".o_data_row:eq(1) [name=emoji]").toHaveText("😀");
        expect.verifySteps([{ emoji: "😀" }]);
    });
});

describe("mobile", () => {
    describe.current.tags("mobile");

    test("the emoji is chosen in a dialog", async () => {
        await mountForm(1);
        await contains(BUTTON).click();
        await contains(`.modal ${GRIN}`).click();
        expect(".modal").toHaveCount(0);
        expect(BUTTON).toHaveText("😀");
    });
});
