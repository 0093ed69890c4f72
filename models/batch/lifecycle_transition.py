from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.remote_input import browse_untrusted_id


class LifecycleTransition(models.Model):
    """What has become of the moves of a batch (D5)."""

    _inherit = "lifecycle.transition"

    since_then = fields.Char(
        compute="_compute_since_then",
        help="What has happened to the contact since, for which it does not go back as the batch is undone.",
    )
    staying_batch_id = fields.Many2one(
        "lifecycle.batch",
        string="Would Stay",
        store=False,
        search="_search_staying_batch_id",
        help="To search with only: the moves of a batch whose contacts would stay if it was undone.",
    )

    @api.depends("batch_id", "partner_id")
    @api.depends_context("uid", "lang")
    def _compute_since_then(self):
        self.since_then = False
        for batch, moves in self.grouped("batch_id").items():
            if not batch:
                continue
            reasons = batch._get_reasons(moves.partner_id.ids)
            last = moves.browse()
            if "moved_on" in reasons.values():
                moved_on = [partner_id for partner_id, reason in reasons.items() if reason == "moved_on"]
                last = self._find_last(moved_on)
            last_moves = last.grouped("partner_id")
            for move in moves:
                reason = reasons.get(move.partner_id.id)
                move.since_then = reason and move._tell_since(reason, last_moves.get(move.partner_id))

    @api.model
    def _find_last(self, partner_ids):
        """:return: the last move of each of these contacts, of those that the user may see"""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (partner_id) id FROM lifecycle_transition WHERE id IN %s "
                "ORDER BY partner_id, date DESC, id DESC",
                self._search([("partner_id", "in", partner_ids)]).subselect(),
            )
        )
        return self.browse(move_id for [move_id] in rows)

    def _tell_since(self, reason, last):
        if reason == "stage_deleted":
            return self.env._("The former stage has been deleted.")
        if reason == "no_right":
            return self.env._("You may not move this contact.")
        if reason in ("there", "unmoved"):
            return self.env._("It is back already.")
        if not last or last == self:
            return self.env._("It has moved on.")
        return self.env._(
            "%(kind)s: %(what)s",
            kind=dict(self._fields["source"]._description_selection(self.env))[last.source],
            what=last.to_stage_shown or self.env._("No stage"),
        )

    @api.model
    def _search_staying_batch_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain.FALSE
        for batch_id in value:
            batch = browse_untrusted_id(self.env["lifecycle.batch"], batch_id)
            if batch and batch.has_access("read"):
                judged = batch._get_judged(self.env.uid)
                staying = SQL(
                    "SELECT partner_id, is_moved FROM (%s) judged WHERE reason != 'unmoved'", judged
                )
                moved = SQL("SELECT partner_id FROM (%s) staying WHERE is_moved", staying)
                domain |= Domain("batch_id", "=", batch.id) & Domain("partner_id", "any", moved)
                # who came without a stage has no move in it: what has happened since is told by the last one
                last = SQL(
                    """
                    SELECT DISTINCT ON (partner_id) id
                      FROM lifecycle_transition
                     WHERE partner_id IN (SELECT partner_id FROM (%s) staying WHERE NOT is_moved)
                  ORDER BY partner_id, date DESC, id DESC
                    """,
                    staying,
                )
                domain |= Domain("id", "any", last)
        return domain
