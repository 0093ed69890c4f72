import { getStagePalette } from "@contact_lifecycle/stage_picker/stage_palette";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { fuzzyLookup } from "@web/core/utils/search";

/** @returns {import("models").Thread[]} the conversations on the screen whose stage the user may set */
function getOpenConversations(store) {
    const threads = store.chatHub.opened.map((chatWindow) => chatWindow.thread);
    if (store.discuss.isActive) {
        threads.unshift(store.discuss.thread);
    }
    return [...new Set(threads)].filter((thread) => thread?.hasLifecycle);
}

function getCommands(store) {
    return getOpenConversations(store).map((thread) => ({
        action: async () => {
            await store.fetchLifecycleStages();
            return getStagePalette(
                store.lifecycleStages,
                Boolean(thread.lifecycle_stage_id),
                (stage) => thread.setLifecycleStage(stage && stage.id),
            );
        },
        name: _t("Set the lifecycle stage of %s", thread.displayName),
    }));
}

const providers = registry.category("command_provider");

// before Odoo's own mentions and conversations, and before making a channel of what was typed
const IN_DISCUSS = "lifecycle_stage";
registry
    .category("command_categories")
    .add(IN_DISCUSS, { namespace: "@", name: _t("Lifecycle stage") }, { sequence: 5 });

providers.add("contact_lifecycle.stage", {
    provide: (env) => getCommands(env.services["mail.store"]),
});

// Discuss opens the palette among the conversations, where a provider filters by itself
providers.add("contact_lifecycle.stage_in_discuss", {
    namespace: "@",
    provide: (env, { searchValue = "" }) =>
        searchValue
            ? fuzzyLookup(
                  searchValue,
                  getCommands(env.services["mail.store"]).map((command) => ({
                      ...command,
                      category: IN_DISCUSS,
                  })),
                  ({ name }) => name,
              )
            : [],
});
