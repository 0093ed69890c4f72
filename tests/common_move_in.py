from odoo import fields
from odoo.tools import SQL

from .common_batches import BatchesCase


class MoveInCase(BatchesCase):
    """Contacts move in from files of other systems, as an owner lets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lifecycle.rule"].search([]).active = False
        cls.owner.tz = "UTC"

    def prepare(self, source, files, user=None, **vals):
        """:return: ``lifecycle.import`` with the files, not read yet"""
        env = self.env(user=user or self.owner)
        attachments = env["ir.attachment"].create(
            [{"name": name, "raw": data, "res_model": "lifecycle.import"} for name, data in files.items()]
        )
        vals = {"day_first": True, "attachment_ids": attachments.ids, **vals}
        return env["lifecycle.import"].create({"source": source, **vals})

    def try_out(self, source, files, mapping=None, **vals):
        """:param dict mapping: value of the source -> ``lifecycle.stage`` of ours, none to leave it empty
        :return: ``lifecycle.import`` after the trial
        """
        moving = self.prepare(source, files, **vals)
        moving.action_read()
        if mapping is not None:
            for line in moving.stage_ids:
                stage = mapping.get(line.value, self.Stage)
                line.write({"outcome": "use" if stage else "empty", "stage_id": stage.id})
            moving.action_try()
        return moving

    def move_in(self, source, files, mapping=None, **vals):
        """:return: ``lifecycle.import`` that is done"""
        moving = self.try_out(source, files, mapping, **vals)
        moving.action_start()
        self.env["lifecycle.import"]._cron_move_in()
        self.assertEqual(moving.state, "done")
        self.env.invalidate_all()
        return moving

    def find(self, source, external_id):
        return self.env.ref(f"__lifecycle_{source}__.{external_id}")

    def get_rows(self, moving, **domain):
        conditions = [("import_id", "=", moving.id), *((name, "=", value) for name, value in domain.items())]
        return self.env["lifecycle.import.row"].search(conditions)

    def get_history(self, contact):
        """:return: list of (stage, date, source) of the log, oldest first"""
        log = self.Transition.search([("partner_id", "=", contact.id)]).sorted(lambda row: (row.date, row.id))
        return [(row.to_stage_id, row.date, row.source) for row in log]

    def assertOneLine(self, contact):
        """Each row says which stage was left, and since when; the contact is where the last one leads."""
        stage, since = self.Stage, False
        for row in self.Transition.search([("partner_id", "=", contact.id)]).sorted(lambda r: (r.date, r.id)):
            if row.from_stage_id:
                self.assertEqual((row.from_stage_id, row.date_entered), (stage, since))
                self.assertEqual(row.from_stage_name, stage.with_context(lang="en_US").display_name)
                days = (row.date - since).total_seconds() / 86400
                self.assertAlmostEqual(row.days_in_stage, days, 6)
            stage, since = row.to_stage_id, row.date
        self.assertEqual(contact.lifecycle_stage_id, stage)
        if stage:
            self.assertEqual(contact.date_last_stage_update, since)

    def count_everything(self):
        """:return: dict table -> number of rows, of all that moving in could write"""
        self.env.flush_all()
        tables = ("res_partner", "lifecycle_transition", "lifecycle_stage", "mail_message", "ir_model_data")
        tables += ("mail_tracking_value", "res_partner_category", "mail_mail", "mail_notification", "bus_bus")
        counts = {}
        for table in tables:
            [(counts[table],)] = self.env.execute_query(SQL("SELECT count(*) FROM %s", SQL.identifier(table)))
        return counts

    def table(self, *lines):
        return {"contacts.csv": "\n".join(("Id,Name,Email,Phone,Stage,Date", *lines)).encode()}

    def now(self):
        return fields.Datetime.now().replace(microsecond=0)
