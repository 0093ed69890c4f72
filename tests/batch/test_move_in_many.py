from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, email_normalize

from ...models.batch import lifecycle_import_running, lifecycle_import_trial, res_partner_many
from ...models.batch.lifecycle_import_running import QUIET
from ...models.contact import res_partner
from ...tools.move import silently
from ...tools.move_in.addresses import normalize_email
from ..common_move_in import MoveInCase

IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
OWN = {"id", "commercial_partner_id", "create_date", "write_date", "calendar_last_notif_ack"}
VALUES = [
    {
        "name": "Ana Silva",
        "email": "Ana <ANA@Example.com>",
        "phone": "+49 30 1234567",
        "company_name": "Acme",
    },
    {"name": "Bob", "email": "n/a", "lang": "en_US"},
    {"name": "山田 太郎", "phone": "030/1", "category_id": []},
]


@tagged("post_install", "-at_install")
class TestMoveInMany(MoveInCase):
    """D2: contacts made by the thousand are those that ``create`` makes."""

    def read_columns(self, partners):
        """:return: for each contact a dict of all columns, but for those that differ from contact to contact"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT to_jsonb(p) FROM res_partner p WHERE id IN %s ORDER BY id", tuple(partners.ids))
        )
        return [{name: value for name, value in row.items() if name not in OWN} for (row,) in rows]

    def quiet(self):
        """:return: contacts with the context in which contacts move in"""
        return silently(self.Partner.with_user(self.owner).with_context(**QUIET))

    def assertSame(self, Partner):
        """Make contacts in both ways.

        :return: those made by the thousand
        """
        country = self.env.ref("base.de").id
        tags = self.env["res.partner.category"].create([{"name": "One"}, {"name": "Two"}])
        of_all = {"country_id": country, "user_id": self.agent.id, "category_id": [(4, tags[0].id)]}
        vals_list = [*VALUES, *({**vals, **of_all} for vals in VALUES), {"name": "Both"}]
        vals_list[-1]["category_id"] = [(4, tag.id) for tag in tags]
        created = Partner.create([dict(vals) for vals in vals_list])
        Partner.env.flush_all()
        many = Partner._lifecycle_create_many([dict(vals) for vals in vals_list])
        Partner.env.flush_all()
        self.assertEqual(self.read_columns(many), self.read_columns(created))
        self.assertEqual([partner.category_id for partner in many], [each.category_id for each in created])
        self.env.invalidate_all()
        self.assertEqual([partner.category_id for partner in many], [each.category_id for each in created])
        self.assertEqual(many.mapped("commercial_partner_id"), many)
        for name, field in self.Partner._fields.items():
            if field.store and field.type in ("one2many", "many2many"):
                counts = [[len(partner[name]) for partner in made.sudo()] for made in (many, created)]
                self.assertEqual(*counts, name)
        return many

    @contextmanager
    def copied(self, count):
        """Within, rows of as many contacts are copied."""
        with patch.object(res_partner_many, "copy_row", side_effect=res_partner_many.copy_row) as copied:
            yield
        self.assertEqual(sum(len(call.args[1]["name"]) for call in copied.mock_calls), count)

    def test_every_column_is_what_create_stores(self):
        """D2: whatever the addons are that are installed"""
        self.assertTrue(self.Partner._lifecycle_has_defaults_alike())
        Partner = self.Partner.with_user(self.owner).with_context(**QUIET)
        with self.copied(0):
            many = self.assertSame(Partner)
        with self.copied(6):
            many += self.assertSame(self.quiet())
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", many.ids), ("res_field", "!=", False)]
        )
        self.assertFalse(files)
        self.assertFalse(any(many.mapped("image_128")))

    def test_defaults_in_columns_of_every_kind(self):
        """D2: one for each company, one in HTML, one in JSON, one that is computed otherwise"""
        for name, value in {
            "comment": "<p>Hello</p>",
            "lang": "en_US",
            "type": "delivery",
            "is_company": True,
            "partner_latitude": 1.5,
            "state_id": self.env.ref("base.state_us_5").id,
            "company_id": self.env.company.id,
        }.items():
            self.env["ir.default"].set("res.partner", name, value)
        definition = {"name": "a1", "string": "A", "type": "char", "default": "x"}
        self.env["properties.base.definition"]._get_definition_for_property_field(
            "res.partner", "properties"
        ).properties_definition = [definition]
        self.assertSame(self.Partner.with_user(self.owner).with_context(**QUIET))
        with self.copied(6):
            many = self.assertSame(self.quiet())
        self.assertEqual(many.mapped("comment"), ["<p>Hello</p>"] * 7)

    def test_what_is_more_than_a_row(self):
        """D2: a stage, a tag or an image by default, an automation, and an addon with a part in ``create``"""
        automation = {"name": "A", "model_id": self.env.ref("base.model_res_partner").id}

        def create(partners, vals_list):
            return original(partners, vals_list)

        original = type(self.Partner).create
        for name, begin in {
            "tag": lambda: self.env["ir.default"].set(
                "res.partner",
                "category_id",
                [(6, 0, self.env["res.partner.category"].create({"name": "D"}).ids)],
            ),
            "stage": lambda: self.env["ir.default"].set("res.partner", "lifecycle_stage_id", self.payment.id),
            "automation": lambda: self.env["base.automation"].create(
                {**automation, "trigger": "on_create_or_write"}
            ),
            "addon": lambda: self.patch(type(self.Partner), "create", create),
        }.items():
            self.registry.clear_cache()
            with self.subTest(name), self.undone(), self.copied(0):
                begin()
                made = self.quiet()._lifecycle_create_many([{"name": "A"}, {"name": "B"}])
                if name == "stage":
                    self.assertEqual(made.sudo().mapped("lifecycle_transition_count"), [1, 1])
                if name == "tag":
                    self.assertEqual([partner.category_id.name for partner in made], ["D", "D"])

    def test_copies_are_checked(self):
        """D2: as ``create`` checks them"""

        def check(partners):
            if "B" in partners.mapped("name"):
                raise ValidationError("B")

        check._constrains = ("name",)
        values = [{"name": "A"}, {"name": "B"}]
        rule = {"name": "Not B", "model_id": self.env.ref("base.model_res_partner").id}
        rule["domain_force"] = "[('name', '!=', 'B')]"
        for name, error, begin in (
            ("rule", AccessError, lambda: self.env["ir.rule"].create(rule)),
            (
                "constraint",
                ValidationError,
                lambda: self.patch(type(self.Partner), "_constraint_methods", [check]),
            ),
        ):
            with self.subTest(name), self.undone(), self.copied(1):
                begin()
                with self.assertRaises(error), self.undone():
                    self.quiet()._lifecycle_create_many(values)

    def test_what_is_given_is_not_computed(self):
        """D2: a language by default, and a salesperson"""
        self.env["ir.default"].set("res.partner", "lang", "en_US")
        for name in ("_compute_lang", "_compute_user_id"):
            self.patch(
                self.find_class_with(name),
                name,
                lambda partners: partners.write({"lang": False, "user_id": False}),
            )
        with self.copied(1):
            made = self.quiet()._lifecycle_create_many(
                [{"name": "A"}, {"name": "B", "user_id": self.agent.id}]
            )
        self.env.flush_all()
        self.assertEqual(
            [(each.lang, each.user_id.id) for each in made], [("en_US", False), ("en_US", self.agent.id)]
        )

    def test_what_is_computed_is_no_default(self):
        """D2: also where somebody has set one"""
        for name in ("email_normalized", "complete_name"):
            self.env["ir.default"].set("res.partner", name, "x@y.z")
        self.assertSame(self.quiet())

    def test_parent_by_default(self):
        """D2: gives its language to those for whom the file names none"""
        self.env["res.lang"]._activate_lang("de_DE")
        parent = self.Partner.create({"name": "Parent", "lang": "de_DE"})
        self.env["ir.default"].set("res.partner", "parent_id", parent.id)
        values = [{"name": "A"}, {"name": "B", "lang": "en_US"}, {"name": "C"}]
        made = self.quiet()._lifecycle_create_many(values)
        self.assertEqual(made.mapped("lang"), ["de_DE", "en_US", "de_DE"])

    def find_class_with(self, method):
        """:return: the class that defines a method of contacts, in which a patch is no other addon's"""
        return next(cls for cls in type(self.Partner).mro() if method in vars(cls))

    def test_found_and_computed_once(self):
        """D2: the defaults, and what may depend on a parent, in the context in which contacts move in"""
        Partner = self.Partner.with_user(self.owner).with_context(**QUIET)
        counts = {}
        for method in ("default_get", "_compute_commercial_partner"):
            cls = self.find_class_with(method)
            self.patch(cls, method, self.counted(getattr(cls, method), counts))
        Partner._lifecycle_create_many([{"name": f"P{n}"} for n in range(5)])
        self.env.flush_all()
        self.assertEqual(counts, {"default_get": 1, "_compute_commercial_partner": 1})

    def counted(self, method, counts):
        def call(records, *args):
            counts[method.__name__] = counts.get(method.__name__, 0) + 1
            return method(records, *args)

        return call

    def test_default_of_each_contact(self):
        """D2: an addon that gives each contact a number does so"""
        numbers = iter(range(1000))
        default_get = type(self.Partner).default_get

        def number(partners, fields):
            return {**default_get(partners, fields), "ref": f"N{next(numbers)}"}

        self.patch(type(self.Partner), "default_get", number)
        made = self.Partner._lifecycle_create_many([{"name": f"P{n}"} for n in range(4)])
        self.assertEqual(len(set(made.mapped("ref"))), 4)

    def test_values_are_shared_with_nobody(self):
        """D2: a list that is a default is each contact's own"""
        tag = self.env["res.partner.category"].create({"name": "Default"})
        Partner = self.Partner.with_context(default_category_id=tag.ids)
        Model, seen = self.find_class_with("_add_missing_default_values"), []
        original = Model._add_missing_default_values

        def look(partners, values):
            values = original(partners, values)
            seen.append(values["category_id"])
            return values

        self.patch(Model, "_add_missing_default_values", look)
        made = Partner._lifecycle_create_many([{"name": "A"}, {"name": "B"}])
        self.assertEqual(made.mapped("category_id"), tag)
        commands = [command for value in seen for command in value]
        self.assertEqual((len(seen), len(commands)), (3, 3))
        for each in (seen, commands, [ids for _set, _zero, ids in commands]):
            self.assertEqual(len({id(value) for value in each}), 3)

    def test_rows_are_written_once(self):
        """D2: with the stage that their history ends in, and with what is computed of them"""
        lines = [f"w{n},W{n},W{n}@example.com,,New,2025-01-0{n + 1} 10:00" for n in range(5)]
        moving = self.try_out("file", self.table(*lines), {"New": self.new_lead})
        with self.copied(4), patch.object(res_partner, "write_at_once") as write_again:
            moving.action_start()
        write_again.assert_not_called()
        self.assertEqual(set(self.get_rows(moving).mapped("state")), {"done"})
        self.env.invalidate_all()
        for number in range(5):
            contact = self.find("file", f"w{number}")
            self.assertOneLine(contact)
            self.assertEqual(
                (contact.date_last_stage_update.day, contact.email_normalized, contact.complete_name),
                (number + 1, f"w{number}@example.com", f"W{number}"),
            )
            self.assertEqual(len(contact.message_ids.sudo().tracking_value_ids), 1)

    def test_each_step_begins_behind_the_last(self):
        """D2, D3: none goes through all that others have done"""
        self.patch(lifecycle_import_running, "BATCH_SIZE", 2)
        self.patch(lifecycle_import_trial, "TRIED_AT_ONCE", 2)
        Row, searched = type(self.env["lifecycle.import.row"]), []
        search = Row.search

        def look(rows, domain, **kwargs):
            [behind] = [value for name, operator, value in domain if operator == ">"] or [None]
            searched.append(behind)
            return search(rows, domain, **kwargs)

        self.patch(Row, "search", look)
        lines = [f"s{n},S{n},,,New,2025-01-01 10:00" for n in range(6)]
        moving = self.try_out("file", self.table(*lines))
        moving.action_start()
        self.env["lifecycle.import"]._cron_move_in()
        self.assertEqual(moving.state, "done")
        rows = self.get_rows(moving).ids
        self.assertEqual(searched[:4], [None, rows[1], rows[3], rows[5]])
        self.assertEqual(searched[4:8], [None, None, rows[3], rows[5]])

    def test_contacts_that_are_there_are_read_together(self):
        """D2, D4: no query for each of them"""

        def count(first, last):
            lines = [f"k{n},K{n},k{n}@example.com,,%s" for n in range(first, last)]
            stages = {"New": self.new_lead, "Hot": self.hot_lead}
            self.move_in("file", self.table(*(line % "New,2025-01-01 10:00" for line in lines)), stages)
            again = [f"x{line}" % "Hot,2025-02-01 10:00" for line in lines]
            moving = self.try_out("file", self.table(*again), stages)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            moving.action_start()
            self.env.flush_all()
            self.assertEqual(set(self.get_rows(moving).mapped("state")), {"done"})
            return self.cr.sql_log_count - before

        count(0, 2)
        self.assertEqual(count(10, 15), count(20, 40))

    def test_salesperson_by_default(self):
        """D2: is the one of contacts without one in the file, as of others that are made"""
        self.env["ir.default"].set("res.partner", "user_id", self.agent.id)
        made = self.Partner._lifecycle_create_many([{"name": "A"}, {"name": "B", "user_id": self.manager.id}])
        self.assertEqual([partner.user_id for partner in made], [self.agent, self.manager])

    def test_defaults_are_found_out_once(self):
        """D2: however many contacts there are"""
        Model, calls = self.find_class_with("default_get"), []
        original = Model.default_get

        def default_get(partners, fields):
            calls.append(fields)
            return original(partners, fields)

        self.patch(Model, "default_get", default_get)
        counts = []
        for count in (2, 4):
            calls.clear()
            self.Partner._lifecycle_create_many([{"name": f"P{n}"} for n in range(count)])
            counts.append(len(calls))
        self.assertEqual(counts, [1, 1])

    def test_what_an_addon_makes_meanwhile(self):
        """D2: has the defaults of its own context and user, and the contacts the images that it gives them"""
        Model, nested = type(self.Partner), []
        original = Model.create

        def create(partners, vals_list):
            if partners.env.context.get("is_nested"):
                return original(partners, vals_list)
            within = partners.with_context(is_nested=True, default_function="Referee")
            nested.append(within.create([{"name": "Nested"}]))
            by_other = partners.with_user(self.administrator).with_context(is_nested=True)
            nested.append(by_other.create([{"name": "Nested"}]))
            made = original(partners, vals_list)
            made[0].image_1920 = IMAGE
            return made

        self.env["ir.default"].set("res.partner", "function", "Admin", user_id=self.administrator.id)
        self.patch(Model, "create", create)
        first, second = self.Partner._lifecycle_create_many([{"name": "A"}, {"name": "B"}])
        self.assertEqual([made.function for made in nested], ["Referee", "Admin"])
        self.assertEqual([bool(partner.image_128) for partner in first + second], [True, False])

    def test_emails_are_normalized_as_odoo_does(self):
        """D1: also where the short way is taken"""
        for text in (
            *(
                "a@b.co",
                "a.b+c@d-e.example.com",
                "A@b.co",
                "a..b@c.de",
                "a@b",
                "a@b@c.de",
                " a@b.co",
                "a@b.co;c@d.co",
            ),
            *(
                "n/a",
                "",
                "Ana <a@b.co>",
                ".a@b.co",
                "a.@b.co",
                "-@b.co",
                "a@-b.co",
                "ä@b.co",
                "a@b..co",
                "a@b.co\n",
            ),
        ):
            with self.subTest(text=text):
                self.assertEqual(normalize_email(text) or "", email_normalize(text) or "")
