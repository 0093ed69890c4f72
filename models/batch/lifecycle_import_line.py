from odoo import api, fields, models


class LifecycleImportLine(models.AbstractModel):
    """What an owner may say of an import, as long as nothing goes on: whoever says it, and through which door (D1).

    What the addon itself has found out passes by ``_lifecycle_create_lines``, ``_lifecycle_write_lines`` and
    ``_lifecycle_unlink_lines``.
    """

    _name = "lifecycle.import.line.mixin"
    _description = "Line of an Import"

    import_id = fields.Many2one("lifecycle.import", required=True, index=True, ondelete="cascade")

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.import_id._check_lines_open()
        return lines

    def write(self, vals):
        self.import_id._check_lines_open()
        result = super().write(vals)
        if "import_id" in vals:
            self.import_id._check_lines_open()
        return result

    def unlink(self):
        # no @api.ondelete, which what the addon deletes cannot pass by
        self.import_id._check_lines_open()
        return super().unlink()

    @api.model
    def _lifecycle_create_lines(self, vals_list):
        return super().create(vals_list)

    def _lifecycle_write_lines(self, vals):
        return super().write(vals)

    def _lifecycle_unlink_lines(self):
        return super().unlink()
