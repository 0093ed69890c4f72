from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LifecycleCase
from ..common_rpc import RpcCase


class DialogCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_agent, cls.other_owner = (
            cls.make_user(f"lifecycle_other_{role}", f"contact_lifecycle.group_{role}")
            for role in ("agent", "owner")
        )
        cls.channel = cls.make_livechat(cls.contact)
        cls.rule = cls.env["lifecycle.rule"].create(
            {"name": "Rule", "on_email_sent": True, "to_stage_id": cls.hot_lead.id}
        )

    @classmethod
    def open(cls, user, model, vals):
        return cls.env[model].with_user(user).create(vals)

    @classmethod
    def open_all(cls):
        """:return: an open dialog of each model, of who may have one"""
        suggest = cls.open(cls.owner, "lifecycle.lost.stage.suggest", {})
        stage_set = cls.open(cls.owner, "lifecycle.stage.set.apply", {})
        stage_set.action_preview()
        contact_vals = {
            "partner_ids": [Command.set(cls.contact.ids)],
            "lost_stage_id": cls.cold_lead.stage_id.id,
        }
        cls.make_contacts(2).with_user(cls.agent).write({"lifecycle_stage_id": cls.payment.id})
        batch = cls.env["lifecycle.batch"].search([], limit=1)
        dialogs = [
            cls.open(cls.agent, "lifecycle.batch.undo", {"batch_id": batch.id}),
            cls.open(cls.agent, "lifecycle.contact.lost", contact_vals),
            cls.open(
                cls.agent,
                "lifecycle.contact.stage",
                {"selection": cls.contact.ids, "stage_id": cls.payment.id},
            ),
            cls.open(
                cls.agent, "lifecycle.conversation.snooze", {"channel_ids": [Command.set(cls.channel.ids)]}
            ),
            suggest,
            suggest.line_ids[0],
            cls.open(cls.owner, "lifecycle.rule.dry.run", {"rule_id": cls.rule.id}),
            cls.open(cls.owner, "lifecycle.settings", {}),
            cls.open(cls.owner, "lifecycle.stage.delete", {"stage_id": cls.payment.id}),
            stage_set,
            stage_set.line_ids[0],
        ]
        cls.env.flush_all()
        cls.env.invalidate_all()
        return dialogs

    @classmethod
    def get_others(cls, dialog):
        """:return: the users who have the same right to such a dialog, or more"""
        return (
            cls.agent | cls.owner | cls.other_agent | cls.other_owner | cls.administrator
        ) - dialog.env.user


@tagged("post_install", "-at_install")
class TestOwnDialogs(DialogCase):
    """What somebody has chosen in an open dialog is theirs alone (P5)."""

    def get_models(self):
        return {
            name
            for name, model in self.registry.items()
            if model._transient and model._original_module == "contact_lifecycle"
        }

    def test_every_dialog_has_a_rule(self):
        """P5: a new one needs its own, for all operations and everybody"""
        models = self.get_models()
        self.assertGreater(len(models), 5)
        for model in models:
            rules = self.env["ir.rule"].search([("model_id.model", "=", model), ("global", "=", True)])
            self.assertRegex(
                rules.domain_force or "", r"^\[\('(wizard_id\.)?create_uid', '=', user\.id\)\]$", model
            )
            self.assertTrue(
                rules.perm_read and rules.perm_write and rules.perm_create and rules.perm_unlink, model
            )

    def test_every_dialog_is_tried(self):
        """P5: a new one needs a row in ``open_all``"""
        self.assertEqual({dialog._name for dialog in self.open_all()}, self.get_models())

    def test_nobody_reads_changes_or_confirms_another_ones_dialog(self):
        """P5: neither who has the same role nor who has more"""
        for dialog in self.open_all():
            actions = [
                name for name in dir(dialog) if name.startswith("action_") and name not in dir(self.Partner)
            ]
            calls = {
                "read": lambda record: record.read(),
                "web_read": lambda record: record.web_read({"display_name": {}}),
                "write": lambda record: record.write({"create_uid": record.env.uid}),
                "web_save": lambda record: record.web_save({"display_name": "x"}, {"display_name": {}}),
                "unlink": lambda record: record.unlink(),
                "copy": lambda record: record.copy(),
                **{name: lambda record, name=name: getattr(record, name)() for name in actions},
            }
            self.assertTrue(actions or dialog._name.endswith(".line"), dialog)
            self.assertTrue(dialog.read())
            for user in self.get_others(dialog):
                if dialog.browse().with_user(user).has_access("read"):
                    self.assertFalse(dialog.with_user(user).search([("id", "in", dialog.ids)]))
                for name, call in calls.items():
                    with self.subTest(dialog=dialog._name, user=user.login, call=name):
                        with self.assertRaises(AccessError), self.cr.savepoint():
                            call(dialog.with_user(user))
                        self.env.invalidate_all()
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
        self.assertTrue(self.payment.exists())

    def test_nobody_adds_a_line_to_another_ones_dialog(self):
        """P5, S14"""
        *_others, line = self.open_all()
        vals = {"wizard_id": line.wizard_id.id, "stage_id": self.payment.id, "outcome": "delete"}
        for user in (self.other_owner, self.administrator):
            with self.assertRaises(AccessError):
                self.open(user, line._name, vals)
        self.assertTrue(self.open(self.owner, line._name, vals))


@tagged("post_install", "-at_install")
class TestOwnDialogsHttp(DialogCase, RpcCase):
    """The same over the wire (P5)."""

    @mute_logger("odoo.http")
    def test_json_rpc(self):
        """P5: one agent has the dialog open, another one confirms what they have not chosen"""
        dialog = next(dialog for dialog in self.open_all() if dialog._name == "lifecycle.contact.lost")
        other_stage = self.LostStage.create({"name": "Elsewhere"}).stage_id
        for user in (self.other_agent, self.other_owner):
            self.log_in(user)
            for method, *args in (
                ("read", ["lost_stage_id", "partner_ids"]),
                ("write", {"lost_stage_id": other_stage.id}),
                ("action_confirm",),
            ):
                self.assertRefused(self.call(dialog._name, method, dialog.ids, *args), method)
        self.assertEqual(dialog.lost_stage_id, self.cold_lead.stage_id)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)
