/** @returns {string} the name of a stage as it is written everywhere, with its emoji */
export function stageName({ emoji, name }) {
    return [emoji, name].filter(Boolean).join(" ");
}

/** What a stage looks like in the answers of lifecycle.dashboard */
export const STAGE_SHAPE = {
    id: Number,
    name: String,
    emoji: [String, { value: false }],
    "*": true,
};
