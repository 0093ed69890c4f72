from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.remote_input import shorten
from ...tools.shared_text import write_in_all_languages
from ..stage.lifecycle_stage import MAX_DAYS

CRON = "contact_lifecycle.ir_cron_make_leads"
NO_EVENT = ("merge", "undo")  # sources of moves that are bookkeeping


class LifecycleRule(models.Model):
    """Rules that make leads: as a contact enters a stage (T5), or to follow up on a lost one (T6).

    What a lead holds is said here; ``lifecycle_lead_request.py`` creates it, at once or later.
    """

    _inherit = "lifecycle.rule"

    entered_stage_ids = fields.Many2many(
        "lifecycle.stage",
        string="On entering",
        relation="lifecycle_rule_entered_stage_rel",
        domain="[('deletion_pending', '=', False)]",
        help="A contact that enters one of these stages gets a lead.",
    )
    lost_reason_ids = fields.Many2many(
        "crm.lost.reason",
        string="On losing an opportunity for",
        help="A contact whose opportunity is lost for one of these reasons gets a lead.",
    )
    lead_kind = fields.Selection(
        [("lead", "Lead"), ("opportunity", "Opportunity")],
        string="Make a",
        required=True,
        default=lambda self: "lead" if self.env.user.has_group("crm.group_use_lead") else "opportunity",
    )
    lead_type = fields.Selection(
        [("new_business", "New business"), ("upsell", "Upsell"), ("reattempt", "Re-attempt")],
        string="Type",
        help="The lead gets a tag of that name.",
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", ondelete="set null")
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        ondelete="set null",
        domain="[('share', '=', False)]",
        help="Empty, or archived since: the contact's own salesperson.",
    )
    source_id = fields.Many2one("utm.source", ondelete="set null")
    delay_days = fields.Integer(string="Delay", help="In days. 0: at once.")

    _delay_in_range = models.Constraint(
        f"CHECK (delay_days BETWEEN 0 AND {MAX_DAYS})",
        "The delay of a lead is 36,500 days (a hundred years) at most and not negative: enter 0 to make it at once.",
    )

    @api.constrains("kind", "entered_stage_ids", "lost_reason_ids")
    def _check_lead_triggers(self):
        for rule in self:
            if rule.kind == "lead" and not rule.entered_stage_ids:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” does not say when to make a lead: choose the stages to enter.",
                        rule=shorten(rule.name),
                    )
                )
            if rule.kind != "follow_up":
                continue
            if not rule.entered_stage_ids and not rule.lost_reason_ids:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” does not say what to follow up on: choose lost stages or lost reasons.",
                        rule=shorten(rule.name),
                    )
                )
            if wrong := rule.entered_stage_ids.filtered(lambda stage: not stage.is_lost):
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” follows up on lost contacts, and %(stages)s is no lost stage: choose another "
                        "one, or a rule that creates a lead.",
                        rule=shorten(rule.name),
                        stages=", ".join(wrong.mapped("display_name")),
                    )
                )

    @api.model
    def _triggers_lead(self, spec, event, origin):
        """:param tuple origin: (model, id) of the move, or of the lost opportunity; None where nobody said
        :return: whether that one event makes a lead: the stage entered, or the reason of the loss
        """
        if not origin:
            return False
        model, origin_id = origin
        record = self.env[model].browse(origin_id)
        if event == "opportunity_lost":
            return record.lost_reason_id.id in spec.lost_reason_ids
        if record.source in NO_EVENT or (spec.kind == "lead" and record.source == "company"):
            return False
        return record.to_stage_id.id in spec.entered_ids

    def _get_company_domain(self):
        """:return: ``Domain`` of the contacts that this rule's salesperson and team may work for: those of their
        companies and those of none
        """
        domain = Domain.TRUE
        if salesperson := self._get_rule_salesperson():
            domain &= Domain("company_id", "in", [False, *salesperson.company_ids.ids])
        if company := self._get_rule_team().company_id:
            domain &= Domain("company_id", "in", [False, company.id])
        return domain

    def _request_leads(self, partners, happened):
        """Keep in the database that these contacts get a lead, and make those that are due (T5, T6).

        :param dict happened: contact id -> set of (event, (model, id) of the move or of the lost opportunity)
        :return: list of (contact, error message) of the leads that are due and could not be made; their
            requests stay
        """
        due = fields.Datetime.now() + timedelta(days=self.delay_days)
        requests = self.env["lifecycle.lead.request"]._add(
            self,
            due,
            {partner.id: sorted(happened[partner.id])[0] for partner in partners},
        )
        if self.delay_days:
            self.env.ref(CRON)._trigger(at=due)
            return []
        _made, failures = requests._make_or_mark()
        return failures

    def _get_rule_salesperson(self):
        return self.user_id.filtered("active")

    def _get_rule_team(self):
        return self.team_id.filtered("active")

    def _get_salesperson(self, partner):
        """:return: ``res.users``: this rule's, else the contact's own where they may work for its company, or none"""
        # unfiltered, so that those of all contacts are read together
        own, company = partner.user_id, partner.company_id
        may_work = own.active and (not company or company in own.company_ids)
        return self._get_rule_salesperson() or (own if may_work else own.browse())

    def _get_lead_vals(self, partner, event):
        """:return: the values of the lead that this rule makes for a contact; addons add theirs"""
        self.ensure_one()
        names = {
            "new_business": self.env._("New business: %(contact)s", contact=partner.display_name),
            "upsell": self.env._("Upsell: %(contact)s", contact=partner.display_name),
            "reattempt": self.env._("Re-attempt: %(contact)s", contact=partner.display_name),
        }
        vals = {
            "name": names.get(self.lead_type, partner.display_name),
            "type": self.lead_kind,
            "partner_id": partner.id,
            "user_id": self._get_salesperson(partner).id,
            "source_id": self.source_id.id,
            "tag_ids": [Command.set(self._get_lead_tag().ids)],
        }
        if team := self._get_rule_team():
            vals["team_id"] = team.id
        if partner.company_id:
            vals["company_id"] = partner.company_id.id
        return vals

    def _get_lead_tag(self):
        """:return: the ``crm.tag`` of this rule's type: the one of that name, which is made when there is none"""
        if not self.lead_type:
            return self.env["crm.tag"]

        def get_texts(env):
            return {"name": dict(self._fields["lead_type"]._description_selection(env))[self.lead_type]}

        name = get_texts(self.env)["name"]
        xmlid = f"contact_lifecycle.crm_tag_{self.lead_type}"
        # sudo: crm.tag, ir.model.data - the tag is made for the rule, and found again when it is renamed
        Tag, Data = self.env["crm.tag"].sudo(), self.env["ir.model.data"].sudo()
        tag = self.env.ref(xmlid, raise_if_not_found=False) or Tag.search([("name", "=ilike", name)], limit=1)
        if not tag:
            tag = Tag.create({"name": name})
            write_in_all_languages(tag, get_texts)
            Data._update_xmlids([{"xml_id": xmlid, "record": tag, "noupdate": True}])
        return tag
