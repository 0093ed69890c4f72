from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_inbox import LARGE, SMALL, InboxCase


@tagged("post_install", "-at_install")
class TestInboxContact(InboxCase):
    """From a contact to its conversations and back (I6)."""

    def test_contact_counts_its_conversations(self):
        """I6: those of any status that the user may read"""
        self.make_livechat(self.contact, self.colleague)
        self.make_close(self.make_livechat(self.contact, self.agent))
        self.make_livechat(self.make_contacts(1), self.agent)
        for user, count in ((self.operator, 2), (self.agent, 1)):
            self.env.invalidate_all()
            contact = self.contact.with_user(user)
            self.assertEqual(contact.lifecycle_conversation_count, count, user.login)
            action = contact.action_lifecycle_conversations()
            channels = self.Channel.with_user(user).search(action["domain"])
            self.assertEqual(len(channels), count, user.login)
            self.assertEqual(channels.lifecycle_partner_id, self.contact)
        self.assertNotIn("search_default_lifecycle_open", action["context"])

    def test_button_is_hidden_where_there_is_nothing_or_it_is_not_shown(self):
        """I6, S2, P1"""
        self.assertEqual(self.contact.with_user(self.operator).lifecycle_conversation_count, 0)
        self.make_livechat(self.contact, self.operator)
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.env.invalidate_all()
        self.assertEqual(self.contact.with_user(self.operator).lifecycle_conversation_count, 0)
        with self.assertRaises(AccessError):
            self.contact.with_user(self.internal).read(["lifecycle_conversation_count"])

    def test_counting_for_many_contacts_costs_no_query_each(self):
        """I6: at N and at 2N contacts"""
        contacts = self.make_contacts(LARGE)
        for contact in contacts:
            self.make_livechat(contact, self.operator)

        def read(records):
            return lambda: records.with_user(self.operator).mapped("lifecycle_conversation_count")

        self.assertEqual(self.count_queries(read(contacts[:SMALL])), self.count_queries(read(contacts)))

    def test_view_contact_leads_back(self):
        """I6"""
        known = self.make_livechat(self.contact, self.operator).with_user(self.operator)
        action = known.action_lifecycle_view_contact()
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", self.contact.id))
        unknown = self.make_livechat(self.make_guest(), self.operator).with_user(self.operator)
        self.assertIsNone(unknown.action_lifecycle_view_contact())

    def test_menu_is_there_for_agents_while_stages_are_shown(self):
        """I1, P1, S2"""
        menu = self.env.ref("contact_lifecycle.discuss_channel_menu_lifecycle")

        def sees(user):
            return menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()

        self.assertTrue(sees(self.operator))
        self.assertTrue(sees(self.agent))
        self.assertFalse(sees(self.internal))
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.env.invalidate_all()
        root = self.env.ref("contact_lifecycle.lifecycle_menu_root")
        self.assertNotIn(root.id, self.env["ir.ui.menu"].with_user(self.operator).load_menus(False))
        self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(self.operator).load_menus(False))
