from itertools import dropwhile

from odoo import api, models


class LifecycleStage(models.Model):
    """The order of the lifecycle stages, which rules move contacts forward in."""

    _inherit = "lifecycle.stage"

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        placed = [stage.id for stage, vals in zip(stages, vals_list, strict=True) if "sequence" in vals]
        (stages - self.browse(placed))._place_before_won()
        return stages

    def _earlier_stages(self):
        """:return: the lifecycle stages that come before this one, in order"""
        self.ensure_one()
        stages = self.search([("is_lost", "=", False), ("deletion_pending", "=", False)])
        return stages[: stages.ids.index(self.id)] if self in stages else stages.browse()

    def _get_neighbour(self):
        """:return: the stage of the same kind that comes before this one, else the one after it, or none"""
        self.ensure_one()
        stages = self.search([("is_lost", "=", self.is_lost), ("deletion_pending", "=", False)])
        place = (stages | self).ids.index(self.id)
        return stages[:place][-1:] or stages[place + 1 : place + 2]

    @api.model
    def _get_order(self):
        """:return: dict id of a lifecycle stage -> its place in the order; lost stages have none"""
        # sudo: lifecycle.stage - the order is no secret to who moves contacts
        return {stage.id: place for place, stage in enumerate(self.sudo().search([("is_lost", "=", False)]))}

    @api.model
    def _get_ways_back(self, ways):
        """Find the moves to an earlier lifecycle stage, which lock a contact where a person makes them (T4).

        :param ways: iterable of pairs of ids of stages, from and to; False for none
        :return: set of those of the pairs that lead back
        """
        between_stages = {way for way in ways if all(way)}
        order = self._get_order() if between_stages else {}
        return {
            (from_id, to_id)
            for from_id, to_id in between_stages
            if from_id in order and to_id in order and order[to_id] < order[from_id]
        }

    def _place_before_won(self):
        """Put these lifecycle stages, of which nobody says where, before the first won one (S16).

        Rules take what comes after a won stage for a step forward from it. Won ones of these come last.
        """
        if self:
            others, won = self.search([("is_lost", "=", False)]) - self, self.filtered("is_won")
            later = others.browse(stage.id for stage in dropwhile(lambda stage: not stage.is_won, others))
            ((others - later) + (self - won) + later + won)._put_in_this_order()

    def _put_in_this_order(self):
        for sequence, stage in enumerate(self, start=1):
            if stage.sequence != sequence:
                stage.sequence = sequence
