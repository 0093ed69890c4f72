from odoo import Command, api, models

from ...tools.move import Import
from ...tools.shared_text import shared

STAGE = "lifecycle_stage_id"


# Imports of files into any model that has the contact's stage: contacts, their people, leads (A6). Not a docstring, as
# Odoo would take it for what each mixin is.
class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def load(self, fields, data):
        """Import a file; where it has a column for the stage, the log says that the moves are an import (H2),
        and they are a batch (D5)."""
        if not any(STAGE in str(path).split("/") for path in fields):
            return super().load(fields, data)
        what = shared(self).env["ir.model"]._get(self._name).name
        with self.env["lifecycle.batch"]._of("import", name=what) as batch:
            importing = Import(self.env, batch).carried_by(self)
            return super(Base, importing).load(fields, data)

    def _load_records(self, data_list, update=False):
        """An empty cell says nothing of the stage, neither of a new record nor of one that is there (D4)."""
        if "_import_current_module" in self.env.context:  # from ``load``, and not from a data file
            for record in data_list:
                _drop_empty_stages(record["values"])
        return super()._load_records(data_list, update)


def _drop_empty_stages(vals):
    if not vals.get(STAGE, True):
        del vals[STAGE]
    for value in vals.values():
        for command in value if isinstance(value, list) else ():
            match command:
                case [Command.CREATE | Command.UPDATE, _, dict() as line]:
                    _drop_empty_stages(line)
