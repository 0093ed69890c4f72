import { readableName } from "@contact_lifecycle/stage_badge/emoji_font";
import { _t } from "@web/core/l10n/translation";

/**
 * The stages in the palette of commands, where one types to find them.
 *
 * @param {object[]} stages records with `STAGE_FIELDS`
 * @param {boolean} canClear
 * @param {(stage: object|false) => void} onSelect
 * @returns {import("@web/core/commands/command_palette").CommandPaletteConfig}
 */
export function getStagePalette(stages, canClear, onSelect) {
    const commands = stages.map((stage) => ({
        action: () => void onSelect(stage),
        category: stage.is_lost ? "lifecycle_lost" : "default",
        name: readableName(stage.display_name),
    }));
    if (canClear) {
        commands.push({
            action: () => void onSelect(false),
            category: "lifecycle_clear",
            name: _t("Clear selection"),
        });
    }
    return {
        configByNamespace: {
            default: {
                categories: ["default", "lifecycle_lost", "lifecycle_clear"],
                categoryNames: { lifecycle_lost: _t("Lost") },
                placeholder: _t("Search for a stage…"),
            },
        },
        providers: [{ provide: () => commands }],
    };
}
