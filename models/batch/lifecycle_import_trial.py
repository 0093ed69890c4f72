import json
from dataclasses import dataclass
from datetime import datetime

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.move_in.timeline import New, Plan, make_plan

TRIED_AT_ONCE = 1000


@dataclass
class Intent:
    """What is to happen to one row."""

    match: str
    partner: object  # ``res.partner``, one record or none
    candidates: object
    plan: Plan | None = None
    result: str = ""

    def get_contradictions(self, names):
        """
        :param dict names: key of a stage -> its name
        :return: text of JSON, see ``lifecycle.import.row.contradictions``; None where there are none
        """
        if not (self.plan and self.plan.contradictions):
            return None

        def tell(key, name):
            return key if isinstance(key, int) else None, name

        told = []
        for move, known in self.plan.contradictions:
            there = tell(move.to, names.get(move.to))
            # of a stage that was deleted before, the log has the name alone
            here = tell(known.to, known.to if isinstance(known.to, str) else names.get(known.to))
            told.append((move.date.isoformat(), there, known.date.isoformat(), here))
        return json.dumps(told)


class LifecycleImport(models.Model):
    """What would happen, by the same reasoning with which it happens (D3)."""

    _inherit = "lifecycle.import"

    row_count = fields.Integer(string="Contacts", compute="_compute_counts")
    new_count = fields.Integer(string="New", compute="_compute_counts")
    matched_count = fields.Integer(string="There Already", compute="_compute_counts")
    left_count = fields.Integer(string="To Choose or Left Out", compute="_compute_counts")
    unreadable_count = fields.Integer(string="Cannot Be Read", compute="_compute_counts")
    enter_count = fields.Integer(string="Enter a Stage", compute="_compute_counts")
    forward_count = fields.Integer(string="Move Forward", compute="_compute_counts")
    back_count = fields.Integer(string="Move Back", compute="_compute_counts")
    lost_count = fields.Integer(string="Are Lost", compute="_compute_counts")
    there_count = fields.Integer(string="In Their Stage Already", compute="_compute_counts")
    not_forward_count = fields.Integer(string="Not Moving Forward", compute="_compute_counts")
    older_count = fields.Integer(string="Moved Here Since", compute="_compute_counts")
    no_stage_count = fields.Integer(string="Without a Stage", compute="_compute_counts")
    contradicting_count = fields.Integer(string="Contradictions", compute="_compute_counts")
    move_count = fields.Integer(string="Rows for the Stage History", compute="_compute_counts")
    waiting_count = fields.Integer(string="Still to Move In", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    failed_count = fields.Integer(string="Failed", compute="_compute_counts")
    stages_made = fields.Integer(string="Stages to Be Made", compute="_compute_stages_made")
    stages_excess = fields.Integer(string="Stages Too Many", compute="_compute_stages_made")
    has_nothing_to_do = fields.Boolean(compute="_compute_counts")

    def _compute_counts(self):
        Row = self.env["lifecycle.import.row"]
        groups = Row._read_group(
            [("import_id", "in", self.ids)],
            ["import_id", "state", "match", "result", "is_contradicting"],
            ["__count", "move_count:sum"],
        )
        for moving in self:
            own = [group[1:] for group in groups if group[0] == moving._origin]
            moving.row_count = sum(group[4] for group in own)
            moving.move_count = sum(group[5] or 0 for group in own)
            by_match, by_result, by_state = {}, {}, {}
            untried = 0
            for state, match, result, is_contradicting, count, _moves in own:
                untried += count if state == "waiting" and not match else 0
                by_state[state] = by_state.get(state, 0) + count
                by_match[match] = by_match.get(match, 0) + count
                by_result[result] = by_result.get(result, 0) + count
                by_match["contradicting"] = by_match.get("contradicting", 0) + count * is_contradicting
            moving.new_count = by_match.get("new", 0)
            moving.matched_count = sum(
                by_match.get(how, 0) for how in ("external", "email", "phone", "chosen")
            )
            moving.left_count = by_match.get("ambiguous", 0) + by_match.get("left", 0)
            moving.contradicting_count = by_match.get("contradicting", 0)
            for state in ("unreadable", "waiting", "failed"):
                moving[f"{state}_count"] = by_state.get(state, 0)
            to_do = moving.row_count - moving.unreadable_count
            left = untried if moving.phase == "try" else moving.waiting_count
            moving.progress = 100 * (to_do - left) / to_do if to_do else 100
            for result in Row._fields["result"].get_values(self.env):
                moving[f"{result}_count"] = by_result.get(result, 0)
            moving.has_nothing_to_do = (
                moving.state == "check" and bool(own) and not (moving.move_count or moving.new_count)
            )

    @api.depends("stage_ids.outcome")
    def _compute_stages_made(self):
        for moving in self:
            moving.stages_made = moving.stage_ids._count_made()
            moving.stages_excess = max(0, moving.stage_ids._count_excess())

    def action_try(self):
        """Try again what would happen, after stages or contacts have been chosen; nothing is written (D3).

        :raises AccessError: when the user is not an owner
        """
        self._check_step("check")
        self.env["lifecycle.import.row"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE lifecycle_import_row SET match = NULL WHERE import_id = %s AND state = 'waiting'",
                self.id,
            )
        )
        self.env["lifecycle.import.row"].invalidate_model(flush=False)
        self._begin("try")

    def _try_some(self, before):
        """Note on some rows that wait what would happen to them, and ask who is meant where several could be.

        :param before: the rows of the last time, if they are known
        :return: the rows after them
        """
        rows = self._search_waiting([("match", "=", False)], TRIED_AT_ONCE, before)
        intents = self._intend(rows) if rows else {}
        self._note(intents)
        self._ask([row.id for row, intent in intents.items() if intent.match == "ambiguous"])
        return rows

    def _search_waiting(self, domain, limit, before):
        """
        :param before: rows that wait no longer: the search goes on behind them, or it goes through all of them each time
        :return: rows that wait; those of contacts that the user does not see wait as well
        """
        # sudo: lifecycle.import.row - our own; who is meant is asked as the user
        Row = self.env["lifecycle.import.row"].sudo()
        behind = [("id", ">", before[-1].id)] if before else []
        return Row.search([*self._waiting_domain(), *domain, *behind], limit=limit)

    def _ask(self, row_ids):
        # sudo: lifecycle.import.choice - one of a contact that is hidden now has been asked for, too
        Choice = self.env["lifecycle.import.choice"].sudo()
        asked = Choice.search([("row_id", "in", row_ids)]).row_id.ids if row_ids else ()
        Choice._lifecycle_create_lines(
            [{"import_id": self.id, "row_id": row_id} for row_id in row_ids if row_id not in asked]
        )

    def _note(self, intents, state="waiting"):
        """Write to the rows what happens to them, in one query."""
        if not intents:
            return
        names = self._get_stage_names(intents.values())
        self.env.cr.execute(
            SQL(
                """
                UPDATE lifecycle_import_row
                   SET match = note.match, result = note.result, partner_id = note.partner_id, state = %s,
                       move_count = note.move_count, is_contradicting = note.is_contradicting,
                       contradictions = note.contradictions, candidate_ids = note.candidate_ids
                  FROM unnest(%s::int[], %s::varchar[], %s::varchar[], %s::int[], %s::int[], %s::bool[], %s::jsonb[],
                              %s::jsonb[])
                       AS note(id, match, result, partner_id, move_count, is_contradicting, contradictions,
                               candidate_ids)
                 WHERE lifecycle_import_row.id = note.id
                """,
                state,
                [row.id for row in intents],
                [intent.match for intent in intents.values()],
                [intent.result or None for intent in intents.values()],
                [intent.partner.id or None for intent in intents.values()],
                [len(intent.plan.added) if intent.plan else 0 for intent in intents.values()],
                [bool(intent.plan and intent.plan.is_contradicting) for intent in intents.values()],
                [intent.get_contradictions(names) for intent in intents.values()],
                [str(intent.candidates.ids) for intent in intents.values()],
            )
        )
        self.env["lifecycle.import.row"].invalidate_model(flush=False)

    def _get_stage_names(self, intents):
        """:return: dict key of a stage that a contradiction is about -> its name, for when the stage is deleted"""
        told = [pair for intent in intents if intent.plan for pair in intent.plan.contradictions]
        if not told:
            return {}
        ids = {stage.to for pair in told for stage in pair if isinstance(stage.to, int)}
        stages = self.env["lifecycle.stage"].browse(ids)
        return {
            **{line._get_new_key(): line.label for line in self.stage_ids},
            **{stage.id: stage.display_name for stage in stages},
        }

    def _intend(self, rows):
        """Say what is to happen to rows, as things are now.

        :return: dict row -> ``Intent``
        """
        lines = self.stage_ids.sorted()
        keys = lines._get_keys()
        ranks = {line.value: rank for rank, line in enumerate(lines)}
        order, lost = lines._get_order(lines), self._get_lost_keys(lines)
        moved = dict(
            self.env.execute_query(
                SQL("SELECT id, moves FROM lifecycle_import_row WHERE id = ANY(%s)", rows.ids)
            )
        )
        users = self._find_users({who for moves in moved.values() for _stage, _when, who in moves})
        now, as_of = fields.Datetime.now(), self._get_as_of()
        matches = self._match(rows)
        partners = self.env["res.partner"].union(*(partner for _how, partner, _others in matches.values()))
        # sudo: res.partner - who moves contacts in knows their stages; whether they may be read was asked
        partners.sudo().fetch(["lifecycle_stage_id", "date_last_stage_update"])
        stages = {
            partner.id: (partner.lifecycle_stage_id.id or None, partner.date_last_stage_update or None)
            for partner in partners.sudo()
        }
        histories = partners.sudo()._lifecycle_read_history() if partners else {}
        intents = {}
        for row, (match, partner, candidates) in matches.items():
            intent = intents[row] = Intent(match, partner, candidates)
            if match in ("ambiguous", "left"):
                continue
            known, is_merged = histories.get(partner.id, ([], False))
            current = stages.get(partner.id, (None, None))
            moves = [
                New(datetime.fromisoformat(when), keys.get(stage), users.get(who.casefold()))
                for stage, when, who in moved[row.id]
                if stage in keys or not stage
            ]
            there = min((value for value in row.stages or () if value in keys), key=ranks.get, default=None)
            seen = there and New(as_of, keys[there])
            intent.plan = make_plan(
                known, current, moves, seen, order, now, is_merged=is_merged, told=self.move_back
            )
            intent.result = self._get_result(intent.plan, current[0], order, lost)
        return intents

    @api.model
    def _get_lost_keys(self, lines):
        stages = self.env["lifecycle.stage"].search([("is_lost", "=", True)])
        return {*stages.ids, *(line._get_key() for line in lines if line.outcome == "lost")}

    @api.model
    def _get_result(self, plan, before, order, lost):
        """:return: a value of ``lifecycle.import.row.result``"""
        if plan.kept:
            return plan.kept
        if plan.stage is None:
            return "no_stage"
        if plan.stage == before:
            return "there"
        if plan.stage in lost:
            return "lost"
        if before is None:
            return "enter"
        return "back" if order.get(plan.stage, 0) < order.get(before, -1) else "forward"

    @api.model
    def _find_users(self, names):
        """:return: dict what a source calls somebody -> id of the user whose login or email that is"""
        names = {name.casefold() for name in names if name and "@" in name}
        if not names:
            return {}
        users = self.env["res.users"].search_fetch(
            ["|", ("login", "in", list(names)), ("email_normalized", "in", list(names))],
            ["login", "email_normalized"],
        )
        found = {}
        for user in users:
            for name in {user.login.casefold(), user.email_normalized or ""} & names:
                found.setdefault(name, user.id)
        return found

    @api.model
    def _find_salespersons(self, names):
        """:return: dict what a source calls somebody -> id of the internal user whose login or email that is, or whose name
        if nobody else has it
        """
        # sudo: res.users - whether somebody is one of us is no secret to who may choose a salesperson
        known = self._find_users(names)
        users = self.env["res.users"].sudo().browse(known.values())
        internal = set(users.filtered(lambda user: not user.share).ids)
        found = {name: id_ for name, id_ in known.items() if id_ in internal}
        by_name = {name.casefold() for name in names if name and "@" not in name}
        named = (
            self.env["res.users"].search_fetch([("share", "=", False)], ["name"])
            if by_name
            else users.browse()
        )
        for name, group in named.grouped(lambda user: " ".join(user.name.casefold().split())).items():
            if name in by_name and len(group) == 1:
                found[name] = group.id
        return found
