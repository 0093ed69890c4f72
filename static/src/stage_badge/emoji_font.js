const EMOJI = "🔥";
const SIZE = 16;
/** The emoji before a name, as the server puts it there: a sign or a flag, with what belongs to it, and a space */
const LEADING = /^(\p{Extended_Pictographic}|\p{Regional_Indicator})\S*\s+/u;

/** @returns {boolean} whether an emoji that is drawn in black has colours, and so a font of its own */
function drawsInColour() {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = SIZE;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) {
        return true;
    }
    context.font = `${SIZE - 4}px sans-serif`;
    context.textBaseline = "top";
    context.fillText(EMOJI, 0, 0);
    const { data } = context.getImageData(0, 0, SIZE, SIZE);
    for (let i = 0; i < data.length; i += 4) {
        if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) {
            return true;
        }
    }
    return false;
}

let isThere;

/** Whether this browser has a font with emoji: without one, each is an empty box. It is found out once. */
export const emojiFont = {
    isThere() {
        return (isThere ??= drawsInColour());
    },
};

/** @returns {string} the name of a stage as it is written everywhere, without what would be an empty box */
export function readableName(name) {
    return emojiFont.isThere() ? name : name.replace(LEADING, "");
}
