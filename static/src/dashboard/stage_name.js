import { emojiFont } from "@contact_lifecycle/stage_badge/emoji_font";

/** @returns {string} the name of a stage as it is written everywhere, with its emoji where the browser has some */
export function stageName({ emoji, name }) {
    return [emojiFont.isThere() && emoji, name].filter(Boolean).join(" ");
}

/** What a stage looks like in the answers of lifecycle.dashboard */
export const STAGE_SHAPE = {
    id: Number,
    name: String,
    emoji: [String, { value: false }],
    "*": true,
};
