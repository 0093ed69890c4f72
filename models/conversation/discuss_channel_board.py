from odoo import api, models


class DiscussChannel(models.Model):
    """The board of conversations, a column for each stage (I1)."""

    _inherit = "discuss.channel"

    @api.model
    @api.readonly
    def web_read_group(
        self, domain, groupby, *args, opening_info=None, unfold_read_default_limit=80, **kwargs
    ):
        """Open the column of what has no stage as the board is opened: there new visitors wait. Odoo folds it."""
        if not opening_info and list(groupby) == ["lifecycle_stage_id"] and kwargs.get("auto_unfold"):
            opening_info = [
                {"value": False, "folded": False, "offset": 0, "limit": unfold_read_default_limit}
            ]
        return super().web_read_group(
            domain,
            groupby,
            *args,
            opening_info=opening_info,
            unfold_read_default_limit=unfold_read_default_limit,
            **kwargs,
        )
