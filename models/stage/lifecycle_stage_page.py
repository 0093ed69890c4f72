from odoo import api, models
from odoo.fields import Domain


class LifecycleStage(models.Model):
    """The page that has both kinds of stages side by side (S9, S17)."""

    _inherit = "lifecycle.stage"

    @api.model
    def _get_page_fields(self):
        """:return: list of the names of the fields that the page is read with; rooms that count add their numbers"""
        return [
            "name",
            "display_name",
            "emoji",
            "description",
            "entry_criteria",
            "is_default",
            "is_won",
            "is_lost",
            "lost_stage_ids",
            "deletion_pending",
        ]

    @api.model
    def _lifecycle_live_fields(self):
        return super()._lifecycle_live_fields().union(self._get_page_fields())

    @api.model
    @api.readonly
    def get_page(self):
        """Read the stages of both kinds, in their order, as the page shows them (S17).

        Numbers that the user may not see are left out.

        :return: dict with ``stages``, a list of dicts, and ``is_editable``, whether the user may change them
        :raises AccessError: when the user may not read stages
        """
        self.check_access("read")
        names = [
            name for name in self._get_page_fields() if self._has_field_access(self._fields[name], "read")
        ]
        return {"stages": self.search(Domain.TRUE).read(names), "is_editable": self.has_access("write")}

    @api.model
    def _get_page_action(self, is_lost=False):
        """:param bool is_lost: which of the two kinds a phone shows first
        :return: an ``ir.actions.client`` dictionary that opens the page in place of everything else
        """
        action = self.env["ir.actions.actions"]._for_xml_id("contact_lifecycle.lifecycle_stage_action_page")
        return {**action, "target": "main", "params": {"is_lost": is_lost}}
