from odoo.tests import Form, tagged

from ..common_event import EventCase


@tagged("post_install", "-at_install")
class TestOpportunityEvents(EventCase):
    """What becomes of an opportunity moves its contact (T7)."""

    kind = "opportunity"

    def test_created(self):
        """T7: made, converted from a lead, or its customer becomes known"""
        rule = self.listen("opportunity_created")
        contacts = self.make_contacts(4)
        Lead = self.env["crm.lead"].with_user(self.salesman)
        Lead.create({"name": "x", "type": "opportunity", "partner_id": contacts[0].id})
        self.assertMoved(contacts[0], self.hot_lead, rule)

        lead = Lead.create({"name": "x", "type": "lead", "partner_id": contacts[1].id})
        self.assertStayed(contacts[1])
        lead.convert_opportunity(contacts[1])
        self.assertMoved(contacts[1], self.hot_lead, rule)

        lead = Lead.create({"name": "x", "type": "opportunity"})
        self.commit()
        with Form(lead) as form:
            form.partner_id = contacts[2]
        self.assertMoved(contacts[2], self.hot_lead, rule)
        lead.name = "y"
        self.assertStayed(contacts[3])

    def test_won(self):
        """T7: by the button and by the stage"""
        rule = self.listen("opportunity_won")
        self.lead.with_user(self.salesman).action_set_won_rainbowman()
        self.assertMoved(self.contact, self.hot_lead, rule)

        contact = self.make_contacts(1)
        lead = self.lead.copy({"partner_id": contact.id})
        self.commit()
        lead.stage_id = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        self.assertMoved(contact, self.hot_lead, rule)

    def test_lost(self):
        """T7, T10: the rule names a lost stage"""
        rule = self.make_rule(
            "opportunity", ["opportunity_lost"], self.cold_lead.stage_id, self.new_lead | self.hot_lead
        )
        reason = self.env["crm.lost.reason"].create({"name": "Too expensive"})
        self.lead.with_user(self.salesman).action_set_lost(lost_reason_id=reason.id)
        self.assertMoved(self.contact, self.cold_lead.stage_id, rule)
        self.assertFalse(self.contact.lifecycle_locked)
