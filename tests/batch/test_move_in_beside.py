from odoo import api, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common_move_in import MoveInCase
from ..common_neighbour import NEIGHBOUR, NeighbourCase


@api.constrains("complete_name")
def check_twins(partners):
    for partner in partners:
        if partners.search_count([("complete_name", "=", partner.complete_name)]) > 1:
            raise ValidationError("There are two of them")


@api.depends("name")
def compute_length(partners):
    for partner in partners:
        partner.neighbour_length = len(partner.name)


def get_complete_name(partner):
    neighbour = next(cls for cls in type(partner).mro() if cls.__module__ == NEIGHBOUR)
    partner.search_count([("neighbour_length", ">", 100)])
    return f"{super(neighbour, partner)._get_complete_name()}{'' if partner.exists() else ' is not there'}"


LENGTH = {"neighbour_length": fields.Integer(compute="_compute_length", store=True)}


@tagged("post_install", "-at_install")
class TestMoveInBeside(NeighbourCase, MoveInCase):
    """D2: contacts move in beside other addons as ``create`` makes them."""

    def move_in_named(self, *names):
        """:return: the rows of a file with contacts of these names"""
        lines = [f"b{n},{name},,,New,2025-01-01 10:00" for n, name in enumerate(names)]
        moving = self.try_out("file", self.table(*lines), {"New": self.new_lead})
        moving.action_start()
        return self.get_rows(moving)

    def test_what_is_computed_is_checked_as_it_is_stored(self):
        """D2: where another addon allows no two contacts of one name"""
        with self.neighbour("res.partner", {"_check_twins": check_twins}):
            rows = self.move_in_named("Twin", "Twin", "Other")
            self.assertEqual(rows.mapped("state"), ["done", "failed", "done"])
            self.assertIn("two of them", rows[1].problem)

    def test_what_others_compute_is_each_contacts_own(self):
        """D2: also where another addon searches contacts as it computes"""
        attributes = {**LENGTH, "_compute_length": compute_length, "_get_complete_name": get_complete_name}
        with self.neighbour("res.partner", attributes):
            names = ["NN", "NNN", "NNNN", "NNNNN"]
            contacts = self.move_in_named(*names).partner_id
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(contacts.mapped("neighbour_length"), [2, 3, 4, 5])
            self.assertEqual(contacts.mapped("complete_name"), names)

    def test_stage_by_default(self):
        """D2, H1: the chatter says the stage that a contact was in, as the log does"""
        self.env["ir.default"].set("res.partner", "lifecycle_stage_id", self.hot_lead.id)
        lines = [f"d{n},D{n},,,New,2025-01-01 10:00" for n in range(2)]
        self.move_in("file", self.table(*lines), {"New": self.new_lead})
        for number in range(2):
            contact = self.find("file", f"d{number}")
            values = contact.message_ids.sudo().tracking_value_ids.sorted("id")
            self.assertEqual(values[-1].old_value_char, self.hot_lead.display_name)
