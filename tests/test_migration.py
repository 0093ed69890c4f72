import ast
import json

from odoo import fields
from odoo.modules import Manifest
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools.parse_version import parse_version

from .common import LifecycleCase
from .common_customer import CustomerCase
from .common_migration import ADDON, load_migration


@tagged("post_install", "-at_install")
class TestMigrations(BaseCase):
    """Odoo finds and runs each script."""

    def test_there_is_a_folder_for_no_version_to_come(self):
        """Odoo would leave such a migration out, and never run it"""
        version = parse_version(Manifest.for_addon("contact_lifecycle")["version"])
        folders = [path.name for path in (ADDON / "migrations").iterdir() if path.is_dir()]
        self.assertIn("19.0.1.1.0", folders)
        for folder in folders:
            self.assertLessEqual(parse_version(folder), version)

    def test_every_script_is_one_that_odoo_runs(self):
        """Odoo runs what is called pre-, post- or end-, and calls migrate; a script says where it starts from"""
        scripts = list((ADDON / "migrations").glob("*/*.py"))
        self.assertTrue(scripts)
        for script in scripts:
            with self.subTest(script=script.name):
                self.assertRegex(script.name, r"^(pre|post|end)-[a-z_]+\.py$")
                tree = ast.parse(script.read_text())
                self.assertIn("starts from", ast.get_docstring(tree))
                functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
                self.assertEqual([arg.arg for arg in functions["migrate"].args.args], ["cr", "version"])


