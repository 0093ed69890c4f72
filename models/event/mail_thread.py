from odoo import api, models

from ...tools.only_people import is_automatic

REPLIES = {"email": "email_reply", "comment": "portal_reply"}
FIRST_TYPES = ("email", "comment", "sms", "whatsapp_message")


# Hears what contacts write: it starts their lifecycle (A1) and sets off rules (T2). Not a docstring, as Odoo would
# take it for what each mixin is that inherits this one.
class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Note of an incoming mail whether a person has written it (T17): only here its headers are known."""
        if routes and is_automatic(message, message_dict["email_from"]):
            message_dict["lifecycle_is_automatic"] = True
        return super()._message_route_process(message, message_dict, routes)

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"lifecycle_is_automatic"}

    def _message_post_after_hook(self, message, *args):
        result = super()._message_post_after_hook(message, *args)
        self._lifecycle_hear(message)
        return result

    def _lifecycle_hear(self, message):
        """Let what a contact writes start its lifecycle and set off rules, where anybody asks for it."""
        event = self._lifecycle_get_reply_event(message)
        awaited = event and self.env["lifecycle.rule"]._is_awaited(event)
        starting = (
            message.message_type in FIRST_TYPES
            and self.env["res.partner"]._lifecycle_default_on() == "message"
        )
        if (awaited or starting) and (contact := self._lifecycle_find_writer(message)):
            if starting:
                self._lifecycle_first_message(contact)
            if awaited:
                self._lifecycle_notify_reply(event, contact)

    def _lifecycle_get_reply_event(self, message):
        """:return: name of the event for rules that it is when a contact writes this message, or None"""
        return REPLIES.get(message.message_type)

    def _lifecycle_find_writer(self, message):
        """Find out which contact has written a message (T17, T18).

        A mail from an address that nobody has counts for the contact to whom alone the answered message went: it is
        a second address, or an assistant. So does one from an address that several have, of whom Odoo takes one.

        :return: ``res.partner``, none for an internal user, somebody unknown and a program
        """
        # sudo: mail.message, res.partner - whoever carries the message; only which side the author is on matters
        message = message.sudo()
        author = message.author_id
        if message.lifecycle_is_automatic or (author and not author.partner_share):
            return author.browse()
        if message.message_type == "email" and not (
            author and author in self.sudo()._mail_get_partners()[self.id]
        ):
            recipient = message.parent_id._lifecycle_get_sole_recipient()
            if recipient and (not author or recipient.email_normalized == author.email_normalized):
                return recipient
        return author

    def _lifecycle_notify_reply(self, event, contact):
        self.env["lifecycle.rule"]._notify_event(event, contact)

    def _lifecycle_first_message(self, contact):
        """A contact that has been in the lifecycle before was taken out of it on purpose."""
        if not contact.lifecycle_stage_id and not contact.lifecycle_transition_ids[:1]:
            contact._lifecycle_apply_default("message")
