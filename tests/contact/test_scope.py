from odoo.fields import Domain
from odoo.tests import tagged

from ...models.contact.res_partner_scope import SHIPPED_DOMAIN
from ..common_scope import ScopeCase


@tagged("post_install", "-at_install")
class TestOwnCompanies(ScopeCase):
    """A2: the database's own companies are nobody's leads, with one company as with five."""

    def assertOutOfScope(self, partner):
        self.assertFalse(partner.with_user(self.agent).lifecycle_in_scope, partner.name)
        found = self.Partner.with_context(active_test=False).search([("lifecycle_in_scope", "=", True)])
        self.assertNotIn(partner, found)
        self.assertIn(self.contact, found)

    def test_companies_that_are_added_enter_no_stage(self):
        """A2, A1: a branch as well"""
        Company = self.env["res.company"]
        first, second = Company.create([{"name": "First"}, {"name": "Second"}])
        branch = Company.create({"name": "Branch", "parent_id": first.id})
        for company in (first, second, branch):
            self.assertFalse(company.partner_id.lifecycle_stage_id, company.name)
            self.assertFalse(self.get_moves(company.partner_id), company.name)
            self.assertOutOfScope(company.partner_id)
        self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.new_lead)

    def test_company_that_was_there_before(self):
        """A2: the first one too, which “Apply to Existing Contacts” would take"""
        partner = self.env.company.partner_id
        self.assertOutOfScope(partner)
        self.assertNotIn(partner, self.Partner.search(self.Partner._lifecycle_without_stage_domain()))
        archived = self.env["res.company"].create({"name": "Former"})
        archived.active = False
        self.assertOutOfScope(archived.partner_id)

    def test_contact_that_becomes_a_company(self):
        """A2: out of scope as soon as it is one, and back when it is no more"""
        company = self.env["res.company"].create({"name": "Taken over", "partner_id": self.contact.id})
        other = self.make_contacts(1)
        self.contact = other
        taken_over = company.partner_id
        self.assertOutOfScope(taken_over)
        company.partner_id = self.make_contacts(1)
        self.env.invalidate_all()
        self.assertTrue(taken_over.lifecycle_in_scope)
        self.assertOutOfScope(company.partner_id)

    def test_whatever_the_settings_say(self):
        """A2: those who have saved the shipped filter, or have one of their own"""
        company = self.env["res.company"].create({"name": "Ours"})
        for domain in (
            "[('partner_share', '=', True), ('type', 'in', ['contact', False])]",
            "[]",
            "[('is_company', '=', True)]",
        ):
            self.set_scope(domain)
            self.env.invalidate_all()
            self.assertFalse(company.partner_id.lifecycle_in_scope, domain)

    def test_agent_of_one_company_does_not_count_another(self):
        """A2: though they may not see that one"""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.assertNotIn(company, self.agent.company_ids)
        found = self.Partner.with_user(self.manager).search([("lifecycle_in_scope", "=", True)])
        self.assertNotIn(company.partner_id, found)

    def test_as_many_queries_for_many_contacts_and_companies(self):
        """A2: no query for each contact, and none for the companies that are known"""
        self.env["res.company"].create([{"name": f"Company {number}"} for number in range(3)])

        def count(number):
            contacts = self.make_contacts(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(set(contacts.mapped("lifecycle_in_scope")), {True})
            return self.cr.sql_log_count - before

        count(1)
        self.assertEqual((count(20), count(40)), (1, 1))


@tagged("post_install", "-at_install")
class TestScopeInTheSettings(ScopeCase):
    """A2: who has a lifecycle is the same whoever asks, and no contact is lost for what is written there."""

    def test_looked_at_as_searched(self):
        """A2: a contact that is just made is found to have a lifecycle as it is in a list, whatever the settings say"""
        company = self.env["res.company"].create({"name": "Ours"}).partner_id
        kinds = self.Partner.create(
            [
                {"name": "A"},
                {"name": "B", "type": False},
                {"name": "C", "type": "delivery", "parent_id": self.contact.id},
                {"name": "D", "is_company": True, "comment": "x"},
                {"name": "E", "active": False},
                {"name": "F", "country_id": self.env.ref("base.de").id},
            ]
        )
        everybody = kinds | company | self.agent.partner_id
        seen = set()
        for domain in (
            "[]",
            SHIPPED_DOMAIN,
            "[('is_company', '=', False)]",
            "[('type', '!=', 'delivery')]",
            "[('type', '=', False)]",
            "['|', ('is_company', '=', True), ('type', '=', False)]",
            "['!', ('type', 'in', ['contact', False])]",
            "[('country_id', '=', False)]",
            "[('country_id.code', '=', 'DE')]",
            "[('comment', '!=', False)]",
            "[('name', 'in', ['A', 'C'])]",
            f"[('id', '!=', {kinds[0].id})]",
        ):
            with self.subTest(domain):
                self.set_scope(domain)
                self.env.flush_all()
                counted = self.Partner._lifecycle_counted_domain()
                found = self.Partner.with_context(active_test=False).search(
                    counted & Domain("id", "in", everybody.ids)
                )
                self.assertEqual(everybody._lifecycle_filter_counted(), everybody & found)
                self.assertNotIn(company, found)
                seen.add(self.Partner._lifecycle_counted_terms() is None)
        self.assertEqual(seen, {True, False})
        self.set_scope(SHIPPED_DOMAIN)
        self.assertTrue(self.Partner._lifecycle_counted_terms())

    def test_day_without_a_time(self):
        """A2: begins for everybody at once, whoever asks first"""
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-01-01 03:00:00' WHERE id = %s", [self.contact.id]
        )
        self.set_scope("[('create_date', '>=', '2026-01-01')]")
        for tz in ("America/New_York", "Asia/Tokyo"):
            self.env.invalidate_all()
            self.assertTrue(self.contact.with_context(tz=tz).lifecycle_in_scope, tz)

    def test_value_that_its_field_cannot_have(self):
        """A2: contacts can be made and changed all the same"""
        logger = "odoo.addons.contact_lifecycle.models.contact.res_partner_scope"
        for domain in ("[('name', '=like', 5)]", "[('user_id', '<', 'x')]", "[('no_such_field', '=', 1)]"):
            with self.subTest(domain), self.undone(), self.assertLogs(logger, "WARNING"):
                self.set_scope(domain)
                self.contact.name = "Changed"
                self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.new_lead)


