from typing import NamedTuple

from odoo.fields import Domain

MAX_MOVES_A_DAY = 20  # by rules, of one contact: as often as it could pass through every stage


class Spec(NamedTuple):
    """An active rule as the engine needs it: kept in memory, so that an event nobody listens to costs nothing."""

    id: int
    kind: str
    events: frozenset  # names
    fits: Domain  # the contacts it is for, by stage and condition
    checks: tuple  # of (reason, ``Domain``), see ``lifecycle.rule._get_fit_checks``
    columns: frozenset | None  # what decides them, see ``lifecycle.rule._get_columns``
    entered_ids: frozenset
    lost_reason_ids: frozenset

    def makes_leads(self):
        return self.kind in ("lead", "follow_up")
