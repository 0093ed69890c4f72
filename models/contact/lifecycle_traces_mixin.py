from odoo import api, models

from .gathering import Gathering


class LifecycleTracesMixin(models.AbstractModel):
    """What follows a move: whoever reads it finds that of moves whose traces wait as well (H1, H2)."""

    _name = "lifecycle.traces.mixin"
    _description = "Traces of Moves"

    @api.model
    def _search(self, *args, **kwargs):
        Gathering.write_waiting(self.env)
        return super()._search(*args, **kwargs)

    @api.private
    def flush_model(self, fnames=None):
        Gathering.write_waiting(self.env)
        return super().flush_model(fnames)
