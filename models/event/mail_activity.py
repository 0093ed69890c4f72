import re

from odoo import fields, models
from odoo.tools import html2plaintext

# what ends the first words of a feedback: also a dash between spaces, but no hyphen
END_OF_PHRASE = re.compile("[.,;:!(\n\u2013\u2014]|\\s-\\s")


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    lifecycle_call_connected = fields.Boolean(
        string="Reached the Contact",
        help="Calls of this type that are done have reached the contact: lifecycle rules may move it on.",
    )


class MailActivity(models.Model):
    """Tells rules of the calls and meetings that internal users have done (T1, T2)."""

    _inherit = "mail.activity"

    lifecycle_call_connected = fields.Boolean(
        string="Reached the contact",
        help="The call has reached the contact. Feedback that is “Connected”, or begins with it and a comma or a "
        "full stop, says so too.",
    )

    def _action_done(self, feedback=False, attachment_ids=None):
        self._lifecycle_notify_done(feedback)
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _lifecycle_notify_done(self, feedback):
        Rule = self.env["lifecycle.rule"]
        if not self.env["res.partner"]._lifecycle_user_is_internal():
            return
        # sudo: mail.activity - whoever may finish the activity need not see the record it is on
        for activity in self.sudo():
            events = []
            if activity.activity_category == "phonecall":
                events = [
                    "call_made",
                    *(["call_connected"] if activity._lifecycle_is_connected(feedback) else []),
                ]
            elif activity.activity_category == "meeting":
                events = ["meeting_held"]
            for event in filter(Rule._is_awaited, events):
                Rule._notify_event(event, activity._lifecycle_get_contacts())
            if events == ["meeting_held"]:
                activity.calendar_event_id._lifecycle_mark_reported()

    def _lifecycle_is_connected(self, feedback):
        """:return: whether the activity, its type or the feedback says that the contact was reached"""
        # words of each language for a call that has reached the contact; none that also means that we tried
        said = ["connected", *self.env._("connected, reached").split(",")]
        text = html2plaintext(feedback or "").strip(" *_\n")
        phrase = END_OF_PHRASE.split(text, maxsplit=1)[0].strip(" *_").casefold()
        return (
            self.lifecycle_call_connected
            or self.activity_type_id.lifecycle_call_connected
            or phrase in {words.strip().casefold() for words in said}
        )

    def _lifecycle_get_contacts(self):
        """:return: ``res.partner``, those that the record of this activity is about"""
        if not self.res_model or self.res_model not in self.env:
            return self.env["res.partner"]
        record = self.env[self.res_model].sudo().browse(self.res_id).exists()
        partners = record._mail_get_partners()[record.id] if record else self.env["res.partner"]
        return partners.filtered("partner_share")
