import { SnoozeDialog } from "@contact_lifecycle/discuss/snooze/snooze_dialog";
import { SnoozeMenu } from "@contact_lifecycle/discuss/snooze/snooze_menu";
import { registerThreadAction } from "@mail/core/common/thread_actions";
import { _t } from "@web/core/l10n/translation";

const snoozeAction = {
    icon: "fa fa-fw fa-moon-o",
    name: ({ thread }) => (thread.isSnoozed ? thread.snoozedText : _t("Snooze")),
    sequence: 15,
    sequenceGroup: 7,
};

registerThreadAction("lifecycle-snooze", {
    ...snoozeAction,
    inlineName: ({ thread }) => (thread.isSnoozed ? thread.snoozedUntilText : undefined),
    btnClass: ({ thread }) => (thread.isSnoozed ? "text-primary" : ""),
    condition: ({ owner, thread }) => owner.isDiscussContent && thread?.canSnooze,
    dropdown: true,
    dropdownComponent: SnoozeMenu,
    dropdownComponentProps: ({ thread }) => ({ thread }),
});

// inside a menu, where a menu of its own would neither open by touch nor by keyboard
registerThreadAction("lifecycle-snooze-dialog", {
    ...snoozeAction,
    condition: ({ owner, thread }) =>
        !owner.isDiscussContent &&
        thread?.canSnooze &&
        (!owner.props.chatWindow || owner.props.chatWindow.isOpen),
    open: ({ store, thread }) => store.env.services.dialog.add(SnoozeDialog, { thread }),
});