@tagged("post_install", "-at_install")
class TestConversationOutOfScope(ScopeCase):
    """A2, A7: who has no lifecycle takes no stage over from a conversation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.out_of_scope = (
            cls.agent.partner_id,
            cls.internal.partner_id,
            cls.Partner.create({"name": "Warehouse", "type": "delivery"}),
            cls.env["res.company"].create({"name": "Ours"}).partner_id,
        )

    def assertTakesNothingOver(self, partner, channel):
        self.assertEqual(channel.lifecycle_partner_id, partner)
        self.assertFalse(partner.lifecycle_stage_id, partner.name)
        self.assertFalse(self.get_moves(partner), partner.name)
        self.assertFalse(channel.lifecycle_stage_id, "it shows the stage of its contact")
        self.assertEqual(
            [move[:2] for move in self.get_moves(channel)],
            [(False, self.new_lead.display_name), (self.new_lead.display_name, False)],
        )

    def test_set_as_contact(self):
        for partner in self.out_of_scope:
            channel = self.make_livechat(self.make_guest())
            channel.with_user(self.agent).action_lifecycle_set_contact(partner.id)
            self.assertTakesNothingOver(partner, channel)

    def test_email_given_to_a_chatbot(self):
        """A colleague who tries the chat, and an address of somebody else"""
        script = self.env["chatbot.script"].create({"title": "Bot"})
        step = self.env["chatbot.script.step"].create(
            {"chatbot_script_id": script.id, "step_type": "question_email", "message": "Your email?"}
        )
        for partner in self.out_of_scope:
            partner.email = f"out.of.scope.{partner.id}@example.com"
            channel = self.make_livechat(self.make_guest())
            step._process_answer(channel, f"<p>{partner.email}</p>")
            if partner.user_ids:
                self.assertFalse(channel.lifecycle_partner_id, "a colleague is no customer (I8)")
            else:
                self.assertTakesNothingOver(partner, channel)

    def test_lead_of_a_conversation(self):
        """Whoever identifies the visitor"""
        partner = self.out_of_scope[-1]
        channel = self.make_livechat(self.make_guest())
        self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": partner.id, "origin_channel_id": channel.id}
        )
        self.assertTakesNothingOver(partner, channel)

    def test_who_is_out_of_scope_and_has_a_stage_keeps_it(self):
        """A7: somebody has put it there"""
        partner = self.out_of_scope[2]
        partner.lifecycle_stage_id = self.payment
        channel = self.make_livechat(self.make_guest())
        channel.with_user(self.agent).action_lifecycle_set_contact(partner.id)
        self.assertEqual(channel.lifecycle_stage_id, self.payment)
        self.assertEqual(partner.lifecycle_stage_id, self.payment)
