import { SuggestionService } from "@mail/core/common/suggestion_service";
import { cleanTerm } from "@mail/utils/common/format";
import { patch } from "@web/core/utils/patch";

const STAGE_COMMAND = "stage";

/** @returns {string|undefined} what was typed after "/stage " */
function getStageTerm({ delimiter, term }, thread) {
    const isStage = delimiter === "/" && thread?.hasLifecycle;
    return isStage ? term.match(/^stage\s+(.*)$/)?.[1] : undefined;
}

/** Completes the names of the stages after "/stage " (A10). */
patch(SuggestionService.prototype, {
    async fetchSuggestions(search, { thread } = {}) {
        await super.fetchSuggestions(...arguments);
        if (getStageTerm(search, thread) !== undefined) {
            await this.store.fetchLifecycleStages();
        }
    },
    searchSuggestions(search, { thread } = {}) {
        const term = getStageTerm(search, thread);
        return term === undefined
            ? super.searchSuggestions(...arguments)
            : { type: "ChannelCommand", suggestions: this.searchLifecycleStages(term) };
    },
    searchLifecycleStages(term) {
        const text = cleanTerm(term);
        const stages = this.store.lifecycleStages.filter((stage) =>
            cleanTerm(stage.display_name).includes(text),
        );
        if (stages.length === 1 && cleanTerm(stages[0].name) === text) {
            return []; // nothing to complete: Enter sends the command
        }
        return stages.map((stage) => ({
            name: `${STAGE_COMMAND} ${stage.name}`,
            help: [stage.emoji, stage.entry_criteria || stage.description]
                .filter(Boolean)
                .join(" "),
        }));
    },
});
