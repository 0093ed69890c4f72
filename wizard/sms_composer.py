from odoo import models

from ..tools.delivery import UNREACHABLE


class SmsComposer(models.TransientModel):
    """Tells rules of the text messages that an internal user sends to several contacts at once (T1)."""

    _inherit = "sms.composer"

    def _action_send_sms_mass(self, records=None):
        """These leave no notifications; newsletters, and what the system or an automation sends, are nobody's (T17)."""
        text_messages = super()._action_send_sms_mass(records)
        Rule = self.env["lifecycle.rule"]
        is_newsletter = "mailing_id" in self and self.mailing_id
        if (
            Rule._is_awaited("sms_sent")
            and not is_newsletter
            and self.env["res.partner"]._lifecycle_user_is_internal()
        ):
            # sudo: sms.sms - only who gets it matters
            leaving = text_messages.sudo().filtered(
                lambda sms: sms.state != "canceled" and sms.failure_type not in UNREACHABLE
            )
            Rule._notify_event("sms_sent", leaving.partner_id)
        return text_messages
