from unittest.mock import patch

from odoo import Command

from .common import LifecycleCase


class AutomationCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Automation = cls.env["base.automation"]
        cls.Automation.search([]).active = False
        cls.partner_model = cls.env["ir.model"]._get("res.partner")
        cls.contact.email = "contact@example.com"

    @classmethod
    def make_automation(cls, stage, *steps, **vals):
        """:return: an automation on entering ``stage``, with an action for each dict of ``steps``"""
        return cls.Automation.create(
            {
                "name": "Automation",
                "model_id": cls.partner_model.id,
                "trigger": "on_stage_set",
                "lifecycle_trigger": True,
                "trg_field_ref": stage.id,
                "action_server_ids": [
                    Command.create(
                        {"name": "Step", "model_id": cls.partner_model.id, "sequence": sequence, **step}
                    )
                    for sequence, step in enumerate(steps)
                ],
                **vals,
            }
        )

    @classmethod
    def make_activity_step(cls, summary="Call", **vals):
        activity_type = cls.env.ref("mail.mail_activity_data_call")
        return {
            "state": "next_activity",
            "activity_type_id": activity_type.id,
            "activity_summary": summary,
            **vals,
        }

    def get_activities(self, contacts):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", contacts.ids)]
        )

    def run_delayed(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", autospec=True, return_value=1.0):
            self.env["base.automation"]._cron_process_time_based_actions()
