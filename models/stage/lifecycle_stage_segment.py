from odoo import api, fields, models

from ...tools.shared_text import shared


class LifecycleStage(models.Model):
    """Segments: ordinary favourites of contacts, one of which comes with each stage (P3)."""

    _inherit = "lifecycle.stage"

    segment_ids = fields.One2many(
        "ir.filters",
        "lifecycle_stage_id",
        readonly=True,
        copy=False,
        groups="contact_lifecycle.group_manager",
    )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        # sudo: ir.filters - for all managers, not for whoever adds the stage
        segments = self.env["ir.filters"].sudo().create([stage._segment_vals() for stage in stages])
        for stage, segment in zip(stages, segments, strict=True):
            segment._lifecycle_write_protected({"lifecycle_stage_id": stage.id})
        return stages

    def write(self, vals):
        result = super().write(vals)
        if {"emoji", "name"} & vals.keys():
            for segment in self.sudo().segment_ids:  # sudo: ir.filters - they follow their stage
                segment.name = shared(segment.lifecycle_stage_id).display_name
        return result

    @api.readonly
    def action_contacts(self):
        """Open the contacts in this stage, “Contacts in this stage” (P3).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager
        """
        self.ensure_one()
        self._check_manager()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.res_partner_action_lifecycle"
        )
        return {
            **action,
            "display_name": self.display_name,
            "domain": [("lifecycle_in_scope", "=", True), ("lifecycle_stage_id", "=", self.id)],
            "views": sorted(action["views"], key=lambda view: view[1] != "list"),
            # a favourite that the user has as default would take contacts out of the list
            "context": {"default_lifecycle_stage_id": self.id, "search_disable_custom_filters": True},
        }

    @api.readonly
    def action_new_segment(self):
        """Ask for the name of a new favourite of contacts in this stage, and for what else they have in common (P3).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager
        """
        self.ensure_one()
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Segment"),
            "res_model": "ir.filters",
            "views": [(self.env.ref("base.ir_filters_view_edit_form").id, "form")],
            "target": "new",
            "context": {
                **{f"default_{name}": value for name, value in self._segment_vals().items()},
                "default_user_ids": self.env.user.ids,
            },
        }

    def _segment_vals(self):
        return {
            "name": shared(self).display_name,
            "model_id": "res.partner",
            "domain": repr([("lifecycle_stage_id", "=", self.id)]),
        }
