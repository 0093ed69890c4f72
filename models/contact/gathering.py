"""What follows the moves of an import, and of contacts made one by one, written for all of them together (H1, H2)."""

from odoo.tools import SQL

KEY = "contact_lifecycle.gathering"


class Gathering:
    """Moves that are made, and whose log and chatter wait for those of the next row.

    Odoo's import writes the records that are there one by one, and much code makes records one by one, while what follows
    a move takes as long for a thousand contacts as for one. So it waits, in ``cr.precommit.data``, until the transaction is
    flushed, as Odoo's own tracking does, until somebody reads the log, or until anything else moves a contact: the log is in
    the order of what happened. What is undone with a savepoint leaves no trace: making one flushes, and undoing it clears
    the data. Within a savepoint that flushes nothing, no contact may be moved nor the log be read: what waited before it
    would be written there, and undone with it.
    """

    def __init__(self, partners, move):
        self._Partner = partners.browse()
        self.move = move
        self._left = {}
        self._created = {}

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
        same_move = move.goes_with(self.move) and partners.env is self._Partner.env
        return same_move and self._left.keys().isdisjoint(partners.ids)

    @property
    def _is_waiting(self):
        return self._Partner.env.cr.precommit.data.get(KEY) is self

    def add(self, left, created):
        """Let what follows a move wait; see ``res.partner._lifecycle_moved``.

        :return: whether it does: what waited has been written where the move has flushed the transaction, or moved
            other contacts in its course
        """
        is_waiting = self._is_waiting
        if is_waiting:
            self._left |= left
            self._created |= created
            self._forget_traces(left, created)
        return is_waiting

    def _forget_traces(self, partner_ids, notes):
        """Let whoever reads the log or the notes of these look them up, and so write what waits."""
        env = self._Partner.env
        self._Partner._fields["lifecycle_transition_ids"]._invalidate_cache(env, partner_ids)
        env["mail.message"]._fields["tracking_value_ids"]._invalidate_cache(
            env, list(filter(None, notes.values()))
        )

    def _find_left(self):
        """Look up what is still there: what is undone with a savepoint that flushes nothing, or deleted in SQL, is not.

        :return: the contacts, and a dict id of each that has been made -> id of the note of its creation, None where that
            has been deleted
        """
        ids = list(self._left)
        rows = self._Partner.env.execute_query(
            SQL(
                """
                SELECT partner.id, note.id
                  FROM unnest(%s::int[], %s::int[]) WITH ORDINALITY AS waiting(partner_id, note_id, number)
                  JOIN res_partner partner ON partner.id = waiting.partner_id
             LEFT JOIN mail_message note ON note.id = waiting.note_id
              ORDER BY waiting.number
                """,
                ids,
                [self._created.get(id_) for id_ in ids],
            )
        )
        notes = {partner_id: note_id for partner_id, note_id in rows if partner_id in self._created}
        return self._Partner.browse(partner_id for partner_id, _note_id in rows), notes

    def _write_traces(self):
        if not self._is_waiting:
            return
        del self._Partner.env.cr.precommit.data[KEY]
        partners, notes = self._find_left()
        # sudo: res.partner - their stages are known here; those that are where they were have been moved back in SQL
        moved = partners.sudo().filtered(
            lambda partner: partner.lifecycle_stage_id.id != self._left[partner.id].stage_id
        )
        if moved:
            created = {partner.id: notes[partner.id] for partner in moved if partner.id in notes}
            entered = moved._lifecycle_get_stays()
            moved.with_env(self._Partner.env)._lifecycle_moved(self.move, self._left, entered, created)
