import uuid
from datetime import datetime
from unittest.mock import patch

from psycopg2.extras import Json

from odoo import Command, api, fields, models
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.contact import res_partner, res_partner_chatter
from ...tools import bulk_create
from ...tools.move import silently
from ..common import LifecycleCase
from ..common_neighbour import NEIGHBOUR, NeighbourCase

MODELS = ("mail.message", "mail.tracking.value", "lifecycle.transition")
UNIQUE = "unique(neighbour_value)"
checked = []


def token(*_args):
    return uuid.uuid4().hex


class OwnToken:
    """A default that is no function."""

    __module__ = NEIGHBOUR

    def __call__(self, records):
        return token()


def compute_token(records):
    for record in records:
        record.neighbour_value = token()


@api.depends("create_date")
def compute_token_again(records):
    compute_token(records)


@api.depends("create_date")
def compute_name(records):
    for record in records:
        record.neighbour_value = record.create_date.isoformat()


def inverse_count(records):
    checked.extend(records.ids)


@api.constrains("create_date")
def check_each(records):
    checked.extend(records.ids)


def call_super(name):
    """:return: a method of that name that does nothing but call the next one"""

    def method(self, *args):
        neighbour = next(cls for cls in type(self).mro() if cls.__module__ == NEIGHBOUR)
        return getattr(super(neighbour, self), name)(*args)

    return method


def tags(*_args):
    return [Command.create({"name": token()})]


CATEGORY = "res.partner.category"
TAGS = {"comodel_name": CATEGORY, "relation": "neighbour_rel", "column1": "row_id", "column2": "tag_id"}
# what an addon may add to a model -> (its attributes, whether rows may be copied all the same)
KINDS = {
    "constant default": ({"neighbour_value": fields.Char(default="x")}, True),
    "boolean": ({"neighbour_value": fields.Boolean(default=True)}, True),
    "JSON": ({"neighbour_value": fields.Json(default={"x": [1]})}, True),
    "translated": ({"neighbour_value": fields.Char(default="x", translate=True)}, True),
    "company-dependent": ({"neighbour_value": fields.Char(default="x", company_dependent=True)}, True),
    "computed": ({"neighbour_value": fields.Char(compute=compute_name, store=True)}, True),
    "computed before": (
        {"neighbour_value": fields.Char(compute=compute_name, store=True, precompute=True)},
        True,
    ),
    "own value computed": ({"neighbour_value": fields.Char(compute=compute_token_again, store=True)}, True),
    "related": ({"neighbour_value": fields.Datetime("Neighbour", related="create_date", store=True)}, True),
    "reference": ({"neighbour_value": fields.Reference([(CATEGORY, "Tag")], default=f"{CATEGORY},1")}, True),
    "index": ({"neighbour_value": fields.Char(), "_neighbour_idx": models.Index("(neighbour_value)")}, True),
    "default of its own": ({"neighbour_value": fields.Char(default=token)}, False),
    "default that is no function": ({"neighbour_value": fields.Char(default=OwnToken())}, False),
    "unique": (
        {"neighbour_value": fields.Char(default=token), "_neighbour_unique": models.Constraint(UNIQUE)},
        False,
    ),
    "unique and computed": (
        {
            "neighbour_value": fields.Char(compute=compute_token_again, store=True),
            "_neighbour_unique": models.UniqueIndex("(neighbour_value)"),
        },
        False,
    ),
    "computed from nothing": ({"neighbour_value": fields.Char(compute=compute_token, store=True)}, False),
    "computed from nothing before": (
        {"neighbour_value": fields.Char(compute=compute_token, store=True, precompute=True)},
        False,
    ),
    "many2many": ({"neighbour_value": fields.Many2many(**TAGS, default=tags)}, False),
    "constant many2many": (
        {"neighbour_value": fields.Many2many(**TAGS, default=[Command.create({"name": "x"})])},
        False,
    ),
    "one2many": (
        {"neighbour_value": fields.One2many(CATEGORY, "color", default=tags)},
        False,
    ),
    "attachment": ({"neighbour_value": fields.Binary(attachment=True, default=b"eA==")}, False),
    "inverse": (
        {"neighbour_value": fields.Char(compute=compute_name, inverse=inverse_count, default="x")},
        False,
    ),
    "check": ({"neighbour_value": fields.Char(), "_check_each": check_each}, False),
    "companies": ({"neighbour_value": fields.Char(), "_check_company_auto": True}, False),
}


