from odoo import api, models


class CalendarAttendee(models.Model):
    """Tells rules that one of our people has invited a contact to a meeting (T1)."""

    _inherit = "calendar.attendee"

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        Rule = self.env["lifecycle.rule"]
        if Rule._is_awaited("meeting_scheduled") and self.env["res.partner"]._lifecycle_user_is_internal():
            # sudo: res.partner - only which side the attendee is on matters
            Rule._notify_event("meeting_scheduled", attendees.sudo().partner_id.filtered("partner_share"))
        return attendees
