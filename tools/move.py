"""Where a move comes from, said by private code alone (P5, decision 12)."""

from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from odoo.models import BaseModel

from .shared_text import get_shared_lang

BOOKKEEPING, SILENT = object(), object()


class Stay(NamedTuple):
    """Where a contact, or a conversation, is in the lifecycle: in which stage, or in none, and since when."""

    stage_id: int | bool  # of ``lifecycle.stage``, or False
    since: datetime | bool  # naive UTC, or False where it is not known


class GoingOn:
    """What private code is doing, for the code further down: no request reaches it, as it is kept with the transaction.

    Not in the context: an object of its own there makes environments of its own, and Odoo goes through all
    environments of a transaction whenever it looks for one.
    """

    @contextmanager
    def going_on(self, env):
        """:return: context manager in which this is what ``current`` returns"""
        stack = env.cr.postcommit.data.setdefault(f"contact_lifecycle.{type(self).__name__}", [])
        stack.append(self)
        try:
            yield
        finally:
            stack.remove(self)

    @classmethod
    def current(cls, env):
        """:return: the innermost of those that are going on, or None"""
        stack = env.cr.postcommit.data.get(f"contact_lifecycle.{cls.__name__}")
        return stack[-1] if stack else None


class Move(GoingOn):
    """Source, date, rule, conversations and batch of one move of named contacts.

    ``res.partner._lifecycle_move_to`` makes it and lets it go on around its write, so that what other addons do
    in ``write`` still happens; the gate takes it. It is for the records it names, and once the gate has taken it for a
    contact it says nothing of the moves that follow, such as those of an automation.
    """

    def __init__(self, records, source, date=None, rule=None, channel_ids=None, created=None, batch=None):
        """
        :param records: ``res.partner`` it is for
        :param str source: a value of ``lifecycle.transition.source``
        :param datetime date: naive UTC datetime of the move, now when it is not given
        :param rule: ``lifecycle.rule`` that moves the contacts
        :param dict channel_ids: contact id -> id of the conversation that it moves with
        :param dict created: contact id -> id of the note of its creation or None, for contacts that ``create`` is making
        :param batch: ``lifecycle.batch`` of the operation that it is part of; else the gate opens one where it moves
            several contacts that are there already
        """
        self._ids_left = set(records.ids)
        self.source = source
        self.date = date
        self.rule = rule
        self.channel_ids = channel_ids or {}
        self.created = created or {}
        self.batch = batch or records.env["lifecycle.batch"]

    @classmethod
    def take(cls, records):
        """Take the move that is going on for ``records``; a second time it is not there.

        :param records: ``res.partner`` about to be written
        :return: the ``Move``, or one that says what can be seen: an automation of Odoo's moves the contacts, or a person
        """
        for move in (cls.current(records.env), Import.of(records.env)):
            if move and move._take(records):
                return move
        if is_automation(records.env):
            return cls(records, "rule")
        return cls(records, "bulk" if len(records) > 1 else "manual")

    def _take(self, records):
        taken = self._ids_left.intersection(records.ids)
        self._ids_left -= taken
        return bool(taken)

    def of_created(self, records, notes):
        """:return: the ``Move`` for what enters a stage as ``create`` makes it; ``notes`` as ``created`` above"""
        return Move(records, self.source, date=self.date, rule=self.rule, batch=self.batch, created=notes)

    @property
    def is_gathered(self):
        """Whether what follows it may wait for the next, see ``models.contact.gathering``: that contacts are made, where
        there is a note that says so.
        """
        return bool(self.created) and all(self.created.values())

    def goes_with(self, other):
        """
        :param other: a ``Move`` that is gathered as well
        :return: whether what follows both may be written together: contacts that are made one by one
        """
        told = ("source", "date", "rule", "batch", "channel_ids")
        return all(move.is_gathered for move in (self, other)) and all(
            getattr(self, name) == getattr(other, name) for name in told
        )


class Import(Move):
    """The moves of all rows of a file. It is in the context of the import, which no request can put there: JSON, XML-RPC
    and the code of server actions know no such object.
    """

    KEY = "lifecycle_import"
    is_gathered = True

    def __init__(self, env, batch=None):
        super().__init__(env["res.partner"], "import", batch=batch)

    def carried_by(self, records):
        """:return: ``records`` with this in their context"""
        return records.with_context(**{self.KEY: self})

    @classmethod
    def of(cls, env):
        """:return: the ``Import`` in the context, or None"""
        move = env.context.get(cls.KEY)
        return move if isinstance(move, cls) else None

    def _take(self, records):
        return not is_automation(records.env)

    def goes_with(self, other):
        return other is self


class Creation(GoingOn):
    """The contacts that one ``create`` makes; a ``create`` within it has one of its own."""

    def __init__(self):
        self.notes = {}  # contact id -> id of the message that says that it has been created


def as_bookkeeping(records):
    """:return: ``records`` with the mark in their context that what is written to them is no event (H5)"""
    return records.with_context(lifecycle_bookkeeping=BOOKKEEPING)


def silently(records):
    """:return: ``records`` with the mark in their context that what is written to them is no event, and that Odoo's
    automations do not run for it either: it takes back what has happened (D5), or tells of what happened elsewhere
    """
    return records.with_context(lifecycle_bookkeeping=SILENT)


def is_bookkeeping(env):
    """:return: whether private code has said so; compared by identity, as a request cannot make it"""
    return env.context.get("lifecycle_bookkeeping") is BOOKKEEPING or is_silent(env)


def is_silent(env):
    """:return: whether private code has said so"""
    return env.context.get("lifecycle_bookkeeping") is SILENT


def is_automation(env):
    """:return: whether an automation of Odoo's is running: it keeps records in the context, and a request cannot"""
    done = env.context.get("__action_done")
    return isinstance(done, dict) and any(isinstance(key, BaseModel) for key in done)


def plain_sudo(records):
    """The records as the superuser, for rows of ours: of the caller's context, the time zone is left.

    So neither ``default_*``, which Odoo's own buttons carry, nor the language nor anything else of the caller's gets
    into a row. The caller has to have checked the right to do so.
    """
    # sudo: model of the caller - see above
    context = {key: value for key, value in records.env.context.items() if key == "tz"}
    context["lang"] = get_shared_lang(records.env)
    return records.with_env(records.env(su=True, context=context))
