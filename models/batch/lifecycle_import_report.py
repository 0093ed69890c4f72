import csv
import io

from odoo import api, fields, models

from ...tools.move_in.rows import escape_formula

REPORTED = ("file_name", "number", "external_id", "name", "email", "phone", "state", "match", "result")
REPORTED += ("move_count", "is_contradicting", "problem")
REPORTED_AT_ONCE = 10000


class LifecycleImport(models.Model):
    """What happens to each row, to look at and to download (D3)."""

    _inherit = "lifecycle.import"

    report = fields.Binary(compute="_compute_report")

    @api.readonly
    def action_rows(self):
        """Open the rows with what happens to each (D3).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is not an owner
        """
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.lifecycle_import_row_action"
        )
        return {**action, "domain": [("import_id", "=", self.id)], "context": {}}

    @api.readonly
    def action_report(self):
        """Download the rows, with what happens to each, as CSV (D3).

        :return: an ``ir.actions.act_url`` dictionary
        :raises AccessError: when the user is not an owner
        """
        self.check_access("read")
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/report/moving-in-{self.id}.csv?download=true",
            "target": "download",
        }

    def _compute_report(self):
        """A table that no spreadsheet runs anything of, with a line for each contact, or for each of its contradictions."""
        for moving in self:
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow(map(escape_formula, moving._get_report_header()))
            for line in moving._get_report_lines():
                writer.writerow(map(escape_formula, line))
            moving.report = text.getvalue().encode("utf-8-sig")

    def _get_report_header(self):
        fields_shown = self.env["lifecycle.import.row"]._fields
        return [
            *(fields_shown[name]._description_string(self.env) for name in REPORTED),
            self.env._("Moved over there"),
            self.env._("Stage over There"),
            self.env._("Here since"),
            self.env._("Stage Here"),
        ]

    def _get_report_lines(self):
        Row = self.env["lifecycle.import.row"]
        labels = {
            name: dict(Row._fields[name]._description_selection(self.env))
            for name in REPORTED
            if Row._fields[name].type == "selection"
        }
        last_id = 0
        while rows := Row.search_fetch(
            [("import_id", "=", self._origin.id), ("id", ">", last_id)], REPORTED, limit=REPORTED_AT_ONCE
        ):
            last_id = rows[-1].id
            contradictions = rows._tell_contradictions()
            for row in rows:
                line = [labels[name].get(row[name]) if name in labels else row[name] for name in REPORTED]
                for told in contradictions[row] or [("", "", "", "")]:
                    yield [*line, *told]
            rows.invalidate_recordset(flush=False)
