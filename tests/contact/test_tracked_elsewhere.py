from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ..common_rule import RuleCase


@tagged("post_install", "-at_install")
class TestTrackedElsewhere(RuleCase):
    """A move is one line in the chatter also where another addon has Odoo track what the line tells (H1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = [
            field
            for field in cls.Partner._fields.values()
            if "contact_lifecycle" in field._modules
            and field.type not in ("json", "html")  # Odoo cannot track these
        ]

    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.clear_cache)

    @contextmanager
    def tracked_by_override(self):
        """An addon answers with a list of its own, as tracking_manager does."""
        names = {"phone", *(field.name for field in self.own)}
        self.registry.clear_cache()
        with patch.object(type(self.Partner), "_track_get_fields", lambda partner: names):
            yield

    @contextmanager
    def tracked_by_attribute(self):
        """An addon redeclares the fields with ``tracking=True``."""
        with ExitStack() as stack:
            for field in (*self.own, self.Partner._fields["phone"]):
                stack.enter_context(patch.object(field, "tracking", True, create=True))
            self.registry.clear_cache()
            yield

    def each_way(self, check):
        """Call ``check`` in each of the ways in which the fields may be tracked."""
        for tracked in (self.tracked_by_override, self.tracked_by_attribute):
            with self.subTest(tracked.__name__), self.undone(), tracked():
                check()

    def assertTold(self, contacts, change, expected=("lifecycle_stage_id",), notes=1):
        """
        :param expected: names of the fields of which the change adds a tracking value to each contact
        :param int notes: how many messages it adds to each
        """
        self.commit()
        values, messages = contacts.message_ids.sudo().tracking_value_ids, contacts.message_ids
        change()
        self.commit()
        for contact in contacts:
            with self.subTest(contact=contact.name):
                told = contact.message_ids.sudo().tracking_value_ids - values
                self.assertEqual(sorted(value.field_id.name for value in told), sorted(expected))
                self.assertEqual(len(contact.message_ids - messages), notes)

    def test_other_fields_are_told_as_ever(self):
        """H1: the negative control, for both ways"""
        names = {field.name for field in self.own}
        self.assertLessEqual({"lifecycle_stage_id", "lifecycle_is_lost", "is_rotting"}, names)

        def check():
            self.assertLessEqual(names, self.Partner._track_get_fields())
            contact = self.make_contacts(1, self.payment)
            self.assertTold(contact, lambda: contact.write({"phone": "1"}), ["phone"])
            contact._lifecycle_move_to(self.hot_lead, "manual")  # back, which locks
            self.commit()
            locked = contact.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
            self.assertIn("lifecycle_locked", locked)

        self.each_way(check)

    def test_one_and_many(self):
        """H1"""

        def check():
            for count in (1, 3):
                contacts = self.make_contacts(count)
                moved = contacts.with_user(self.agent)
                self.assertTold(contacts, lambda moved=moved: moved.write({"lifecycle_stage_id": "Hot Lead"}))

        self.each_way(check)

    def test_move_alone_stays_quick(self):
        """H1: Odoo's tracking reads nothing for it"""
        self.each_way(
            lambda: self.assertTrue(self.contact._lifecycle_untracked().env.context.get("mail_notrack"))
        )

    def test_with_other_values(self):
        """H1: those are told in the note that Odoo writes"""
        vals = {"lifecycle_stage_id": self.hot_lead.id, "phone": "+1 555 0100"}

        def check():
            for count in (1, 3):
                contacts = self.make_contacts(count)
                self.assertTold(
                    contacts,
                    lambda contacts=contacts: contacts.write(vals),
                    ["lifecycle_stage_id", "phone"],
                    notes=2,
                )

        self.each_way(check)

    def test_between_writes_of_other_values(self):
        """H1: in one transaction"""

        def check():
            contact = self.make_contacts(1)

            def change():
                contact.phone = "1"
                contact.lifecycle_stage_id = self.hot_lead
                contact.phone = "2"

            self.assertTold(contact, change, ["lifecycle_stage_id", "phone"], notes=2)

        self.each_way(check)

    def test_into_a_lost_stage_and_out(self):
        """H1, S6"""

        def check():
            contacts = self.make_contacts(2)
            for stage in (self.cold_lead.stage_id, self.hot_lead):
                self.assertTold(
                    contacts, lambda stage=stage: contacts.write({"lifecycle_stage_id": stage.id})
                )

        self.each_way(check)

    def test_by_a_rule(self):
        """H1, T1"""
        self.make_rule("outreach", ["call_made"], self.hot_lead)

        def check():
            contacts = self.make_contacts(2)
            self.assertTold(contacts, lambda: self.Rule._notify_event("call_made", contacts))

        self.each_way(check)

    def test_by_clear_and_by_the_deletion_of_a_stage(self):
        """H1, A4, S5"""

        def check():
            contacts = self.make_contacts(2, self.payment)
            self.assertTold(contacts, contacts.action_lifecycle_clear)
            contacts = self.make_contacts(2, self.payment)
            self.assertTold(contacts, lambda: self.delete_stage(self.payment, self.hot_lead))

        self.each_way(check)

    def test_at_creation(self):
        """H1, A1: in the note that says so, with the stage given and by default"""

        def check():
            for stage in (self.hot_lead, None):
                contacts = self.make_contacts(2, stage)
                self.commit()
                for contact in contacts:
                    values = contact.message_ids.sudo().tracking_value_ids
                    self.assertEqual(values.field_id.mapped("name"), ["lifecycle_stage_id"])
                    self.assertEqual((len(values), len(contact.message_ids)), (1, 1))

        self.each_way(check)

    def test_who_may_not_read_the_stage_sees_nothing_of_it(self):
        """P4"""

        def check():
            contact = self.make_contacts(1)
            self.commit()
            contact.write({"lifecycle_stage_id": self.hot_lead.id, "phone": "+1 555 0100"})
            self.commit()
            values = contact.message_ids.sudo().tracking_value_ids
            for user, names in ((self.agent, {"lifecycle_stage_id", "phone"}), (self.internal, {"phone"})):
                shown = values._filter_has_field_access(self.env(user=user))
                self.assertEqual(set(shown.field_id.mapped("name")), names, user.login)
                bodies = " ".join(contact.with_user(user).message_ids.mapped("body"))
                self.assertNotIn(self.hot_lead.name, bodies)

        self.each_way(check)
