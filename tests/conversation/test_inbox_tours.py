from odoo.tests import tagged

from ..common_inbox import InboxCase
from ..common_two_people import BesideCase, Colleague, somebody_beside


@tagged("post_install", "-at_install")
class TestInboxTours(BesideCase, InboxCase):
    """An agent does their whole job on one page, and sees there what others do (I10)."""

    browser_size = "1600x900"

    def test_whole_job(self):
        """I3, I4, I10, A3: take over, read, answer, set the stage, save an inbox, snooze, hand over"""
        self.make_waiting("Theirs", self.colleague)
        waiting, other = self.make_waiting("Waiting"), self.make_waiting("Next one")

        self.start_tour("/odoo/conversations", "contact_lifecycle.inbox", login=self.operator.login)

        self.env.invalidate_all()
        self.assertEqual(waiting.lifecycle_agent_ids, self.operator.partner_id)
        self.assertEqual(waiting.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(waiting.lifecycle_status, "snoozed")
        self.assertIn("How can I help?", waiting.message_ids[0].body)
        self.assertEqual(other.lifecycle_agent_ids, self.colleague.partner_id)
        saved = self.env["ir.filters"].search([("name", "=", "Mine and hot")])
        self.assertEqual(saved.user_ids, self.operator)
        self.assertNotIn("lifecycle_status", saved.domain)

    def test_what_a_colleague_does_shows_without_a_reload(self):
        """I10, M2: whom a conversation has been taken from sees it go, and a visitor's message in its line"""
        waiting = self.make_waiting("Waiting")
        row = "[...document.querySelectorAll('.o_contact_lifecycle_inbox_row')]"
        with somebody_beside(self, lambda: Colleague(self, self.colleague)) as colleague:
            colleague.open("/odoo/conversations")
            colleague.wait(f"{row}.some((el) => el.textContent.includes('Waiting'))")
            colleague.evaluate(
                "[...document.querySelectorAll('.o_search_panel_category_value header')]"
                ".find((el) => el.textContent.includes('Unassigned')).click()"
            )
            colleague.wait(f"{row}.length === 1")
            self.start_tour(
                "/odoo/conversations", "contact_lifecycle.inbox_beside", login=self.operator.login
            )
            colleague.wait(f"{row}.length === 0")
        self.env.invalidate_all()
        self.assertEqual(waiting.lifecycle_agent_ids, self.operator.partner_id)
