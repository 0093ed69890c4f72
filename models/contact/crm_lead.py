from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools import guarded_fields
from ...tools.remote_input import join_names, readable

SUMMARY_LENGTH = 5


class CrmLead(models.Model):
    """The contact's stage on its leads and opportunities, seen and changed from there (A11), and
    what was before the lead (T5).
    """

    _inherit = "crm.lead"

    lifecycle_stage_id = guarded_fields.GuardedMany2one(
        "lifecycle.stage",
        compute="_compute_lifecycle_stage_id",
        inverse="_inverse_lifecycle_stage_id",
        search="_search_lifecycle_stage_id",
        groups="contact_lifecycle.group_agent",
        search_groups="contact_lifecycle.group_manager",
        domain="[('deletion_pending', '=', False)]",
        help="Where the contact of this lead is in the sales process.",
    )

    lifecycle_summary = guarded_fields.GuardedHtml(
        string="Lifecycle History",
        compute="_compute_lifecycle_summary",
        groups="contact_lifecycle.group_agent",
        search_groups="contact_lifecycle.group_manager",
        help="The last stages of the contact and its last conversation.",
    )

    @api.depends("partner_id.lifecycle_stage_id")
    def _compute_lifecycle_stage_id(self):
        contacts = self._lifecycle_known_contacts()
        for lead in self:
            lead.lifecycle_stage_id = contacts[lead].lifecycle_stage_id

    def _compute_lifecycle_summary(self):
        """Computed and not written down: the names of stages do not become text that everybody can search."""
        # sudo: lifecycle.transition, discuss.channel - as the contact's chatter tells it; the link asks again
        Log, Channel = self.env["lifecycle.transition"].sudo(), self.env["discuss.channel"].sudo()
        contacts = self._lifecycle_known_contacts()
        partners = self.env["res.partner"].union(*contacts.values())
        moves = Log.search([("partner_id", "in", partners.ids)]).grouped("partner_id") if partners else {}
        channels = (
            Channel.search([("lifecycle_partner_id", "in", partners.ids)], order="id desc").grouped(
                "lifecycle_partner_id"
            )
            if partners
            else {}
        )
        for lead in self:
            partner = contacts[lead]
            lines = [
                self.env._(
                    "%(date)s: %(from_stage)s → %(to_stage)s",
                    date=format_date(self.env, move.date),
                    from_stage=move.from_stage_shown or self.env._("no stage"),
                    to_stage=move.to_stage_shown or self.env._("no stage"),
                )
                for move in moves.get(partner, Log)[:SUMMARY_LENGTH]
            ]
            summary = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
            channel = channels.get(partner, Channel)[:1]
            if channel:
                summary += Markup('<li><a href="/odoo/discuss?active_id=%s">%s</a></li>') % (
                    f"discuss.channel_{channel.id}",
                    self.env._("Last conversation"),
                )
            lead.lifecycle_summary = Markup("<ul>%s</ul>") % summary if summary else False

    def _inverse_lifecycle_stage_id(self):
        """Move the contacts, with one write for each stage.

        :raises UserError: when a lead has no contact yet
        """
        if without := self.filtered(lambda lead: not lead.partner_id and lead.lifecycle_stage_id):
            raise UserError(
                self.env._(
                    "%(leads)s: choose the contact before its stage.",
                    leads=join_names(without.mapped("name")),
                )
            )
        for stage, leads in self.filtered("partner_id").grouped("lifecycle_stage_id").items():
            leads.partner_id.write({"lifecycle_stage_id": stage.id})

    @api.model
    def _search_lifecycle_stage_id(self, operator, value):
        return [("partner_id.lifecycle_stage_id", operator, value)]

    def _lifecycle_known_contacts(self):
        """Find the contacts whose stage the user may know: of leads that they may read, and, where a form names another
        contact than is stored, those that they may read themselves.

        :return: dict lead -> its contact, in sudo, or an empty ``res.partner``
        """
        leads = readable(self)
        stored = self.filtered(
            lambda lead: lead._origin in leads and lead._origin.partner_id == lead.partner_id
        )
        contacts = stored.partner_id | readable((self - stored).partner_id)
        # sudo: res.partner - an agent who sees the lead sees the stage of its contact
        return {
            lead: (lead.partner_id._origin & contacts).sudo().with_prefetch(contacts.ids) for lead in self
        }
