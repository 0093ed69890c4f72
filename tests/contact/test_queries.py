from freezegun import freeze_time

from odoo.tests import tagged

from ..common import LifecycleCase
from ..common_queries import PER_RECORD, QueriesCase


@tagged("post_install", "-at_install")
class TestQueries(QueriesCase, LifecycleCase):
    """The number of queries does not grow with the contacts (H1, H2, A5, A7): counted at N and at 2N."""

    def count_moving(self, number, user=None):
        contacts = self.make_contacts(number)

        def move():
            contacts.with_user(user or self.agent).write({"lifecycle_stage_id": self.hot_lead.id})

        queries = self.count_queries(move)
        self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(
            self.Transition.search_count([("partner_id", "in", contacts.ids), ("source", "!=", "default")]),
            number,
        )
        self.assertEqual(
            len(contacts.message_ids.sudo().tracking_value_ids.filtered("old_value_integer")), number
        )
        return queries

    def test_setting_a_stage(self):
        """A5, H1, H2: chatter and log included, where the ORM alone updates a hundred at a time"""
        self.assertNoQueryPerRecord(self.count_moving, per_record=0.01)

    def test_setting_a_stage_in_the_second_of_the_last_move(self):
        """A5, H1, H2: where the date stays as it is, too"""
        with freeze_time("2026-03-04 12:00:00"):
            self.assertNoQueryPerRecord(self.count_moving, per_record=0.01)

    def test_setting_a_stage_on_one_and_on_500(self):
        """A5, H1, H2: no query for each contact"""
        self.count_moving(1)
        one, many = self.count_moving(1), self.count_moving(500)
        self.assertLess((many - one) / 499, PER_RECORD, f"{one} queries for one contact, {many} for 500")

    def test_setting_a_stage_from_different_ones(self):
        """A5: the contacts come from all stages, and one has none"""

        def count(number):
            contacts = self.make_contacts(number)
            stages = [self.Stage, *self.Stage.search([])]
            for index, stage in enumerate(stages):
                contacts[index :: len(stages)].write({"lifecycle_stage_id": stage.id})
            return self.count_queries(
                lambda: contacts.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})
            )

        self.assertNoQueryPerRecord(count)

    def test_contacts_with_open_conversations(self):
        """A7: fewer contacts, as making a conversation takes long"""

        def count(number):
            contacts = self.make_contacts(number)
            channels = self.env["discuss.channel"].create(
                [
                    {
                        "name": "x",
                        "channel_type": "livechat",
                        "livechat_operator_id": self.agent.partner_id.id,
                    }
                    for _contact in contacts
                ]
            )
            self.env.flush_all()
            for channel, contact in zip(channels, contacts, strict=True):
                self.cr.execute(
                    "UPDATE discuss_channel SET lifecycle_partner_id = %s, lifecycle_stage_id = %s WHERE id = %s",
                    [contact.id, self.new_lead.id, channel.id],
                )
            self.env.invalidate_all()
            queries = self.count_queries(
                lambda: contacts.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})
            )
            self.assertEqual(channels.lifecycle_stage_id, self.hot_lead)
            return queries

        self.assertNoQueryPerRecord(count, small=50, large=100)

    def test_setting_the_stage_of_conversations(self):
        """A5, A7: of known and of unknown visitors"""

        def count(number):
            contacts = self.make_contacts(number)
            channels = self.env["discuss.channel"].create(
                [
                    {
                        "name": "x",
                        "channel_type": "livechat",
                        "livechat_operator_id": self.agent.partner_id.id,
                    }
                    for _index in range(2 * number)
                ]
            )
            self.env.flush_all()
            for channel, contact in zip(channels[:number], contacts, strict=True):
                self.cr.execute(
                    "UPDATE discuss_channel SET lifecycle_partner_id = %s, lifecycle_stage_id = %s WHERE id = %s",
                    [contact.id, self.new_lead.id, channel.id],
                )
            queries = self.count_queries(lambda: channels.write({"lifecycle_stage_id": self.hot_lead.id}))
            self.assertEqual(channels.lifecycle_stage_id, self.hot_lead)
            self.assertEqual(contacts.lifecycle_stage_id, self.hot_lead)
            return queries

        self.assertNoQueryPerRecord(count, small=25, large=50)

    def test_making_contacts(self):
        """A1: what the addon adds is no query for each contact, Odoo's own are not ours"""

        def count(number, **context):
            Partner = self.Partner.with_context(**context)
            return self.count_queries(lambda: Partner.create([{"name": f"New {i}"} for i in range(number)]))

        def added(number):
            return count(number) - count(number, lifecycle_skip_default=True)

        self.assertNoQueryPerRecord(added, small=50, large=100)

    def test_making_contacts_in_a_stage(self):
        """A5, A6"""

        def added(number):
            vals_list = [{"name": f"New {i}", "lifecycle_stage_id": self.payment.id} for i in range(number)]
            ours = self.count_queries(lambda: self.Partner.with_user(self.agent).create(vals_list))
            vals_list = [{"name": f"New {i}"} for i in range(number)]
            Partner = self.Partner.with_user(self.agent).with_context(lifecycle_skip_default=True)
            return ours - self.count_queries(lambda: Partner.create(vals_list))

        self.assertNoQueryPerRecord(added, small=50, large=100)

    def test_deleting_a_stage(self):
        """S11"""

        def count(number):
            stage = self.make_stages(1)
            self.make_contacts(number, stage)
            queries = self.count_queries(lambda: self.delete_stage(stage, self.payment))
            self.assertFalse(stage.exists())
            return queries

        self.assertNoQueryPerRecord(count, small=100, large=200)

    def test_reading_contacts(self):
        """A3, H3: list, kanban and status bar"""
        fields = [
            "lifecycle_stage_id",
            "lifecycle_is_lost",
            "date_last_stage_update",
            "lifecycle_transition_count",
            "lifecycle_in_scope",
            "duration_tracking",
            "is_rotting",
        ]
        contacts = self.make_contacts(100).with_user(self.manager)
        for field in fields:

            def count(number, field=field):
                return self.count_queries(lambda: contacts.browse(contacts.ids[:number]).mapped(field))

            with self.subTest(field=field):
                self.assertNoQueryPerRecord(count, small=50, large=100)

    def test_reading_leads(self):
        """A11"""
        salesman = self.make_user("lifecycle_salesman", "sales_team.group_sale_salesman_all_leads")

        def count(number):
            contacts = self.make_contacts(number)
            leads = self.env["crm.lead"].create(
                [{"name": "x", "partner_id": contact.id} for contact in contacts]
            )
            self.env.flush_all()
            return self.count_queries(lambda: leads.with_user(salesman).mapped("lifecycle_stage_id.name"))

        self.assertNoQueryPerRecord(count, small=50, large=100)

    def test_counting_the_contacts_of_stages(self):
        """A2: one query for all stages together"""
        stages = self.Stage.search([]).with_user(self.manager)
        self.make_contacts(50, self.hot_lead)
        self.count_queries(lambda: stages.mapped("contact_count"))
        few = self.count_queries(lambda: stages[:1].mapped("contact_count"))
        self.assertEqual(self.count_queries(lambda: stages.mapped("contact_count")), few)
        self.make_contacts(50, self.hot_lead)
        self.count_queries(lambda: stages.mapped("contact_count"))
        self.assertEqual(self.count_queries(lambda: stages.mapped("contact_count")), few)
