from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.again import coming_back

BATCH_SIZE = 200


class CalendarEvent(models.Model):
    """Tells rules of meetings: that one is scheduled (T1), and, when it is over, that it was held (T2)."""

    _name = "calendar.event"
    _inherit = ["calendar.event", "lifecycle.protected.mixin"]

    lifecycle_meeting_reported = fields.Boolean(
        string="Reported as Held",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The lifecycle rules know that this meeting took place.",
    )

    _lifecycle_meeting_reported_idx = models.Index("(stop) WHERE lifecycle_meeting_reported IS NOT TRUE")

    def _auto_init(self):
        """Mark past meetings as reported, so that installing triggers no rule."""
        self.env.cr.execute(
            SQL(
                "SELECT FROM information_schema.columns WHERE table_name = %s AND column_name = 'lifecycle_meeting_reported'",
                self._table,
            )
        )
        is_new = not self.env.cr.rowcount
        result = super()._auto_init()
        if is_new:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET lifecycle_meeting_reported = TRUE WHERE stop < now() AT TIME ZONE 'UTC'",
                    SQL.identifier(self._table),
                )
            )
        return result

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create([self._lifecycle_without_protected(vals) for vals in vals_list])
        Rule = self.env["lifecycle.rule"]
        if Rule._is_awaited("meeting_scheduled") and self.env["res.partner"]._lifecycle_user_is_internal():
            # sudo: crm.lead - the customer of the opportunity, though not invited
            Rule._notify_event("meeting_scheduled", events.sudo().opportunity_id.partner_id)
        return events

    def write(self, vals):
        return super().write(self._lifecycle_without_protected(vals))

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"lifecycle_meeting_reported"}

    @api.model
    @coming_back("contact_lifecycle.ir_cron_meetings_held")
    def _cron_lifecycle_held(self):
        """Tell rules of the meetings that are over, a batch at a time; each is marked with what follows of it.

        Who has declined was not there; a meeting that is archived or deleted was not held.
        """
        cron, Rule = self.env["ir.cron"], self.env["lifecycle.rule"]
        over = [("lifecycle_meeting_reported", "!=", True), ("stop", "<=", fields.Datetime.now())]
        if not Rule._is_awaited("meeting_held"):
            self.search(over)._lifecycle_mark_reported()
            return
        time_left = cron._commit_progress(remaining=self.search_count(over))
        while time_left and (events := self.search(over, limit=BATCH_SIZE, order="stop, id")):
            for event in events:
                attended = event.attendee_ids.filtered(lambda attendee: attendee.state != "declined")
                contacts = attended.partner_id.filtered("partner_share")
                Rule._notify_event("meeting_held", contacts or event.opportunity_id.partner_id)
            events._lifecycle_mark_reported()
            time_left = cron._commit_progress(len(events))

    def _lifecycle_mark_reported(self):
        """Mark these meetings as reported: not by ``write``, which would tell the attendees of a change."""
        if self.ids:
            self.env.cr.execute(
                SQL(
                    "UPDATE calendar_event SET lifecycle_meeting_reported = TRUE WHERE id = ANY(%s)", self.ids
                )
            )
            self.invalidate_recordset(["lifecycle_meeting_reported"])
