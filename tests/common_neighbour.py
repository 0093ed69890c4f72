"""Another addon that is installed beside this one."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo import models
from odoo.orm.model_classes import add_to_registry

NEIGHBOUR = "odoo.addons.neighbour.models"


class NeighbourCase:
    """Extends models as an addon that knows nothing of this one."""

    @contextmanager
    def neighbour(self, model, attributes):
        """Within, the model is as with an addon that extends it by ``attributes``."""
        model_class = self.registry[model]
        bases = model_class._base_classes__
        definition = type(
            "Neighbour",
            (models.Model,),
            {
                "__module__": NEIGHBOUR,
                "_module": "neighbour",
                "_inherit": model,
                **attributes,
            },
        )
        try:
            with self.undone():
                add_to_registry(self.registry, definition)
                self.registry._setup_models__(self.cr, [model])
                # Odoo would give all rows that are there one token
                with patch.object(models.BaseModel, "_init_column", lambda records, name: None):
                    self.registry.init_models(self.cr, [model], {"module": "neighbour"})
                yield
        finally:
            models.MetaModel._module_to_models__.pop("neighbour")
            model_class._base_classes__ = bases
            self.registry._setup_models__(self.cr, [model])
