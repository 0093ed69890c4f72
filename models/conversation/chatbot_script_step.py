from odoo import models
from odoo.tools import html2plaintext


class ChatbotScriptStep(models.Model):
    _inherit = "chatbot.script.step"

    def _process_answer(self, discuss_channel, message_body):
        """A visitor who gives an email is identified by it (A7)."""
        next_step = super()._process_answer(discuss_channel, message_body)
        # sudo: discuss.channel, res.partner - the visitor may neither see nor set the contact
        channel = discuss_channel.sudo()
        if self.step_type == "question_email" and not channel.lifecycle_partner_id:
            partner = channel._partner_find_from_emails_single([html2plaintext(message_body)])
            if channel._lifecycle_can_be_customer(partner):
                channel._lifecycle_identify_as(partner)
        return next_step
