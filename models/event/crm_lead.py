from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date

from ...tools.guarded_fields import GuardedHtml

STORY_LENGTH = 5


class CrmLead(models.Model):
    """Tells rules what becomes of opportunities (T6, T7), and salespeople what was before a lead (T5)."""

    _inherit = "crm.lead"

    lifecycle_story = GuardedHtml(
        string="Story So Far",
        compute="_compute_lifecycle_story",
        groups="contact_lifecycle.group_agent",
        search_groups="contact_lifecycle.group_manager",
        help="The last stages of the contact and its last conversation.",
    )

    def _compute_lifecycle_story(self):
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
                    from_stage=move.from_stage_name or self.env._("no stage"),
                    to_stage=move.to_stage_name or self.env._("no stage"),
                )
                for move in moves.get(partner, Log)[:STORY_LENGTH]
            ]
            story = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
            channel = channels.get(partner, Channel)[:1]
            if channel:
                story += Markup('<li><a href="/odoo/discuss?active_id=%s">%s</a></li>') % (
                    f"discuss.channel_{channel.id}",
                    self.env._("Last conversation"),
                )
            lead.lifecycle_story = Markup("<ul>%s</ul>") % story if story else False

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._lifecycle_notify("opportunity_created")
        return leads

    def write(self, vals):
        """A lead that becomes an opportunity, or whose customer gets known, is a new opportunity of the contact."""
        former = {}
        if {"type", "partner_id"} & vals.keys() and self.env["lifecycle.rule"]._is_awaited(
            "opportunity_created"
        ):
            former = {lead.id: (lead.type, lead.partner_id) for lead in self}
        result = super().write(vals)
        self.filtered(
            lambda lead: lead.id in former and former[lead.id] != (lead.type, lead.partner_id)
        )._lifecycle_notify("opportunity_created")
        return result

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        for event, key in (("opportunity_won", "is_won"), ("opportunity_lost", "is_lost")):
            self.filtered(
                lambda lead, key=key: (
                    new_status_by_lead.get(lead.id, {}).get(key)
                    and not old_status_by_lead.get(lead.id, {}).get(key)
                )
            )._lifecycle_notify(event)
        return result

    def _lifecycle_notify(self, event):
        """Report an event to the rules for the contacts of those of these leads that are opportunities."""
        Rule = self.env["lifecycle.rule"]
        if not Rule._is_awaited(event):
            return
        # sudo: crm.lead - whoever changes the lead need not see its contact
        for lead in self.sudo().filtered(lambda lead: lead.type == "opportunity"):
            Rule._notify_event(event, lead.partner_id, lead)
