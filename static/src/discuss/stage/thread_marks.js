import { Component } from "@odoo/owl";

import { LifecycleStageMark } from "@contact_lifecycle/stage_badge/stage_mark";

/** What a row shows of a conversation: the emoji of its stage, and a moon while it is snoozed (I5). */
export class LifecycleThreadMarks extends Component {
    static template = "contact_lifecycle.ThreadMarks";
    static components = { LifecycleStageMark };
    static props = { thread: Object };
}
