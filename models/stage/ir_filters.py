from odoo import api, fields, models


class IrFilters(models.Model):
    """The favourites that come with each stage, its segments (P3)."""

    _name = "ir.filters"
    _inherit = ["ir.filters", "lifecycle.protected.mixin"]

    lifecycle_stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Segment of Stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups="contact_lifecycle.group_manager",
        help="The stage that this favourite came with: it is renamed and deleted with it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._lifecycle_without_protected(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._lifecycle_without_protected(vals))

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"lifecycle_stage_id"}

    def _lifecycle_write_protected(self, vals):
        """Write the columns that ``write`` ignores."""
        return super().write(vals)

    @api.model
    def get_filters(self, model, *args, **kwargs):
        """Name the segments as their stages."""
        favourites = super().get_filters(model, *args, **kwargs)
        return self._name_segments(favourites) if model == "res.partner" else favourites

    @api.model
    def _name_segments(self, favourites):
        """:return: the favourites, the ready-made segments last, in the order and by the names of their stages"""
        if not self._has_field_access(self._fields["lifecycle_stage_id"], "read"):
            return favourites  # others have none
        segments = self.search_fetch(
            [
                ("id", "in", [favourite["id"] for favourite in favourites]),
                ("lifecycle_stage_id", "!=", False),
            ],
            ["lifecycle_stage_id"],
        )
        by_id = {favourite["id"]: favourite for favourite in favourites}
        own = [favourite for favourite in favourites if favourite["id"] not in segments.ids]
        if not self.env["lifecycle.stage"]._are_shown():
            return own
        return own + [
            {**by_id[segment.id], "name": segment.lifecycle_stage_id.display_name}
            for segment in segments.sorted(
                lambda s: (s.lifecycle_stage_id.is_lost, s.lifecycle_stage_id.sequence)
            )
        ]
