"""What follows the moves of an import, written for all its rows together (H1, H2)."""

from odoo import fields

KEY = "contact_lifecycle.gathering"


class Gathering:
    """Moves that are made, and whose log and chatter wait for those of the next row.

    Odoo's import writes the records that are there one by one, and what follows a move takes as long for a thousand
    contacts as for one. So it waits, in ``cr.precommit.data``, until the transaction is flushed, as Odoo's own tracking
    does, or until anything else moves a contact: the log is in the order of what happened. What is undone with a
    savepoint leaves no trace: making one flushes, and undoing it clears the data.
    """

    def __init__(self, partners, move):
        self.date = fields.Datetime.now()  # one for all of them
        self._Partner = partners.browse()
        self.move = move
        self._from_stages = {}
        self._since = {}

    @classmethod
    def for_next(cls, partners, move):
        """Write what waits, unless this move can wait with it.

        :param partners: ``res.partner`` about to be moved
        :param move: the ``Move`` that the gate has taken for them
        :return: the ``Gathering`` in which what follows the move may wait, or None where it is to be written at once
        """
        precommit = partners.env.cr.precommit
        gathering = precommit.data.get(KEY)
        if gathering and gathering._takes(partners, move):
            return gathering
        cls.write_waiting(partners.env)
        if not move.is_gathered:
            return None
        gathering = precommit.data[KEY] = cls(partners, move)
        precommit.add(gathering._write_traces)
        return gathering

    @staticmethod
    def write_waiting(env):
        """Write what waits, before something happens that is to be told after it, or that takes away what it is about."""
        if gathering := env.cr.precommit.data.get(KEY):
            gathering._write_traces()

    def _takes(self, partners, move):
        same_move = move is self.move and partners.env is self._Partner.env
        return same_move and self._from_stages.keys().isdisjoint(partners)

    @property
    def _is_waiting(self):
        return self._Partner.env.cr.precommit.data.get(KEY) is self

    def add(self, from_stages, since):
        """Let what follows a move wait; see ``res.partner._lifecycle_moved``.

        :return: whether it does: what waited has been written where the move has flushed the transaction, or moved
            other contacts in its course
        """
        is_waiting = self._is_waiting
        if is_waiting:
            self._from_stages |= from_stages
            self._since |= since
        return is_waiting

    def _write_traces(self):
        if not self._is_waiting:
            return
        del self._Partner.env.cr.precommit.data[KEY]
        partners = self._Partner.browse(partner.id for partner in self._from_stages).exists()
        # sudo: res.partner - their stages are known here; those that are where they were have been moved back in SQL
        moved = partners.sudo().filtered(
            lambda partner: partner.lifecycle_stage_id != self._from_stages[partner]
        )
        if moved:
            moved.with_env(self._Partner.env)._lifecycle_moved(self.move, self._from_stages, self._since, {})
