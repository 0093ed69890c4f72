"""A contact's moves here and elsewhere, in the order of time (D2, D4).

What the log says stays: when, where to, by whom. Where a move from elsewhere comes between two of its rows, the later one
is told anew which stage it leaves, and since when: so that each row that leaves a stage is a whole stay.
"""

from dataclasses import dataclass, field
from datetime import datetime

from ..move import Stay


@dataclass(frozen=True)
class Known:
    """A row of the log; without an id, that the contact is in a stage which no row says that it has entered.

    Stages are ids; of deleted ones the name, and None is no stage.
    """

    id: int | None
    date: datetime
    to: int | str | None
    left: int | str | None = None
    entered: datetime | None = None  # the stage that was left
    is_imported: bool = False


@dataclass(frozen=True)
class New:
    date: datetime
    to: int | None
    who: int | None = None


@dataclass(frozen=True)
class Added:
    """A row that the log gets."""

    date: datetime
    left: int | str | None
    to: int | str | None
    entered: datetime | None
    who: int | None = None


@dataclass
class Plan:
    """What is to be written of one contact."""

    stage: int | str | None = None
    since: datetime | None = None
    added: list = field(default_factory=list)
    changed: dict = field(
        default_factory=dict
    )  # id of a row -> (stage that it leaves, when that was entered)
    contradictions: list = field(default_factory=list)  # tuples of a ``New`` and the ``Known`` of that time
    known_until: datetime | None = None  # the last move that was known
    kept: str = ""  # why the contact is not where the source has it: ``not_forward`` or ``older``

    @property
    def is_contradicting(self):
        """Whether what is known here and there does not go together."""
        return bool(self.contradictions)

    @property
    def entered(self):
        """When the stage was entered; none where there is no stage to leave."""
        return self.since if self.stage is not None else None

    def get_stay(self):
        """:return: ``Stay`` in which the contact is, unless the stage has been deleted"""
        return Stay(self.stage or False, self.since or False)


def make_plan(known, current, moves, seen, order, now, *, is_merged=False, told=False):
    """
    :param known: list of ``Known``, the log of the contact in order, without what merges have written
    :param current: tuple of the stage of the contact and since when
    :param moves: list of ``New``, in the order of time
    :param seen: ``New`` or None, where the source has the contact, as of the date of the file
    :param dict order: stage -> its place among the lifecycle stages
    :param datetime now: for a move that the owner has asked for
    :param bool is_merged: whether the log has moves of several people, which are not one line
    :param bool told: whether the contact ends where the source has it, whatever happened here since
    :return: ``Plan``
    """
    known = _complete(known, current, now)
    plan = Plan(known_until=known[-1].date if known else None)
    # the log knows seconds: of several moves in one, the last is what came of them
    moves = list({move.date: move for move in moves}.values())
    if seen and moves and moves[-1].date >= seen.date:
        seen = None
    fresh = _leave_out_known(known, moves)
    plan.contradictions = _find_contradictions(known, fresh, is_merged)
    if is_merged and known:
        fresh = [move for move in fresh if move.date > known[-1].date]
    last = _walk(known, fresh, plan, current, is_merged)
    if seen and seen.to != plan.stage:
        if last and seen.date < last.date:
            plan.kept = "older"
        elif isinstance(last, Known) and not last.is_imported and _is_back(order, plan.stage, seen.to):
            plan.kept = "not_forward"
        else:
            _add(plan, seen)
    wanted = seen or (moves[-1] if moves else None)
    if wanted and wanted.to != plan.stage:
        plan.kept = plan.kept or "older"
        if told:
            _add(plan, New(max(now, last.date), wanted.to))
            plan.kept = ""
    return plan


def _complete(known, current, now):
    """Add what no row says: in which stage the log begins, and where the contact is."""
    complete, state = [], None
    for row in known:
        if row.left is not None and row.left != state:
            complete.append(Known(None, row.entered or row.date, row.left))
        complete.append(row)
        state = row.to
    stage, entered = current
    if stage != state:
        moments = [moment for moment in (entered, known and known[-1].date) if moment]
        complete.append(Known(None, max(moments, default=now), stage))
    return complete


def _leave_out_known(known, moves):
    there = {(row.date, row.to) for row in known}
    return [move for move in moves if (move.date, move.to) not in there]


def _find_contradictions(known, fresh, is_merged):
    """:return: list of tuples of a move and what is known here of that time, where more is known here of later"""
    if not known:
        return []
    latest = known[-1].date
    found = []
    for move in fresh:
        if known[0].date < move.date < latest or (is_merged and move.date <= latest):
            then = [row for row in known if row.date <= move.date]
            found.append((move, then[-1] if then else known[0]))
    return found


def _walk(known, fresh, plan, current, is_merged):
    """Go through all moves in order; of one second, what was known comes first.

    :return: the last move, ``Known`` or ``New``, or None
    """
    is_changed, last = False, None
    for event in sorted([*known, *fresh], key=lambda event: (event.date, isinstance(event, New))):
        if isinstance(event, New):
            if event.to != plan.stage:
                _add(plan, event)
                is_changed, last = True, event
            continue
        last = event
        if is_changed and not is_merged:
            if event.to == plan.stage:
                # it had been entered before: this row ends no stay and begins none
                if event.id and event.left is not None:
                    plan.changed[event.id] = (None, None)
                continue
            if event.id:
                plan.changed[event.id] = (plan.stage, plan.entered)
            else:
                plan.added.append(Added(event.date, plan.stage, event.to, plan.entered))
            is_changed = False
        if event.to != plan.stage:
            plan.stage, plan.since = event.to, event.date
        if event is known[-1] and not is_changed and event.to == current[0]:
            plan.since = current[1] or event.date
    return last


def _add(plan, move):
    plan.added.append(Added(move.date, plan.stage, move.to, plan.entered, move.who))
    plan.stage, plan.since = move.to, move.date


def _is_back(order, left, to):
    return left in order and to in order and order[to] < order[left]
