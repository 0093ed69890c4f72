from odoo import api, models

from ...tools.remote_input import shorten


class LifecycleImport(models.Model):
    """What is said of files and rows that cannot be read: one sentence each (D3)."""

    _inherit = "lifecycle.import"

    @api.model
    def _get_problem(self, problem, row=None):
        """:param problem: ``tools.move_in.rows.Unreadable``
        :param int row: the number of the row
        :return: a sentence
        """
        facts = {name: shorten(value) for name, value in problem.facts.items()}
        row = facts.pop("row", row)
        sentence = self._get_problems()[problem.reason] % facts
        return self.env._("Row %(row)s: %(problem)s", row=row, problem=sentence) if row else sentence

    @api.model
    def _get_problems(self):
        """:return: dict reason -> sentence, in which the facts are to be filled"""
        return {
            "empty": self.env._("There is nothing in this file: choose another one."),
            "too_large": self.env._("This is more than %(max)s MB: export it in several parts."),
            "columns": self.env._("There are more than %(max)s columns: leave out what is not needed."),
            "encoding": self.env._("The text is not in %(encoding)s: save the file as UTF-8."),
            "table": self.env._(
                "This is no row of a CSV file: look for a quotation mark that is not closed."
            ),
            "binary": self.env._("This is no text: export it as CSV, XLSX or JSON."),
            "line": self.env._("This line does not end: export the file as CSV."),
            "xlsx": self.env._("This workbook cannot be opened: save it as XLSX again, or as CSV."),
            "json": self.env._("The JSON is broken or cut off here: fetch this page again."),
            "json_contact": self.env._("This is no contact as HubSpot gives it: fetch it again."),
            "json_source": self.env._(
                "Only respond.io and HubSpot have JSON that is known here: choose one of them."
            ),
            "no_columns": self.env._(
                "No column is recognised: say what they are, then read the files again."
            ),
            "date": self.env._("“%(value)s” is no date: correct it, or leave the column out."),
            "future": self.env._("“%(value)s” has not happened yet: check the date and the time zone."),
            "nobody": self.env._("There is neither an id nor a name, email or phone: nobody is made of it."),
            "beyond": self.env._(
                "“%(value)s” is beyond the last column: put a text with separators into quotation marks, or name the "
                "column."
            ),
            "event": self.env._("“%(value)s” is no change of a stage: leave it out."),
            "arrival": self.env._("It is not said when it came: log it with “received_at”."),
        }
