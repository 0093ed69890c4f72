from odoo.tests import tagged
from odoo.tools import SQL, email_normalize

from ...models.batch.lifecycle_import_running import QUIET
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

    def make_both(self):
        Partner = self.Partner.with_user(self.owner).with_context(
            lifecycle_skip_default=True, tracking_disable=True, mail_create_nosubscribe=True
        )
        country = self.env.ref("base.de").id
        vals_list = [{**vals, "country_id": country, "user_id": self.agent.id} for vals in VALUES] + VALUES
        return Partner.create([dict(vals) for vals in vals_list]), Partner._lifecycle_create_many(vals_list)

    def test_every_column_is_what_create_stores(self):
        """D2: whatever the addons are that are installed"""
        self.assertTrue(self.Partner._lifecycle_has_defaults_alike())
        created, many = self.make_both()
        self.assertEqual(self.read_columns(many), self.read_columns(created))
        self.assertEqual(many.mapped("commercial_partner_id"), many)
        self.assertEqual(many.mapped("category_id"), created.mapped("category_id"))
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", (created + many).ids),
                ("res_field", "!=", False),
            ]
        )
        self.assertFalse(files)
        self.assertFalse(any(many.mapped("image_128")))

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
