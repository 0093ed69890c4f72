import { Record } from "@mail/core/common/record";

export class LifecycleStage extends Record {
    static _name = "lifecycle.stage";
    static id = "id";

    /** @type {number} */
    id;
    /** Emoji and name; empty until it is known in the language of this page */
    display_name = "";
    /** @type {string} */
    name;
    /** @type {string|false|undefined} */
    emoji;
    /** @type {boolean} */
    is_lost;
    /** @type {string|false|undefined} */
    description;
    /** @type {string|false|undefined} */
    entry_criteria;
}

LifecycleStage.register();
