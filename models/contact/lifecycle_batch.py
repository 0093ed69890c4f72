from contextlib import contextmanager

from odoo import api, fields, models

from ...tools.move import plain_sudo
from .gathering import Gathering
from .res_partner import MANAGER

SEVERAL = 2  # a single move is looked at and taken back where it was made: in the contact


class LifecycleBatch(models.Model):
    """One operation that moved several contacts: what it was, who did it, when, and how many moves it made (D5).

    The gate opens one by itself wherever one write moves several contacts. An operation that takes several writes, or
    several transactions, opens one with ``_of``, or keeps the one that its first write has opened, and gives it to all
    its moves (``tools.move.Move``). How batches are undone is told in ``models/batch/lifecycle_batch.py``.
    """

    _name = "lifecycle.batch"
    _inherit = ["lifecycle.own.rows.mixin"]
    _description = "Batch of Moves"
    _order = "id desc"
    _rec_names_search = ("name", "rule_name", "stage_name")

    name = fields.Char(readonly=True, help="What the moves came from, such as the name of a file.")
    source = fields.Selection(
        lambda self: self.env["lifecycle.transition"]._fields["source"]._description_selection(self.env),
        readonly=True,
        required=True,
    )
    stage_id = fields.Many2one(
        "lifecycle.stage", string="To", readonly=True, index="btree_not_null", ondelete="set null"
    )
    stage_name = fields.Char(string="To Stage", readonly=True, help="The name the stage had.")
    rule_id = fields.Many2one("lifecycle.rule", readonly=True, index="btree_not_null", ondelete="set null")
    rule_name = fields.Char(readonly=True, help="The name the rule had.")
    date = fields.Datetime(readonly=True, required=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True, index=True, ondelete="set null")
    move_count = fields.Integer(string="Moves", readonly=True, aggregator="sum")
    move_ids = fields.One2many(
        "lifecycle.transition", "batch_id", string="Its Moves", readonly=True, groups=MANAGER
    )

    @api.depends("source", "name", "stage_id", "stage_name", "rule_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """In the reader's language, but for what has been deleted (H4, H6)."""
        sources = dict(self._fields["source"]._description_selection(self.env))
        for batch in self:
            batch.display_name = self.env._(
                "%(kind)s: %(what)s",
                kind=sources.get(batch.source, batch.source),
                what=batch._get_what(),
            )

    def _get_what(self):
        """:return: what tells this batch from others of its source"""
        stage = self.stage_id.display_name or self.stage_name
        return self.name or self.rule_name or stage or self.env._("No stage")

    @api.model
    @contextmanager
    def _of(self, source, **vals):
        """Open a batch for an operation of several writes. Where it moves fewer than two contacts there is none.

        :param str source: a value of ``lifecycle.transition.source``
        :param vals: other values of the batch, such as ``name``, in the language of the company
        :return: context manager that gives the ``lifecycle.batch``, for ``batch=`` of ``_lifecycle_move_to``
        """
        batch = self._begin(source, **vals)
        yield batch
        batch._end()

    @api.model
    def _begin(self, source, stage=None, rule=None, **vals):
        """Open a batch.

        :param stage: ``lifecycle.stage`` that all its contacts enter, where it is one
        :param rule: ``lifecycle.rule`` that moves them
        """
        stage = plain_sudo(stage or self.env["lifecycle.stage"])
        rule = plain_sudo(rule or self.env["lifecycle.rule"])
        # sudo: lifecycle.batch - nobody may add batches but who moves contacts
        return plain_sudo(self).create(
            {
                "name": False,
                "source": source,
                "stage_id": stage.id,
                "stage_name": stage.display_name,
                "rule_id": rule.id,
                "rule_name": rule.name,
                "date": fields.Datetime.now(),
                "user_id": self.env.uid,
                "move_count": 0,
                **vals,
            }
        )

    def _end(self):
        """Keep this batch only if it has moved several contacts."""
        Gathering.write_waiting(self.env)
        # sudo: lifecycle.batch - nobody else has seen it
        if self.move_count < SEVERAL:
            plain_sudo(self).unlink()

    @api.model
    def _take_in(self, move, stage, count):
        """Let moves that the gate has just made belong to the batch of ``move``, or where it has none and they are several,
        to one of their own.

        :param move: the ``Move``
        :param stage: ``lifecycle.stage`` that the contacts have entered, or none
        :param int count: how many they are
        """
        if move.batch:
            plain_sudo(move.batch).move_count += count
        elif count >= SEVERAL:
            move.batch = self._begin(move.source, stage=stage, rule=move.rule, move_count=count)
