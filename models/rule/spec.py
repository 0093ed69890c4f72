from typing import NamedTuple

from odoo.fields import Domain


class Spec(NamedTuple):
    """An active rule as the engine needs it: kept in memory, so that an event nobody listens to costs nothing."""

    id: int
    kind: str
    events: frozenset
    from_ids: frozenset
    from_none: bool
    to_id: int
    allow_backward: bool
    condition: str
    domain: Domain
    columns: frozenset | None  # see ``lifecycle.rule._get_columns``
    entered_ids: frozenset
    lost_reason_ids: frozenset

    def makes_leads(self):
        return self.kind in ("lead", "follow_up")

    def covers(self, stage_id):
        """:return: whether contacts in that stage, or with False in none, are among those the rule is for"""
        if self.makes_leads():
            return True
        if not stage_id:
            return self.from_none
        return stage_id != self.to_id and (not self.from_ids or stage_id in self.from_ids)

    def get_stage_domain(self):
        """:return: ``Domain`` of the contacts in the stages that ``covers`` says"""
        if self.makes_leads():
            return Domain.TRUE
        in_stage = Domain("lifecycle_stage_id", "not in", [False, self.to_id])
        if self.from_ids:
            in_stage &= Domain("lifecycle_stage_id", "in", list(self.from_ids))
        return in_stage | Domain("lifecycle_stage_id", "=", False) if self.from_none else in_stage

    def may_move(self, stage_id, order):
        """Whether the rule moves contacts from that stage, by its stages and its direction (T10).

        Out of no stage or a lost one is forward, and so is into a lost one, as the rule names it.

        :param dict order: id of a lifecycle stage -> its place, see ``lifecycle.stage._get_order``
        """
        if not self.covers(stage_id):
            return False
        both_in_order = stage_id in order and self.to_id in order
        return self.allow_backward or not both_in_order or order[self.to_id] > order[stage_id]


class Progress:
    """What the rules have done in the running transaction."""

    def __init__(self):
        self.acted = set()  # (rule id, contact id): a rule acts on a contact once
        self.evaluating = False
        self.pending = {}  # what happens while rules are evaluated, in consequence of them