@tagged("post_install", "-at_install")
class TestMigrationOfConversations(CustomerCase):
    """Conversations of which 19.0.1.0.0 took the wrong one for the customer are put right (I8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.migration = load_migration("19.0.1.1.0", "end-conversations")

    def make_wrong(self, channel, contact=None, **columns):
        """Write what 19.0.1.0.0 has written, past what refuses it now."""
        self.env.flush_all()
        if contact:
            columns["lifecycle_partner_id"] = contact.id
        for name, value in columns.items():
            self.cr.execute(f'UPDATE discuss_channel SET "{name}" = %s WHERE id = %s', [value, channel.id])
        self.env.invalidate_all()
        return channel

    def migrate(self):
        self.env.flush_all()
        self.migration.migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def forget_moves(self, channel):
        """The conversation had a contact, so that it was never given a stage of its own."""
        self.env.flush_all()
        self.cr.execute("DELETE FROM lifecycle_transition WHERE channel_id = %s", [channel.id])
        self.make_wrong(channel, lifecycle_stage_id=None)
        return channel

    def test_contact_that_is_none(self):
        """I8: a row each of what was wrong"""
        for members, joining, wrong, right in (
            ("bot:bot guest:visitor", "", "bot", None),
            ("bot:bot guest:visitor", "agent", "bot", None),
            ("bot:bot contact:visitor", "", "bot", "contact"),
            ("agent:agent colleague:visitor", "", "colleague", None),
            ("agent:agent guest:visitor", "colleague", "colleague", None),
            ("agent:agent guest:visitor", "", "colleague", None),
            ("former:agent guest:visitor", "agent", "former", None),
            ("agent:agent former:visitor", "", "former", None),
            ("agent:agent guest:visitor", "invited", "invited", None),
            ("agent:agent contact:visitor", "invited", "invited", "contact"),
        ):
            with self.subTest(members=members, joining=joining, wrong=wrong):
                channel = self.make_conversation("livechat", members, joining)
                self.forget_moves(channel)
                self.make_wrong(channel, self.people[wrong])
                self.migrate()
                contact = self.people[right] if right else self.Partner
                self.assertEqual(channel.lifecycle_partner_id, contact)
                self.assertEqual(channel.lifecycle_stage_id, contact.lifecycle_stage_id or self.new_lead)
        for members, wrong, right in (
            ("agent bot contact", "bot", "contact"),
            ("former guest", "former", None),
        ):
            with self.subTest("gateway", members=members):
                channel = self.make_wrong(self.make_conversation("gateway", members), self.people[wrong])
                self.migrate()
                self.assertEqual(channel.lifecycle_partner_id, self.people.get(right, self.Partner))

    def test_contact_that_may_have_been_chosen_stays(self):
        """A7: somebody outside of the conversation; also a former colleague, who may be a customer now"""
        for members, joining, chosen in (
            ("agent:agent guest:visitor", "", "contact"),
            ("agent:agent guest:visitor", "", "portal"),
            ("agent:agent guest:visitor", "", "former"),
            ("agent:agent contact:visitor", "", "invited"),
            ("bot:bot guest:visitor", "agent", "archived"),
            ("agent:agent contact:visitor", "", "contact"),
        ):
            with self.subTest(members=members, joining=joining, chosen=chosen):
                channel = self.make_conversation("livechat", members, joining)
                self.make_wrong(channel, self.people[chosen], lifecycle_stage_id=self.payment.id)
                self.migrate()
                self.assertEqual(channel.lifecycle_partner_id, self.people[chosen])
                self.assertEqual(channel.lifecycle_stage_id, self.payment)
        forgotten = self.make_conversation("livechat", "agent:agent contact:visitor")
        forgotten.with_user(self.agent).action_lifecycle_set_contact(False)
        self.migrate()
        self.assertFalse(forgotten.lifecycle_partner_id, "somebody said that it is not the contact")

    def test_stage_that_the_conversation_is_left_with(self):
        """A7, H2: the last that it was given itself; a closed one that never had one of its own has none"""
        moved, cleared, untouched, closed = (
            self.make_conversation("livechat", "bot:bot guest:visitor") for _number in range(4)
        )
        moved.with_user(self.agent).sudo().action_lifecycle_set_stage(self.hot_lead.id)
        cleared.with_user(self.agent).sudo().action_lifecycle_set_stage(False)
        for channel in (untouched, closed):
            self.forget_moves(channel)
        closed.livechat_end_dt = fields.Datetime.now()
        for channel in (moved, cleared, untouched, closed):
            self.make_wrong(channel, self.people["bot"], lifecycle_stage_id=self.payment.id)
        rows = self.Transition.search([])
        self.migrate()
        self.assertEqual(
            [channel.lifecycle_stage_id for channel in (moved, cleared, untouched, closed)],
            [self.hot_lead, self.Stage, self.new_lead, self.Stage],
        )
        self.assertEqual(self.get_moves(untouched), [(False, self.new_lead.display_name, "default")])
        self.assertEqual(rows.exists(), rows, "rows of the log stay")
        self.assertEqual(self.Transition.search([]) - rows, self.get_log(untouched))

    def test_settings_of_the_default_hold(self):
        """A1, S2"""
        self.env["ir.config_parameter"].set_param("contact_lifecycle.default_on", "never")
        channel = self.make_conversation("livechat", "bot:bot guest:visitor")
        self.make_wrong(channel, self.people["bot"])
        self.migrate()
        self.assertFalse(channel.lifecycle_partner_id)
        self.assertFalse(channel.lifecycle_stage_id)

    def test_channels_that_are_no_conversations(self):
        """I7, I8: #general has neither contact nor stage nor status"""
        for channel_type in ("channel", "group", "chat"):
            with self.subTest(channel_type=channel_type):
                channel = self.make_conversation(channel_type, "agent contact")
                columns = {
                    "lifecycle_partner_id": self.contact.id,
                    "lifecycle_stage_id": self.hot_lead.id,
                    "lifecycle_status": "snoozed",
                    "lifecycle_snoozed_until": "2040-01-01 10:00:00",
                    "lifecycle_is_unassigned": True,
                }
                self.make_wrong(channel, **columns)
                self.migrate()
                for name in columns:
                    self.assertFalse(channel[name], name)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

    def test_conversation_of_somebody_who_left_is_unassigned(self):
        """I3"""
        channel = self.make_wrong(
            self.make_conversation("livechat", "former:agent guest:visitor"), lifecycle_is_unassigned=False
        )
        self.migrate()
        self.assertTrue(channel.lifecycle_is_unassigned)

    def test_conversations_that_are_right_stay_and_a_second_run_changes_nothing(self):
        """I8: not even the time of their last change"""
        right = self.make_conversation("livechat", "agent:agent contact:visitor")
        snoozed = self.make_conversation("livechat", "agent:agent guest:visitor")
        snoozed._lifecycle_write_protected({"lifecycle_snoozed_until": "2040-01-01 10:00:00"})
        wrong = self.make_wrong(
            self.make_conversation("livechat", "bot:bot guest:visitor"), self.people["bot"]
        )
        columns = "xmin::text, *"

        def read(channels):
            self.env.flush_all()
            self.cr.execute(f"SELECT {columns} FROM discuss_channel WHERE id IN %s", [tuple(channels.ids)])
            return self.cr.dictfetchall()

        before = read(right | snoozed)
        with self.cr.savepoint():
            self.migrate()
        self.assertEqual(read(right | snoozed), before)
        self.assertFalse(wrong.lifecycle_partner_id)
        before = read(right | snoozed | wrong)
        with self.cr.savepoint():
            self.migrate()
        self.assertEqual(read(right | snoozed | wrong), before)


