import { status, toRaw, useChildSubEnv, useComponent, useEffect, useState } from "@odoo/owl";

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
 * when other contacts are in the columns; where it cannot be had, the heads say nothing.
 *
 * @returns {(move: () => Promise<any>) => Promise<any>} moves a card, and asks once it is saved, not before
 */
export function useColumnHeads() {
    const component = useComponent();
    const orm = useService("orm");
    const state = useState({ heads: {} });
    useChildSubEnv({ lifecycleColumns: state });
    let question = 0;
    let moving = 0;
    let askedFor = [];

    /** What the answer is of: another search, or other contacts in the columns, need another one. */
    function getSubject() {
        const { list } = component.props;
        const counts = list.isGrouped ? list.groups.map(({ count }) => count) : [];
        return [toRaw(list), String(counts)];
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

    async function load() {
        const { list } = component.props;
        const asked = ++question;
        askedFor = getSubject();
        const heads = isPipeline(list) ? await ask(list) : [];
        if (asked === question && status(component) !== "destroyed") {
            state.heads = Object.fromEntries(heads.map((head) => [head.id, head]));
        }
    }

    useEffect((...subject) => {
        if (!moving && subject.some((part, i) => part !== askedFor[i])) {
            load();
        }
    }, getSubject);

    return async function whileMoving(move) {
        moving++;
        try {
            return await move();
        } finally {
            moving--;
            if (!moving && status(component) !== "destroyed") {
                load();
            }
        }
    };
}