@tagged("post_install", "-at_install")
class TestBulkCreate(NeighbourCase, LifecycleCase):
    """Copies of rows are what ``create()`` would have stored, whatever another addon adds to the model (H1, H2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.module.module"].create({"name": "neighbour"})

    def setUp(self):
        super().setUp()
        self.copied = self.startPatcher(
            patch.object(bulk_create, "copy_row", side_effect=bulk_create.copy_row)
        )
        self.startPatcher(patch.object(res_partner_chatter, "copy_row", self.copied))

    def get_rows(self, model, contacts):
        """:return: the rows of the last move of these contacts, in their order"""
        if model == "lifecycle.transition":
            return self.Transition.concat(*(self.get_log(contact)[-1] for contact in contacts))
        values = self.get_tracking_values(contacts[0]).concat(
            *(self.get_tracking_values(contact)[-1] for contact in contacts)
        )
        values = values[1:]
        return values if model == "mail.tracking.value" else values.mail_message_id

    def move(self, model):
        """Move three contacts together.

        :return: (what the rows have of the neighbour's field: for each the place of the first with the same, and
            whether it has any; which rows were checked or written by the neighbour)
        """
        contacts = self.make_contacts_without_stage(3)
        checked.clear()
        contacts.lifecycle_stage_id = self.hot_lead
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.get_rows(model, contacts)
        self.assertEqual(len(rows), 3)
        values = [row.neighbour_value for row in rows]
        return [(values.index(value), bool(value)) for value in values], [row.id in checked for row in rows]

    def test_each_kind_of_addition(self):
        """H1, H2: every kind of field and check on each of the models; rows are copied where it makes no difference"""
        for model in MODELS:
            for kind, (attributes, is_copied) in KINDS.items():
                with self.subTest(kind, model=model), self.neighbour(model, attributes):
                    self.copied.reset_mock()
                    self.assertIs(bulk_create.makes_all_alike(self.env[model]), is_copied)
                    ours = self.move(model)
                    copied = {call.args[0]._name for call in self.copied.mock_calls if call.args[1]}
                    self.assertEqual(copied, {*MODELS} if is_copied else {*MODELS} - {model})
                    with (
                        patch.object(bulk_create, "makes_all_alike", return_value=False),
                        patch.object(res_partner_chatter, "makes_all_alike", return_value=False),
                    ):
                        self.assertEqual(ours, self.move(model))
        self.assertTrue(bulk_create.makes_all_alike(self.env["mail.message"]), "as it was")

    def test_each_method(self):
        """H1, H2: whoever has a part in ``create()`` is asked for each record"""
        for name in bulk_create.PARTS_OF_CREATE:
            attributes = {name: call_super(name)}
            with self.subTest(name), self.neighbour("lifecycle.transition", attributes):
                self.assertTrue(hasattr(models.BaseModel, name))
                self.assertFalse(bulk_create.makes_all_alike(self.Transition))

    def test_shipped_odoo_copies_rows(self):
        """H1, H2: one query for all copies, with what the database itself says"""
        contacts = self.make_contacts(3)
        self.env.cr.flush()
        for model in MODELS:
            self.assertTrue(bulk_create.makes_all_alike(self.env[model]), model)
        with patch.object(
            type(self.cr), "execute", autospec=True, side_effect=type(self.cr).execute
        ) as execute:
            contacts.lifecycle_stage_id = self.hot_lead
            self.env.flush_all()
        queries = [str(getattr(call.args[1], "code", call.args[1])) for call in execute.mock_calls]
        for model in MODELS:
            table = self.env[model]._table
            inserts = [query for query in queries if f'INSERT INTO "{table}"' in query]
            self.assertEqual(["unnest" in query for query in inserts], [False, True], table)

    def assertCopied(self, model, alike, own):
        """Compare copies with what ``create()`` stores of the same values."""
        count = len(next(iter(own.values())))
        first, *created = model.create(
            [alike] + [{**alike, **{name: own[name][place] for name in own}} for place in range(count)]
        )
        copies = bulk_create.copy_row(first, own)
        known = [[copy[name] for name in own] for copy in copies]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual([[copy[name] for name in own] for copy in copies], known)
        columns = SQL(", ").join(map(SQL.identifier, own))
        stored = [
            self.env.execute_query(
                SQL(
                    "SELECT %s FROM %s WHERE id IN %s ORDER BY id",
                    columns,
                    SQL.identifier(model._table),
                    tuple(records.ids),
                )
            )
            for records in (model.concat(*created), copies)
        ]
        self.assertEqual(*stored)

    def test_values_of_every_kind(self):
        """H1, D2: whatever is in them"""
        texts = ['a"b', "c\\d", "e,f}", "{g", "NULL", " h\n", "ä😀", '\\\\"', "'%s", "", False]
        moments = [datetime(2025, 1, 1, 10, 30, second) for second in range(10)]
        self.assertCopied(
            self.Partner,
            {"name": "X"},
            {
                "ref": texts,
                "comment": texts,
                "barcode": [text and f"{place}{text}" for place, text in enumerate(texts)],
                "is_company": [True, False] * 5 + [True],
                "partner_latitude": [1, 1.1, -0.5, 0, False, 1e-7, 2, 3, 4, 5, 6],
                "color": [*range(10), False],
                "calendar_last_notif_ack": [*moments, False],
                "country_id": [self.env.ref("base.de").id, False] * 5 + [False],
            },
        )
        self.assertCopied(
            self.env[CATEGORY].with_context(lang="en_US"),
            {"name": "X"},
            {"name": ["Z", *filter(None, texts)]},
        )
        message = self.make_contacts(1).message_ids[0]
        self.assertCopied(
            self.env["mail.tracking.value"],
            {
                "mail_message_id": message.id,
                "field_id": self.env["ir.model.fields"]._get("res.partner", "name").id,
            },
            {"field_info": [{"a": texts}, {"a": {"b": None}}, False]},
        )

    def read_written(self, contacts, vals_list):
        """Write to the columns of contacts.

        :return: tuple of their rows, without what differs by itself, and the number of queries
        """
        self.env.flush_all()
        count = self.cr.sql_log_count
        silently(contacts)._write_multi([dict(vals) for vals in vals_list])
        count = self.cr.sql_log_count - count
        rows = self.env.execute_query(
            SQL(
                "SELECT to_jsonb(p) - ARRAY['id', 'name', 'complete_name', 'commercial_partner_id'] FROM res_partner p WHERE id IN %s ORDER BY id",
                tuple(contacts.ids),
            )
        )
        return rows, count

    def test_what_others_write_is_left_to_the_orm(self):
        """A5: also what belongs to contacts that have just moved"""
        contacts = self.make_contacts(3)
        self.env.flush_all()
        with patch.object(res_partner, "write_at_once") as write_at_once:
            contacts.write({"ref": "x", "lifecycle_stage_id": self.payment.id})
            self.env.flush_all()
        write_at_once.assert_not_called()

    def test_columns_are_written_as_the_orm_does(self):
        """A5, D2: in one query for all that get the same; those with a value for each company by the ORM"""
        moment = datetime(2025, 1, 1, 10, 30)
        other = self.env["res.company"].create({"name": "Other"})
        texts = ['a"b', "c\\d", "{e,f}", "NULL", "", None]
        mixed = [{"ref": text, "active": bool(text), "color": 7} for text in texts]
        others = [{"date_last_stage_update": moment, "write_uid": self.agent.id, "partner_latitude": 1.5}] * 3
        properties = [{"properties": Json({"a": text})} for text in texts[:2]] + [{"properties": None}]
        by_company = [{"barcode": Json({self.env.company.id: text})} for text in texts[:3]]
        for vals_list, queries in (
            (mixed, 1),
            (mixed + others, 2),
            (properties, 1),
            (by_company, None),
            (mixed[:1], None),
        ):
            with self.subTest(vals_list=vals_list):
                contacts = self.make_contacts(2 * len(vals_list))
                self.env.flush_all()
                self.cr.execute(
                    "UPDATE res_partner SET barcode = jsonb_build_object(%s::text, 'x') WHERE id = ANY(%s)",
                    [other.id, contacts.ids],
                )
                rows, count = self.read_written(contacts[: len(vals_list)], vals_list)
                with patch.object(res_partner, "is_as_shipped", return_value=False):
                    alone, _count = self.read_written(contacts[len(vals_list) :], vals_list)
                self.assertEqual(rows, alone)
                self.assertEqual(count, queries or count)
