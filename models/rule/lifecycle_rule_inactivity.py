from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.again import coming_back
from ...tools.delivery import NUMBER, UNREACHABLE
from ...tools.plans import plan_for_many_rows
from ...tools.remote_input import shorten
from ...tools.shared_text import shared
from ..stage.lifecycle_stage import MAX_DAYS
from .engine import RuleEngine

BATCH_SIZE = 500


class LifecycleRule(models.Model):
    """Rules on inactivity: no interaction with a contact for a number of days moves it (T9).

    A scheduled action goes through the contacts by id, a batch at a time, and commits after each: who
    has moved is not inactive any more, so a killed server loses and repeats nothing.
    """

    _inherit = "lifecycle.rule"

    apply_pending = fields.Boolean(
        string="Being Applied",
        readonly=True,
        copy=False,
        help="The contacts that meet the condition are moving in the background.",
    )
    inactivity_days = fields.Integer(
        string="Days without Interaction",
        default=30,
        help="Interactions are messages, emails, calls, meetings and moves to another stage; they count for "
        "the contact itself, its leads and its conversations.",
    )

    next_run = fields.Datetime(
        compute="_compute_next_run",
        help="When this rule looks next for contacts with whom nothing has happened, while it is switched on.",
    )

    _inactivity_in_range = models.Constraint(
        f"CHECK (inactivity_days <= {MAX_DAYS})",
        "A rule waits for 36,500 days (a hundred years) without interaction at most: enter a smaller number.",
    )

    @api.depends("kind")
    def _compute_next_run(self):
        # sudo: ir.cron - when the rules run is no secret to who may read them
        cron = self.env.ref("contact_lifecycle.ir_cron_run_rules", raise_if_not_found=False)
        next_run = cron and cron.sudo().active and cron.sudo().nextcall
        for rule in self:
            rule.next_run = rule.kind == "inactivity" and next_run

    @api.constrains("kind", "inactivity_days")
    def _check_inactivity_days(self):
        for rule in self:
            if rule.kind == "inactivity" and rule.inactivity_days < 1:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” must wait for one day at least: enter the number.",
                        rule=shorten(rule.name),
                    )
                )
            if (
                rule.kind == "inactivity" and rule.inactivity_days > MAX_DAYS
            ):  # as the database says of a saved one
                raise ValidationError(
                    self.env._(
                        "A rule waits for 36,500 days (a hundred years) without interaction at most: enter a smaller "
                        "number."
                    )
                )

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"apply_pending"}

    @api.model
    @coming_back("contact_lifecycle.ir_cron_run_rules")
    def _cron_run(self):
        """Run what waits for no event: the active rules on inactivity, and those to be applied now (T14)."""
        if not self.env["lifecycle.stage"]._are_shown():
            return
        cron = self.env["ir.cron"]
        domain = [("kind", "in", ["inactivity", "criteria"]), ("active", "=", True)]
        domain += ["|", ("kind", "=", "inactivity"), ("apply_pending", "=", True)]
        for rule in shared(self._as_superuser()).search(domain):
            movable, last_id, batch = rule._get_movable_domain(), 0, self.env["lifecycle.batch"]
            time_left = cron._commit_progress(remaining=self.env["res.partner"].search_count(movable))
            while time_left and (partners := rule._find_movable(last_id, movable)):
                last_id = partners[-1].id
                batch = RuleEngine(rule.env).move_some(rule, partners, batch)
                time_left = cron._commit_progress(len(partners))
            batch._end()
            if not time_left:
                return
            rule._finish_run()

    def _finish_run(self):
        """Note whom this rule left alone because of a lock, and that it has been applied."""
        self._lifecycle_write_protected({"apply_pending": False})
        locked = self.env["res.partner"].search(self._get_movable_domain(locked=True), order="id")
        Log = self.env["lifecycle.rule.log"]
        Log._write_runs(Log._prepare(self.id, self.kind, "locked", locked))

    def _get_movable_domain(self, locked=False):
        """:param bool locked: those it would move if they were not locked, instead
        :return: ``Domain`` of the contacts that this rule would move now, without waiting for an event
        """
        checks = dict(self._get_checks())
        free = checks.pop("locked")
        return Domain.AND([*checks.values(), ~free if locked else free])

    def _find_movable(self, after_id=0, movable=None):
        """:param movable: ``_get_movable_domain()``, where several batches are looked for
        :return: ``res.partner``, the next batch of contacts that this rule would move now, by id from ``after_id`` on
        """
        domain = self._get_movable_domain() if movable is None else movable
        return self.env["res.partner"].search(
            domain & Domain("id", ">", after_id), order="id", limit=BATCH_SIZE
        )

    def _get_inactive_domain(self):
        """:return: ``Domain`` of the contacts with whom nothing has happened for the days of this rule"""
        self.ensure_one()
        since = fields.Datetime.now() - timedelta(days=self.inactivity_days)

        def to_sql(partners, alias, _query):
            plan_for_many_rows(partners.env.cr)
            return self._get_inactive_sql(SQL.identifier(alias, "id"), since)

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _get_inactive_sql(self, partner_id, since):
        """:return: ``SQL`` condition: nothing has happened with that contact since then"""
        for model in (
            "mail.message",
            "mail.notification",
            "sms.sms",
            "crm.lead",
            "discuss.channel",
            "calendar.event",
        ):
            self.env[model].flush_model()
        spoken = SQL(
            "%(spoken)s AND message.create_date >= %(since)s AND (message.message_type = 'email' OR message.date >= %(since)s)",
            spoken=self._get_spoken_sql(partner_id),
            since=since,
        )
        spoken_to = SQL("%s AND %s", spoken, self._get_spoken_to_sql())
        return SQL(
            """
            COALESCE(%(partner_date)s < %(since)s, FALSE)
            AND NOT EXISTS (
                SELECT FROM mail_message message
                 WHERE message.model = 'res.partner' AND message.res_id = %(partner)s
                   AND %(spoken_to)s AND NOT %(unreached_partner)s)
            AND NOT EXISTS (
                SELECT FROM mail_message message
                 WHERE message.author_id = %(partner)s AND %(spoken)s)
            AND NOT EXISTS (
                SELECT FROM mail_notification notification
                  JOIN mail_message message ON message.id = notification.mail_message_id
                 WHERE notification.res_partner_id = %(partner)s AND %(spoken)s AND NOT %(unreached)s)
            AND NOT EXISTS (
                SELECT FROM mail_notification notification
                  JOIN mail_message message ON message.parent_id = notification.mail_message_id
                 WHERE notification.res_partner_id = %(partner)s AND notification.notification_type = 'email'
                   AND message.message_type = 'email' AND message.author_id IS NULL AND %(spoken)s
                   AND NOT EXISTS (
                       SELECT FROM mail_notification other
                        WHERE other.mail_message_id = notification.mail_message_id
                          AND other.notification_type = 'email' AND other.id != notification.id))
            AND NOT EXISTS (
                SELECT FROM crm_lead lead
                  JOIN mail_message message ON message.model = 'crm.lead' AND message.res_id = lead.id
                 WHERE lead.partner_id = %(partner)s AND %(spoken_to)s AND NOT %(unreached_lead)s)
            AND NOT EXISTS (
                SELECT FROM discuss_channel channel
                 WHERE channel.lifecycle_partner_id = %(partner)s AND channel.last_interest_dt >= %(since)s)
            AND NOT EXISTS (
                SELECT FROM calendar_attendee attendee
                  JOIN calendar_event event ON event.id = attendee.event_id
                 WHERE attendee.partner_id = %(partner)s AND attendee.state IS DISTINCT FROM 'declined'
                   AND event.active AND event.stop >= %(since)s)
            """,
            partner=partner_id,
            partner_date=SQL(
                "COALESCE(%s, %s)",
                SQL.identifier("res_partner", "date_last_stage_update"),
                SQL.identifier("res_partner", "create_date"),
            ),
            since=since,
            spoken=spoken,
            spoken_to=spoken_to,
            unreached=self._get_unreached_sql(),
            unreached_partner=self._get_message_unreached_sql(SQL("message.res_id")),
            unreached_lead=self._get_message_unreached_sql(SQL("lead.partner_id")),
        )

    @api.model
    def _get_spoken_sql(self, partner_id):
        """Tell what people write and do from tracking, and from what programs and the system send (T17).

        When it was, is another question: a mail has the date that its sender's clock says; what is brought from elsewhere
        has the one that is given.

        :return: ``SQL`` condition on ``message``, a row of ``mail_message``
        """
        colleagues = self.env["res.users"].with_context(active_test=False)
        colleagues = colleagues.search([("share", "=", False), ("id", "!=", SUPERUSER_ID)])
        return SQL(
            """
            message.lifecycle_is_automatic IS NOT TRUE
            AND (message.message_type = 'email'
                 OR message.mail_activity_type_id IS NOT NULL
                 OR (message.message_type IN ('comment', 'sms', 'whatsapp_message')
                     AND (message.create_uid != %(system)s OR message.author_id = %(partner)s))
                 OR (message.message_type = 'email_outgoing' AND message.create_uid = ANY(%(colleagues)s)))
            """,
            partner=partner_id,
            system=SUPERUSER_ID,
            colleagues=colleagues.ids,
        )

    @api.model
    def _get_spoken_to_sql(self):
        """:return: ``SQL`` condition on ``message``: it is no note, as people also write to each other on a contact and its
        leads
        """
        return SQL(
            "(message.message_type != 'comment' OR message.subtype_id IS DISTINCT FROM %s)",
            self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
        )

    @api.model
    def _get_unreached_sql(self):
        """:return: ``SQL`` condition on ``notification``, a row of ``mail_notification``: it cannot reach the contact"""
        return SQL(
            """
            COALESCE(notification.notification_status IN ('bounce', 'canceled')
                     OR notification.failure_type = ANY(%(unreachable)s)
                     OR (notification.notification_type = 'sms'
                         AND COALESCE(notification.sms_number, '') !~ %(number)s), FALSE)
            """,
            unreachable=list(UNREACHABLE),
            number=NUMBER,
        )

    @api.model
    def _get_message_unreached_sql(self, partner_id):
        """:return: ``SQL`` condition on ``message``: it was sent to the contact, and cannot reach it"""
        return SQL(
            """
            (EXISTS (
                SELECT FROM mail_notification notification
                 WHERE notification.mail_message_id = message.id
                   AND notification.res_partner_id = %(partner)s AND %(unreached)s)
             OR (message.message_type = 'sms' AND EXISTS (
                SELECT FROM sms_sms
                 WHERE sms_sms.mail_message_id = message.id
                   AND (sms_sms.state = 'canceled' OR sms_sms.failure_type = ANY(%(unreachable)s)))))
            """,
            partner=partner_id,
            unreached=self._get_unreached_sql(),
            unreachable=list(UNREACHABLE),
        )
