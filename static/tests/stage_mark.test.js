import { expect, test } from "@odoo/hoot";
import { Component, xml } from "@odoo/owl";

import { mockEmojiFont } from "@contact_lifecycle/../tests/emoji_test_helpers";
import { stageName } from "@contact_lifecycle/dashboard/stage_name";
import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { LifecycleStageBadge } from "@contact_lifecycle/stage_badge/stage_badge";
import { LifecycleStageMark } from "@contact_lifecycle/stage_badge/stage_mark";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";

defineMailModels();

class Marks extends Component {
    static components = { LifecycleStageBadge, LifecycleStageMark };
    static props = {};
    static template = xml`
        <p><LifecycleStageMark id="12" name="'éclair'" emoji="'🔥'"><i/></LifecycleStageMark></p>
        <p><LifecycleStageMark id="13" name="'Éclair'" emoji="false"><i/></LifecycleStageMark></p>
        <LifecycleStageBadge name="'🔥 Éclair'"/>`;
}

test("a stage is its emoji, where it has one (I5)", async () => {
    mockEmojiFont(true);
    await mountWithCleanup(Marks);
    expect("p:eq(0)").toHaveText("🔥");
    expect("p:eq(1) i").toHaveCount(1);
    expect(".o_contact_lifecycle_letter").toHaveCount(0);
    expect(".o_contact_lifecycle_stage").toHaveText("🔥 Éclair");
    expect(stageName({ emoji: "🔥", name: "Éclair" })).toBe("🔥 Éclair");
});

test("in a browser without emoji it is the first letter of the name, in a colour (I5)", async () => {
    mockEmojiFont(false);
    await mountWithCleanup(Marks);
    expect("p:eq(0) .o_contact_lifecycle_letter").toHaveText("É");
    expect("p:eq(0) .o_contact_lifecycle_letter").toHaveClass("o_tag_color_2");
    expect("p:eq(1) i").toHaveCount(1);
    expect(".o_contact_lifecycle_stage").toHaveText("Éclair");
    expect(stageName({ emoji: "🔥", name: "Éclair" })).toBe("Éclair");
});

test("of a name, no more than the emoji before it is left out", () => {
    mockEmojiFont(false);
    for (const [name, expected] of [
        ["🆕 New Lead", "New Lead"],
        ["👩‍💻 At work 🔥", "At work 🔥"],
        ["🇩🇪 German", "German"],
        ["❤️ Fans", "Fans"],
        ["New Lead", "New Lead"],
        ["1 Lead", "1 Lead"],
        ["🔥", "🔥"],
    ]) {
        expect(readableName(name)).toBe(expected);
    }
});
