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
        self._Partner = partners.browse()
        self._move = move
        self._from_stages = {}
        self._since = {}
        move.date = fields.Datetime.now()  # one for all of them

    @classmethod
    def for_next(cls, partners, move):
        """Write what waits, unless this move can wait with it.

        :param partners: ``res.partner`` about to be moved
        :param move: the ``Move`` that the gate has taken for them
        :return: the ``Gathering`` in which what follows the move is to wait, or None where it is to be written at once
        """
        precommit = partners.env.cr.precommit
        gathering = precommit.data.get(KEY)
        if gathering and not gathering._takes(partners, move):
            gathering.write_traces()
            gathering = None
        if move.is_gathered and not gathering:
            gathering = precommit.data[KEY] = cls(partners, move)
            precommit.add(gathering.write_traces)
        return gathering

    def _takes(self, partners, move):
        same_move = move is self._move and partners.env is self._Partner.env
        return same_move and self._from_stages.keys().isdisjoint(partners)

    def add(self, from_stages, since):
        """Let what follows a move wait; see ``res.partner._lifecycle_moved``."""
        self._from_stages |= from_stages
        self._since |= since

    def write_traces(self):
        """Write what waits, unless that has been done."""
        data = self._Partner.env.cr.precommit.data
        if data.get(KEY) is self:
            del data[KEY]
            moved = self._Partner.browse(partner.id for partner in self._from_stages).exists()
            if moved:
                moved._lifecycle_moved(self._move, self._from_stages, self._since, {})