@tagged("post_install", "-at_install")
class TestMigrationOfStages(LifecycleCase):
    """Stages that had one name, and days that no date can stand, are put right (A12, I4)."""

    def set_name(self, stage, code, name):
        """Write a name as 19.0.1.0.0 did, past what refuses it now."""
        self.env.flush_all()
        self.cr.execute(
            "UPDATE lifecycle_stage SET name = jsonb_set(name, ARRAY[%s], to_jsonb(%s::text)) WHERE id = %s",
            [code, name, stage.id],
        )
        self.env.invalidate_all()

    def test_names(self):
        """A12: the first keeps its name, and it can be used again; a second run changes nothing"""
        self.set_name(self.hot_lead, "en_US", " new  LEAD ")
        self.set_name(self.payment, "en_US", "New Lead")
        self.set_name(self.customer, "en_US", "x" * 64)
        self.set_name(self.cold_lead.stage_id, "en_US", "x" * 64)
        for _again in range(2):
            load_migration("19.0.1.1.0", "end-stage_names").migrate(self.cr, "19.0.1.0.0")
            self.env.invalidate_all()
            self.assertEqual(
                (self.new_lead | self.hot_lead | self.payment).mapped("name"),
                ["New Lead", "new  LEAD (2)", "New Lead (3)"],
            )
            self.assertEqual(self.cold_lead.name, "x" * 60 + " (2)")
        self.contact.write({"lifecycle_stage_id": "New Lead"})
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
        self.Stage.search([]).write({"description": "Can be written"})

    def test_days(self):
        """I4"""
        self.new_lead.rotting_threshold_days = 30
        self.env.flush_all()
        self.cr.execute(
            "ALTER TABLE lifecycle_stage DROP CONSTRAINT lifecycle_stage_rotting_threshold_in_range"
        )
        self.cr.execute(
            "UPDATE lifecycle_stage SET rotting_threshold_days = 2147483647 WHERE id = %s", [self.payment.id]
        )
        load_migration("19.0.1.1.0", "pre-days").migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual(self.payment.rotting_threshold_days, 36500)
        self.assertEqual(self.new_lead.rotting_threshold_days, 30)


@tagged("post_install", "-at_install")
class TestMigrationOfTour(TransactionCase):
    """The last message of the tour, around which each 19.0 puts its own tag, is found by its translations (S6)."""

    def migrate(self, **messages):
        """:return: what the message is in each language after the upgrade"""
        tour = self.env.ref("contact_lifecycle.contact_lifecycle_tour")
        self.env.flush_all()
        self.cr.execute(
            "UPDATE web_tour_tour SET rainbow_man_message = %s WHERE id = %s", [json.dumps(messages), tour.id]
        )
        for _again in range(2):
            load_migration("19.0.1.1.0", "pre-tour").migrate(self.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.cr.execute("SELECT rainbow_man_message FROM web_tour_tour WHERE id = %s", [tour.id])
        return self.cr.fetchone()[0]

    def test_message(self):
        """S6: with what there was of translations"""
        for before, after in (
            ({"en_US": "<span>Well</span>"}, {"en_US": "<p>Well</p>"}),
            (
                {"en_US": "<span>Well</span>", "de_DE": "<span>Gut</span>"},
                {"en_US": "<p>Well</p>", "de_DE": "<p>Gut</p>"},
            ),
            ({"en_US": "<p>Well</p>", "de_DE": "<p>Gut</p>"}, None),
            ({"en_US": "<span>Somebody's</span> <span>own</span>"}, None),
            ({"en_US": "<p>Somebody's <span>own</span></p>"}, None),
        ):
            with self.subTest(before=before):
                self.assertEqual(self.migrate(**before), after or before)

    def test_a_language_that_is_installed_afterwards(self):
        """S6: has the message"""
        text = "Well done! Next, show your team the stages in their conversations."
        self.migrate(en_US=f"<span>{text}</span>")
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"]._load_module_terms(["contact_lifecycle"], ["de_DE"])
        tour = self.env.ref("contact_lifecycle.contact_lifecycle_tour").with_context(lang="de_DE")
        self.assertRegex(tour.rainbow_man_message, "^<p>Gut gemacht!.*</p>$")


@tagged("post_install", "-at_install")
class TestFirstStepsMigration(LifecycleCase):
    """Whoever works with the addon already is not told how to begin."""

    def test_steps_are_dismissed_where_contacts_have_moved(self):
        """S1"""
        parameters = self.env["ir.config_parameter"]
        migration = load_migration("19.0.1.1.0", "end-first_steps")
        for moved, kept, expected in (
            (False, False, False),
            (True, False, "dismissed"),
            (True, "contacts", "contacts"),
        ):
            with self.subTest(moved=moved, kept=kept), self.undone():
                parameters.set_param("contact_lifecycle.first_steps", kept)
                self.env.flush_all()
                if not moved:
                    self.cr.execute("DELETE FROM lifecycle_transition")
                migration.migrate(self.cr, "19.0.1.0.0")
                self.assertEqual(parameters.get_param("contact_lifecycle.first_steps"), expected)
