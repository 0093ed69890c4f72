from markupsafe import Markup
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tools.discuss import Store

from ...models.stage.lifecycle_stage_name import MAX_NAME_LENGTH
from ..common import LifecycleCase

MARKUP = "<img src=x onerror=alert(1)>"


@tagged("post_install", "-at_install")
class TestBadInput(LifecycleCase):
    """Whatever is sent, the answer is one clear sentence, and nothing is half done (S6)."""

    def assertRefused(self, values, message):
        """Neither a lifecycle nor a lost stage takes these values, whether new or changed."""
        count = self.Stage.search_count([])
        for record in (self.hot_lead, self.cold_lead):
            record = record.with_user(self.owner)
            before = record.read(["name", "emoji", "display_name"])
            for call in (
                lambda record=record: record.write(values),
                lambda record=record: record.create({"name": "x", **values}),
            ):
                with self.assertRaisesRegex(ValidationError, message), self.cr.savepoint():
                    call()
            record.invalidate_recordset()
            self.assertEqual(record.read(["name", "emoji", "display_name"]), before)
        self.assertEqual(self.Stage.search_count([]), count)

    def test_name_that_is_empty_or_blank(self):
        for name in ("", " ", "\t\n ", "\u00a0", "\u2003"):
            with self.subTest(name=name):
                self.assertRefused({"name": name}, "A stage needs a name: enter one.")

    def test_name_that_is_missing(self):
        """Odoo's own sentence names the field."""
        for values in ({"name": False}, {"name": None}, {}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught, self.cr.savepoint():
                self.Stage.with_user(self.owner).create(values)
            message = self.Stage._sql_error_to_message(caught.exception)
            self.assertIn("Name", message)

    def test_name_that_is_too_long(self):
        self.assertRefused(
            {"name": "x" * 10000}, f"at most {MAX_NAME_LENGTH} characters, this one has 10000: shorten it"
        )
        self.assertRefused({"name": "x" * (MAX_NAME_LENGTH + 1)}, "shorten it")
        self.hot_lead.with_user(self.owner).name = "é" * MAX_NAME_LENGTH

    def test_name_that_is_too_long_in_another_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        with self.assertRaisesRegex(ValidationError, "64 caractères"):
            self.hot_lead.with_user(self.owner).with_context(lang="fr_FR").name = "x" * 10000

    def test_name_that_is_markup_is_shown_as_text(self):
        """H1: in the chatter as everywhere"""
        self.hot_lead.with_user(self.owner).name = MARKUP
        self.contact.with_user(self.agent).lifecycle_stage_id = self.hot_lead
        self.contact.with_user(self.agent).lifecycle_stage_id = self.payment
        for message in self.contact.message_ids:
            self.assertNotIn("<img", message.body)
        values = self.get_tracking_values(self.contact)
        self.assertEqual(values[-1].old_value_char, f"🔥 {MARKUP}")
        data = Store().add(values[-1].mail_message_id.with_user(self.agent)).get_result()
        shown = data["mail.message"][0]["trackingValues"]
        self.assertEqual(shown[0]["oldValue"], f"🔥 {MARKUP}")
        self.assertNotIsInstance(shown[0]["oldValue"], Markup, "the client would take it for markup")
        log = self.get_log(self.contact)
        self.assertEqual(log[-1].from_stage_name, f"🔥 {MARKUP}")
        self.assertNotIsInstance(self.hot_lead.display_name, Markup)

    def test_markup_in_an_error_is_text(self):
        self.hot_lead.with_user(self.owner).name = MARKUP
        with self.assertRaises(UserError) as caught:
            self.contact.with_user(self.agent).write({"lifecycle_stage_id": MARKUP + "2"})
        self.assertNotIsInstance(caught.exception.args[0], Markup)

    def test_emoji_that_is_none(self):
        for emoji in (
            "a",
            "abc",
            "🔥a",
            "a🔥",
            "🔥🔥",
            "🔥 🔥",
            " 🔥",
            "1",
            "#",
            "é",
            "漢",
            ":-)",
            ":fire:",
            "🇩",
            "🇩🇪🇫🇷",
            "👨‍",
            "\u200d",
            "\ufe0f",
            "<b>🔥</b>",
            MARKUP,
            "🔥" * 10000,
            "x" * 10000,
        ):
            with self.subTest(emoji=emoji[:20]):
                self.assertRefused({"emoji": emoji}, "is not one emoji: choose one from the picker")

    def test_emoji_of_every_kind(self):
        for emoji in (
            "🔥",
            "❤️",
            "☎",
            "🇩🇪",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "👍🏽",
            "👩🏿‍🚀",
            "👨‍👩‍👧‍👦",
            "🏳️‍🌈",
            "1️⃣",
            "#️⃣",
            "©️",
            "🧑‍🤝‍🧑",
            "🫠",
            "⬛",
            "↗️",
            "㊗️",
        ):
            with self.subTest(emoji=emoji):
                self.hot_lead.with_user(self.owner).emoji = emoji
                self.assertEqual(self.hot_lead.display_name, f"{emoji} Hot Lead")
        for nothing in (False, ""):
            self.hot_lead.with_user(self.owner).emoji = nothing
            self.assertEqual(self.hot_lead.display_name, "Hot Lead")

    def test_lost_stage_of_a_stage_that_does_not_exist(self):
        with self.assertRaises(UserError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.LostStage.with_user(self.owner).create({"stage_id": 2147483647})

    def test_lost_stage_does_not_change_its_stage(self):
        """S13: that would make another stage lost behind everybody's back"""
        with self.assertRaisesRegex(UserError, "A lost stage stays itself"):
            self.cold_lead.with_user(self.owner).write({"stage_id": self.new_lead.id})
        self.assertFalse(self.new_lead.is_lost)
        self.assertTrue(self.new_lead.is_default)

    def test_stage_that_nobody_can_mean(self):
        """A6: not what the database cannot hold either"""
        channel = self.make_livechat(self.contact).with_user(self.agent)
        for value in (2**31, -(2**63), 10**30, 1.5, True, [], ["x"], {"x": 1}, "nul\x00", "half \ud800"):
            for call in (
                lambda value=value: self.contact.with_user(self.agent).write({"lifecycle_stage_id": value}),
                lambda value=value: channel.action_lifecycle_set_stage(value),
            ):
                if value:
                    with self.subTest(value=value), self.assertRaisesRegex(UserError, "There is no stage"):
                        call()

    def test_contact_that_nobody_can_mean(self):
        """A7"""
        channel = self.make_livechat(self.make_guest()).with_user(self.agent)
        for value in (2**31, -1, 10**30, 1.5, True, ["x"], {"x": 1}, "x"):
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(UserError, "There is no such contact"),
            ):
                channel.action_lifecycle_set_contact(value)
        self.assertFalse(channel.lifecycle_partner_id)

    def test_stage_of_the_dashboard_that_nobody_can_mean(self):
        """M3, M4"""
        dashboard = self.env["lifecycle.dashboard"].with_user(self.manager)
        period = ("2026-01-01", "2026-01-31")
        for value in (2**31, -1, 10**30, 1.5, True, [], {}, "x", None):
            with self.subTest(value=value), self.assertRaisesRegex(UserError, "This stage has been deleted"):
                dashboard.action_open_stays(value, "entered", *period)
            with self.subTest(value=value), self.assertRaisesRegex(UserError, "This stage has been deleted"):
                dashboard.action_reengage(self.new_lead.id, value, *period)

    def test_command_that_is_no_text(self):
        """A10"""
        channel = self.make_livechat(self.contact).with_user(self.agent)
        for body in ({"x": 1}, ["x"], 5, True):
            channel.execute_command_stage(body=body)
        self.assertEqual(channel.lifecycle_stage_id, self.contact.lifecycle_stage_id)

    def test_source_that_is_none(self):
        """H2: whoever calls may put anything into the context"""
        contact = self.contact.with_user(self.agent).with_context(lifecycle_source={"x": 1})
        contact.action_lifecycle_clear()
        self.assertEqual(self.get_log(self.contact)[-1].source, "manual")
