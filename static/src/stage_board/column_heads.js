import { status, toRaw, useChildSubEnv, useComponent, useEffect, useState } from "@odoo/owl";

import { useChanges } from "@contact_lifecycle/live/use_changes";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { useService } from "@web/core/utils/hooks";

/** Whether the columns of a board are the stages of contacts, of which the heads say more. */
export function isPipeline({ groupBy, model, resModel }) {
    return (
        resModel === "res.partner" && groupBy[0] === "lifecycle_stage_id" && !model.useSampleModel
    );
}

/**
 * What the heads of the columns say (M7), for all of them at once. It is asked for once the cards are there, and again
 * when other contacts are in the columns, one question at a time; where it cannot be had, the heads say nothing.
 *
 * @returns {(move: () => Promise<any>) => Promise<any>} moves a card, and asks once it is saved, not before
 */
export function useColumnHeads() {
    const component = useComponent();
    const orm = useService("orm");
    const state = useState({ heads: {} });
    useChildSubEnv({ lifecycleColumns: state });
    let moving = 0;
    let askedFor = [];
    let wanted = 0;
    let chain = 0;
    let isAsking = false;
    // whether a replica may have answered that does not know yet what has changed in the columns (M9)
    let isOutdated = false;

    /** What the answer is of: another search, or other contacts in the columns, need another one. */
    function getSubject() {
        const { list } = component.props;
        const counts = list.isGrouped ? list.groups.map(({ count }) => count) : [];
        return [toRaw(list), String(counts)];
    }

    function isAnswered() {
        return getSubject().every((part, i) => part === askedFor[i]);
    }

    async function ask({ domain, context }) {
        try {
            return await orm.silent.call("lifecycle.dashboard", "get_column_heads", [domain], {
                context,
            });
        } catch (error) {
            if (error instanceof RPCError || error instanceof ConnectionLostError) {
                return [];
            }
            throw error;
        }
    }

    async function load(isAgain = false) {
        const { list } = component.props;
        const subject = getSubject();
        const isOfAnotherSearch = subject[0] !== askedFor[0];
        isOutdated = !isOfAnotherSearch && !isAgain;
        askedFor = subject;
        wanted++;
        if (isOfAnotherSearch) {
            state.heads = {};
        } else if (isAsking) {
            return; // it is asked once more when the answer is there
        }
        isAsking = true;
        const own = ++chain;
        let answered, heads;
        try {
            do {
                answered = wanted;
                heads = isPipeline(list) ? await ask(list) : [];
                if (own !== chain || status(component) === "destroyed") {
                    return;
                }
            } while (answered !== wanted);
        } finally {
            if (own === chain) {
                isAsking = false;
            }
        }
        state.heads = Object.fromEntries(heads.map((head) => [head.id, head]));
    }

    useEffect(() => {
        if (!moving && !isAnswered()) {
            load();
        }
    }, getSubject);

    useChanges(() => {
        if (isOutdated && !moving) {
            load(true);
        }
    });

    return async function whileMoving(move) {
        moving++;
        try {
            return await move();
        } finally {
            moving--;
            if (!moving && status(component) !== "destroyed" && !isAnswered()) {
                load();
            }
        }
    };
}
