from odoo import Command
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.batch import lifecycle_import_background, lifecycle_import_reading
from ...models.batch.lifecycle_import import LINES, OPTIONS
from ...tools.move_in import sources
from ..common_move_in import MoveInCase

OPEN = {"files", "check"}


@tagged("post_install", "-at_install")
class TestMoveInLines(MoveInCase):
    """D1: what is being read or moves in stays as it was begun, through every door; models and fields are found by looking."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        twins = cls.make_contacts_without_stage(2)
        twins.email = "twin@example.com"

    def make(self):
        """:return: an import with lines of all kinds"""
        moving = self.try_out("file", self.table("1,A,,,Hot Lead,", "2,B,twin@example.com,,VIP,"))
        return moving.with_user(self.owner)

    def find_lines(self):
        """:return: list of the models whose records belong to an import"""
        return [
            name
            for name, model in self.env.items()
            if not model._abstract
            and any(
                field.type == "many2one" and field.comodel_name == "lifecycle.import" and field.store
                for field in model._fields.values()
            )
        ]

    def find_own_fields(self):
        """:return: set of the names of the fields of an import that owners write"""
        Import = self.env["lifecycle.import"]
        protected = Import._lifecycle_protected_fields()
        return {
            name
            for name, field in Import._fields.items()
            if field.store and not field.readonly and name not in {*protected, "id"}
        }

    def test_every_model_is_found(self):
        """D1: the walker walks"""
        self.assertEqual(
            set(self.find_lines()),
            {f"lifecycle.import.{name}" for name in ("column", "stage", "choice", "row")},
        )
        self.assertEqual(self.find_own_fields(), {*OPTIONS, *LINES})

    def get_attempts(self, moving, name):
        """:return: dict door -> function, of all that could be done to the lines of a model"""
        lines = self.env[name].with_user(self.owner).search([("import_id", "=", moving.id)])
        self.assertTrue(lines, name)
        line, other = lines[0], self.other
        copied = line.copy_data()[0]
        doors = {
            "create": lambda: lines.create(copied),
            "copy": lambda: line.copy(),
            "unlink": lambda: line.unlink(),
            "move out": lambda: line.write({"import_id": other.id}),
            "move in": lambda: lines.search([("import_id", "=", other.id)])[0].write(
                {"import_id": moving.id}
            ),
            "web_save": lambda: line.web_save({"import_id": moving.id}, {}),
            "load": lambda: self.load(line, moving),
        }
        for field in line._fields.values():
            if field.store and field.name not in {*MAGIC_COLUMNS, "id", "import_id"}:
                value = line[field.name]
                value = value.id if field.type == "many2one" else value
                doors[f"write {field.name}"] = lambda name=field.name, value=value: line.write({name: value})
        return doors

    def load(self, line, moving):
        result = line.load([".id", "import_id/.id"], [[str(line.id), str(moving.id)]])
        if result["messages"]:
            raise UserError(result["messages"][0]["message"])

    def test_lines_of_what_goes_on(self):
        """D1: of every model nothing is made, changed, deleted or moved, but while the owner is asked"""
        self.other = self.make()
        moving = self.make()
        states = set(moving._fields["state"].get_values(self.env)) - OPEN
        self.assertEqual(len(states), 4)
        count = 0
        for state in states:
            moving._lifecycle_write_protected({"state": state})
            for name in self.find_lines():
                for door, attempt in self.get_attempts(moving, name).items():
                    with (
                        self.subTest(state=state, model=name, door=door),
                        mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"),
                        self.undone(),
                        self.assertRaises(UserError),  # which AccessError is
                    ):
                        attempt()
                        self.env.flush_all()
                    count += 1
        self.assertGreater(count, 150)
        moving._lifecycle_write_protected({"state": "check"})
        moving.stage_ids[0].outcome = "empty"
        moving.choice_ids.choice = "new"
        moving.column_ids[0].unlink()

    def test_options_of_what_goes_on(self):
        """D1: of the import itself no field"""
        moving, other = self.make(), self.make()
        for state in set(moving._fields["state"].get_values(self.env)) - OPEN:
            moving._lifecycle_write_protected({"state": state})
            for name in self.find_own_fields():
                field = moving._fields[name]
                value = {
                    "boolean": lambda m=moving, n=name: not m[n],
                    "datetime": lambda: "2020-01-01 00:00:00",
                    "selection": lambda f=field, m=moving, n=name: next(
                        value for value in f.get_values(self.env) if value != m[n]
                    ),
                    "one2many": lambda m=moving, n=name: [Command.delete(m[n][0].id)],
                    "many2many": lambda o=other, n=name: [Command.set(o[n].ids)],
                }[field.type]()
                with (
                    self.subTest(state=state, field=name),
                    self.undone(),
                    self.assertRaisesRegex(UserError, "This step is over"),
                ):
                    moving.write({name: value})

    def test_lines_while_somebody_begins(self):
        """D1: what is begun in the same moment is not changed"""
        moving = self.make()
        nobody = self.env["lifecycle.import"]
        self.patch(type(nobody), "try_lock_for_update", lambda self, **_kwargs: nobody)
        with self.assertRaisesRegex(UserError, "Somebody else is at this"):
            moving.stage_ids[0].outcome = "empty"

    def test_files_that_change_while_they_are_read(self):
        """D1, D3: no half of each is put together, whoever changes them"""
        self.patch(lifecycle_import_background, "SECONDS_AT_ONCE", -1)
        self.patch(lifecycle_import_reading, "STORED_AT_ONCE", 3)
        self.patch(sources, "SAMPLED", 2)
        lines = [f"{n},P{n},,,Hot Lead," for n in range(8)]
        two = {"a.csv": self.table(*lines)["contacts.csv"], "b.csv": self.table("9,Z,,,VIP,")["contacts.csv"]}
        for change in (
            lambda files: files[0].write({"raw": self.table(*lines, "8,P8,,,VIP,")["contacts.csv"]}),
            lambda files: files[0].sudo().unlink(),
        ):
            moving = self.prepare("file", two)
            moving.action_read()
            self.assertEqual((moving.state, moving.row_count), ("reading", 3))
            change(moving.attachment_ids.sorted("id"))
            self.env["lifecycle.import"]._cron_move_in()
            moving.invalidate_recordset()
            self.assertEqual((moving.state, moving.row_count), ("files", 0))
            self.assertEqual(moving.problem, "The files have changed meanwhile: read them again.")
            moving.action_read()
            self.env["lifecycle.import"]._cron_move_in()
            moving.invalidate_recordset()
            self.assertEqual(moving.state, "check")
