import logging
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LifecycleCase
from ..common_door_walker import REFUSALS, find_own_rows, find_protected, find_readonly, forge

_logger = logging.getLogger(__name__)

# Our stored readonly fields that are not protected by the one list, and why nobody writes them.
PROTECTED_OTHERWISE = {
    (
        "base.automation",
        "lifecycle_stage_id",
    ): "only administrators may, and what it is computed from is theirs as well",
    ("mail.message", "lifecycle_is_automatic"): "Odoo refuses it to everybody, as a value and as a default",
}
# What goes through the gate, which asks for the right and logs it.
GATED = {
    ("discuss.channel", "lifecycle_stage_id", door)
    for door in ("create", "write", "web_save", "web_save of it")
}


@tagged("post_install", "-at_install")
class TestProtectedWalker(LifecycleCase):
    """What only the addon writes, nobody writes through any door (P5). The fields are found by looking at the models."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.live = cls.make_user("lifecycle_live", "im_livechat.im_livechat_group_manager")
        cls.users = [
            cls.env.ref("base.public_user"),
            *(cls.portal, cls.internal, cls.agent, cls.manager, cls.owner, cls.live, cls.administrator),
        ]

    def find_open_doors(self):
        """:return: tuple of the number of attempts, and the (model, field, door) through which a value came in"""
        count, opened = 0, []
        makers = {
            "res.partner": {"name": "New"},
            "discuss.channel": {
                "name": "New",
                "channel_type": "livechat",
                "livechat_operator_id": self.live.partner_id.id,
                "livechat_status": "in_progress",
            },
            "lifecycle.stage": {"name": "New"},
            "lifecycle.rule": {"name": "New", "on_call_made": True, "to_stage_id": self.payment.id},
            "calendar.event": {"name": "New", "start": "2030-01-01 10:00:00", "stop": "2030-01-01 11:00:00"},
            "ir.filters": {"name": "New", "model_id": "res.partner", "user_ids": []},
            "lifecycle.import": {"source": "file"},
        }
        users = {"ir.filters": self.live, "discuss.channel": self.live}
        for model, name in find_protected(self.env):
            user = users.get(model, self.owner)
            Model = self.env[model].with_user(user)
            field, vals = Model._fields[name], makers[model]
            for door in (
                "create",
                "default",
                "ir.default",
                "web_save",
                "write",
                "web_save of it",
                "copy",
                "load",
            ):
                with self.undone():
                    count += 1
                    record = Model.create(vals)
                    before = field.convert_to_write(record.sudo()[name], record)
                    value = forge(self.env, field, record.sudo())
                    try:
                        with mute_logger("odoo.sql_db"):
                            made = self.pass_door(door, Model, record, vals, name, value)
                    except REFUSALS:
                        continue
                    made = made.sudo() if made else record.sudo()
                    self.env.flush_all()
                    made.invalidate_recordset()
                    after = field.convert_to_write(made[name], made)
                    forged = field.convert_to_write(field.convert_to_cache(value, made), made)
                    if after == forged != before:
                        opened.append((model, name, door))
        return count, opened

    def pass_door(self, door, Model, record, vals, name, value):
        """:return: the record that was made, or none where one was changed"""
        given = {**vals, name: value}
        if door == "create":
            return Model.create(given)
        if door == "default":
            return Model.with_context(**{f"default_{name}": value}).create(vals)
        if door == "ir.default":
            self.env["ir.default"].set(Model._name, name, value, user_id=Model.env.uid)
            return Model.create(vals)
        if door == "web_save":
            return Model.browse(Model.web_save(given, {})[0]["id"])
        if door == "copy":
            return record.copy({name: value})
        if door == "load":
            columns = [key for key in vals if isinstance(vals[key], str)]
            result = Model.load([*columns, name], [[*(vals[key] for key in columns), str(value)]])
            return Model.browse(result["ids"] or [])
        if door == "write":
            record.write({name: value})
        else:
            record.web_save({name: value}, {})
        return None

    def test_nobody_writes_what_only_the_addon_writes(self):
        """P5: every field that ``write`` protects, through every door"""
        count, opened = self.find_open_doors()
        _logger.info("%s attempts at %s protected fields", count, len(find_protected(self.env)))
        self.assertGreater(count, 100)
        self.assertEqual(set(opened) - GATED, set())

    def test_walker_sees_an_open_door(self):
        """P5: negative control"""
        mixin = type(self.env["res.partner"])
        with patch.object(mixin, "_lifecycle_without_protected", lambda partners, vals: dict(vals)):
            doors = {(name, door) for _model, name, door in self.find_open_doors()[1]}
        for door in ("create", "default", "ir.default", "web_save", "write", "copy", "load"):
            self.assertIn(("lifecycle_locked", door), doors)

    def test_what_is_shown_readonly_is_protected(self):
        """P5: our stored fields that nobody is meant to write are on the one list, or private code alone writes their model"""
        protected, own_rows = set(find_protected(self.env)), find_own_rows(self.env)
        found = [
            (model, name)
            for model, name in find_readonly(self.env)
            if (model, name) not in protected
            and (model, name) not in PROTECTED_OTHERWISE
            and model not in own_rows
        ]
        self.assertEqual(found, [])

    def test_own_rows_are_those_that_no_role_may_write(self):
        """P5"""
        written_by_nobody = [
            model
            for model, cls in sorted(self.env.registry.items())
            if model.startswith("lifecycle.")
            and not cls._abstract
            and cls._auto
            and not self.is_written(model)
        ]
        self.assertEqual(written_by_nobody, find_own_rows(self.env))

    def test_nobodys_default_gets_into_own_rows(self):
        """P5, H2, D5: neither one in the context nor one of the user's own"""
        for model in find_own_rows(self.env):
            Model = self.env[model].with_user(self.owner)
            names = [name for name, field in Model._fields.items() if field.store and field.column_type]
            with self.subTest(model), self.undone(), freeze_time("2026-05-06 07:08:09"):
                before = Model.default_get(names)
                forged = {name: forge(self.env, Model._fields[name]) for name in names}
                values = {name: value for name, value in forged.items() if value is not None}
                for name, value in values.items():
                    self.env["ir.default"].set(model, name, value, user_id=self.owner.id)
                context = {f"default_{name}": value for name, value in values.items()}
                self.assertEqual(Model.default_get(names), before)
                self.assertEqual(Model.with_context(**context).default_get(names), before)

    def is_written(self, model):
        return any(
            self.env[model].with_user(user).has_access(operation)
            for user in self.users
            for operation in ("create", "write")
        )
