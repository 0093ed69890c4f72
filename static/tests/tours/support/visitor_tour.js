import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("contact_lifecycle.visitor", {
    steps: () => [
        {
            trigger: ".o-livechat-root:shadow .o-livechat-LivechatButton",
            run: "click",
        },
        {
            trigger: ".o-livechat-root:shadow .o-mail-Composer-input",
            run: "edit How much is the desk?",
        },
        {
            trigger: ".o-livechat-root:shadow .o-mail-Composer-input",
            run: "press Enter",
        },
        {
            content: "the message is sent, and nothing says in which stage the visitor is",
            trigger:
                ".o-livechat-root:shadow .o-mail-ChatWindow" +
                ":has(.o-mail-Message[data-persistent]:contains('How much is the desk?')):not(:contains('New Lead'))",
        },
    ],
});
