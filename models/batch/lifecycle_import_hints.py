from importlib.util import find_spec

from odoo import fields, models

from ...tools.remote_input import join_names


class LifecycleImport(models.Model):
    """What does not come along, said before anything is written (D3)."""

    _inherit = "lifecycle.import"

    hints = fields.Text(string="What Does Not Come Along", compute="_compute_hints")

    def _compute_hints(self):
        for moving in self:
            lines = [moving._tell_columns(), moving._tell_salespersons(), moving._tell_phones()]
            moving.hints = "\n".join(filter(None, lines))

    def _tell_columns(self):
        headers = self.column_ids.filtered(lambda column: not column.target).mapped("header")
        return headers and self.env._("Columns that are left out: %(names)s.", names=join_names(headers))

    def _tell_salespersons(self):
        """:return: a sentence on those that are nobody here: their contacts have no salesperson then"""
        groups = self.env["lifecycle.import.row"]._read_group(
            [("import_id", "in", self.ids), ("owner", "!=", False)], ["owner"], order="owner"
        )
        names = [owner for (owner,) in groups]
        found = self._find_salespersons(names)
        unknown = sorted((name for name in names if name.casefold() not in found), key=str.casefold)
        return unknown and self.env._(
            "Salespersons who are no users here, by email or name: %(names)s.", names=join_names(unknown)
        )

    def _tell_phones(self):
        if find_spec("phonenumbers") or not self.column_ids.filtered(lambda column: column.target == "phone"):
            return ""
        return self.env._(
            "Phone numbers are compared as they are written, since Odoo has no “phonenumbers” here: ask your administrator "
            "to install it."
        )
