import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo import api, fields
from odoo.tests import tagged

from odoo.addons.base.models.res_partner import ResPartner as BasePartner
from odoo.addons.im_livechat.models.discuss_channel import DiscussChannel as OdoosChannel
from odoo.addons.snailmail.models.res_partner import ResPartner as OdoosPartner

from ...tools.bulk_create import are_as_shipped
from ...tools.move import Stay
from ..common import LifecycleCase
from ..common_neighbour import NeighbourCase


@tagged("post_install", "-at_install")
class TestWrittenAlone(NeighbourCase, LifecycleCase):
    """A5, A7, H1: a stage is written without what Odoo does at each write, unless another addon has a part in ``write``;
    what can be seen of it is the same.
    """

    @contextmanager
    def another_addon(self, cls):
        """Let a class with a ``write`` be that of another addon.

        :return: context manager that gives the list of the values written by it
        """
        seen, write = [], cls.write

        def written(records, vals):
            seen.append(dict(vals))
            return write(records, vals)

        module = cls.__module__
        cls.write, cls.__module__ = written, "odoo.addons.another_addon.models"
        are_as_shipped.cache_clear()
        try:
            yield seen
        finally:
            cls.write, cls.__module__ = write, module
            are_as_shipped.cache_clear()

    def test_addon_with_a_part_in_write(self):
        """A5: it has it"""
        contacts = self.make_contacts(2)
        channel = self.make_livechat(contacts[0])
        with self.another_addon(OdoosPartner) as of_contacts, self.another_addon(OdoosChannel) as of_channels:
            contacts.with_user(self.agent).write({"lifecycle_stage_id": self.payment.id})
        self.assertEqual([vals["lifecycle_stage_id"] for vals in of_contacts], [self.payment.id])
        self.assertEqual(of_channels, [{"lifecycle_stage_id": self.payment.id}])
        self.assertEqual(channel.lifecycle_stage_id, self.payment)

    def test_addon_with_a_part_in_write_of_new_contacts(self):
        """A1: it has it as they enter the default stage; where there is none, they enter it as well"""
        default = self.Stage._get_default()
        with self.another_addon(OdoosPartner) as written:
            made = self.Partner.create([{"name": "A"}, {"name": "B"}])
        self.assertEqual(
            [vals["lifecycle_stage_id"] for vals in written if "lifecycle_stage_id" in vals], [default.id]
        )
        with patch.object(type(self.Partner), "_lifecycle_move_to") as written:
            made += self.Partner.create([{"name": "A"}, {"name": "B"}])
        written.assert_not_called()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(made.lifecycle_stage_id, default)
        self.assertEqual(set(made.mapped("lifecycle_transition_count")), {1})

    def test_what_others_compute_of_a_stage(self):
        """A1: knows the contacts that enter it as they are made, and those that leave it"""

        @api.depends("neighbour_partner_ids")
        def compute_count(stages):
            for stage in stages:
                stage.neighbour_count = len(stage.neighbour_partner_ids)

        attributes = {
            "neighbour_partner_ids": fields.One2many("res.partner", "lifecycle_stage_id"),
            "neighbour_count": fields.Integer(compute="_compute_neighbour_count", store=True),
            "_compute_neighbour_count": compute_count,
        }
        with self.neighbour("lifecycle.stage", attributes):
            default, other = self.Stage._get_default(), self.payment
            before = [(stage, len(stage.neighbour_partner_ids)) for stage in (default, other)]
            made = self.Partner.create([{"name": "A"}, {"name": "B"}])
            made[0]._lifecycle_place({made[0].id: Stay(other.id, fields.Datetime.now())})
            for _time in range(2):
                for stage, count in before:
                    self.assertEqual(len(stage.neighbour_partner_ids), count + 1)
                    self.assertEqual(stage.neighbour_count, count + 1)
                self.env.flush_all()
                self.env.invalidate_all()

    def test_stage_that_another_addon_takes_over(self):
        """A5: by the ways in which Odoo gives what a company has to its people, and lets somebody follow"""
        company = self.Partner.create({"name": "Company", "is_company": True})
        person = self.Partner.create({"name": "Person", "parent_id": company.id})
        names = company._commercial_fields()
        self.patch(BasePartner, "_commercial_fields", lambda partner: [*names, "lifecycle_stage_id"])
        company.lifecycle_stage_id = self.payment
        self.assertEqual(person.lifecycle_stage_id, self.payment)

    def test_same_rows(self):
        """H1, H2: whoever has written them, and when, too"""
        fields = ["lifecycle_stage_id", "date_last_stage_update", "write_uid", "write_date", "message_ids"]

        def read():
            contacts = self.make_contacts(3)
            contacts.with_user(self.agent).write({"lifecycle_stage_id": self.payment.id})
            self.env.cr.flush()
            self.env.invalidate_all()
            rows = contacts.sudo().read(fields, load="")
            return [
                {**row, "id": None, "date_last_stage_update": None, "message_ids": len(row["message_ids"])}
                for row in rows
            ]

        alone = read()
        with self.another_addon(OdoosPartner):
            self.assertEqual(read(), alone)
        self.assertEqual(alone[0]["write_uid"], self.agent.id)

    def test_pages_are_told_nothing_while_stages_are_hidden(self):
        """S2, A7"""
        channel = self.make_livechat(self.make_contacts(1))
        self.env.cr.flush()
        Bus = self.env["bus.bus"].sudo()
        last = Bus.search([], order="id desc", limit=1).id or 0
        self.patch(type(self.Stage), "_are_shown", lambda stage: False)
        channel.lifecycle_stage_id = self.payment
        self.env.cr.flush()
        self.assertFalse(Bus.search([("id", ">", last), ("message", "like", '"discuss.channel"')]))

    def test_pages_are_told_the_same(self):
        """A7: of a conversation whose stage they show"""

        def tell():
            channel = self.make_livechat(self.make_contacts(1))
            self.env.cr.flush()
            Bus = self.env["bus.bus"].sudo()
            last = Bus.search([], order="id desc", limit=1).id or 0
            channel.with_user(self.agent).lifecycle_stage_id = self.payment
            self.env.cr.flush()
            told = []
            for row in Bus.search([("id", ">", last)], order="id"):
                if '"discuss.channel"' in row.message:
                    message = json.loads(row.message)
                    self.assertIn("lifecycle_stage_id", str(message))
                    for data in message["payload"]["discuss.channel"]:
                        data["id"] = None
                    told.append((json.loads(row.channel)[1:][0], json.loads(row.channel)[-1], message))
            return told

        alone = tell()
        self.assertEqual(len(alone), 1)
        with self.another_addon(OdoosChannel):
            self.assertEqual(tell(), alone)
