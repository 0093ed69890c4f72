from datetime import timedelta

from odoo import Command, fields

from .common_rule import RuleCase


class EventCase(RuleCase):
    kind = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_type = cls.env.ref("mail.mail_activity_data_call")
        cls.meeting_type = cls.env.ref("mail.mail_activity_data_meeting")
        cls.start = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)

    def listen(self, event):
        """Only one event is ticked, so that no other one can be what moves the contact."""
        return self.make_rule(self.kind, [event], self.hot_lead, self.new_lead, name=f"On {event}")

    def do_activity(self, record, activity_type, feedback=False, **vals):
        activity = record.with_user(self.salesman).activity_schedule(
            activity_type_id=activity_type.id, user_id=self.salesman.id, **vals
        )
        self.commit()
        activity.with_user(self.salesman).action_feedback(feedback=feedback)

    def make_meeting(self, partners, user=None, **vals):
        return (
            self.env["calendar.event"]
            .with_user(user or self.salesman)
            .create(
                {
                    "name": "Show the engine",
                    "start": self.start,
                    "stop": self.start + timedelta(hours=1),
                    "partner_ids": [Command.set((partners | self.salesman.partner_id).ids)],
                    **vals,
                }
            )
        )
