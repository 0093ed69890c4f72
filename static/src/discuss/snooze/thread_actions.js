import { SnoozeMenu } from "@contact_lifecycle/discuss/snooze/snooze_menu";
import { registerThreadAction } from "@mail/core/common/thread_actions";
import { _t } from "@web/core/l10n/translation";

registerThreadAction("lifecycle-snooze", {
    condition: ({ owner, thread }) =>
        thread?.canSnooze && (!owner.props.chatWindow || owner.props.chatWindow.isOpen),
    dropdown: true,
    dropdownComponent: SnoozeMenu,
    dropdownComponentProps: ({ thread }) => ({ thread }),
    icon: ({ thread }) => `fa fa-fw ${thread.isSnoozed ? "fa-moon-o text-primary" : "fa-moon-o"}`,
    name: ({ thread }) => (thread.isSnoozed ? thread.snoozedText : _t("Snooze")),
    sequence: 15,
    sequenceGroup: 7,
});
