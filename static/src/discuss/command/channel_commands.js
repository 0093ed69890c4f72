import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

registry.category("discuss.channel_commands").add("stage", {
    condition: ({ thread }) => Boolean(thread?.hasLifecycle),
    help: _t("Set the lifecycle stage (/stage name)"),
    methodName: "execute_command_stage",
});
