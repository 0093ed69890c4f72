import { emojiFont } from "@contact_lifecycle/stage_badge/emoji_font";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";

/** Whether the browser has emoji, whatever the machine has that the test runs on. */
export function mockEmojiFont(isThere = true) {
    patchWithCleanup(emojiFont, { isThere: () => isThere });
}
