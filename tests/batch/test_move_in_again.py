from datetime import datetime, timedelta

from odoo.tests import tagged

from ..common_move_in import MoveInCase

LONG_AGO = datetime(2025, 1, 1)


@tagged("post_install", "-at_install")
class TestMoveInAgain(MoveInCase):
    """D4: the same file changes nothing, an older one moves nobody back."""

    def test_moved_on_here_meanwhile(self):
        """D4: the same file moves nobody back, unless told to; a newer one goes by its dates"""
        files = self.table("1,A,a@example.com,,Hot Lead,")
        self.move_in("file", files, as_of="2026-01-01 10:00:00")
        contact = self.find("file", 1)
        contact.with_user(self.agent).lifecycle_stage_id = self.customer
        again = self.move_in("file", files)
        self.assertEqual((again.older_count, again.move_count), (1, 0))
        self.assertEqual(contact.lifecycle_stage_id, self.customer)
        newer = self.move_in("file", self.table("1,A,a@example.com,,Payment,"))
        self.assertEqual((newer.older_count + newer.not_forward_count, newer.move_count), (1, 0))
        self.assertEqual(contact.lifecycle_stage_id, self.customer)
        told = self.move_in("file", self.table("1,A,a@example.com,,Payment,"), move_back=True)
        self.assertEqual(told.back_count, 1)
        self.assertEqual(contact.lifecycle_stage_id, self.payment)
        self.assertOneLine(contact)

    def test_newer_and_older_histories(self):
        """D4: whichever comes first, the log is the same"""
        old = ["1,A,,,New Lead,01.01.2025", "1,A,,,Hot Lead,01.02.2025"]
        new = [*old, "1,A,,,Customer,01.03.2025"]
        for number, (first, second) in enumerate(((old, new), (new, old)), 1):
            lines = [
                [line.replace("1,A", f"{number},A{number}", 1) for line in part] for part in (first, second)
            ]
            self.move_in("file", self.table(*lines[0]))
            self.move_in("file", self.table(*lines[1]))
            contact = self.find("file", number)
            self.assertEqual(
                self.get_history(contact),
                [
                    (self.new_lead, datetime(2025, 1, 1), "import"),
                    (self.hot_lead, datetime(2025, 2, 1), "import"),
                    (self.customer, datetime(2025, 3, 1), "import"),
                ],
            )
            self.assertOneLine(contact)

    def test_histories_here_and_there_are_one(self):
        """D2: in order of time, by whom and why as it was; what contradicts is listed"""
        [contact] = self.make_contacts_without_stage(1)
        contact.email = "a@example.com"
        for stage, days in ((self.new_lead, 10), (self.payment, 30)):
            contact.with_user(self.agent).sudo()._lifecycle_move_at(stage.id, LONG_AGO + timedelta(days=days))
        lines = ("05.01.2025,Cold Lead", "20.01.2025,Hot Lead", "20.02.2025,Customer")
        lines = [f"1,A,a@example.com,,{stage},{date}" for date, stage in (line.split(",") for line in lines)]
        moving = self.move_in("file", self.table(*lines))
        self.assertEqual(moving.contradicting_count, 1)
        self.assertEqual(
            self.get_history(contact),
            [
                (self.cold_lead.stage_id, datetime(2025, 1, 5), "import"),
                (self.new_lead, datetime(2025, 1, 11), "manual"),
                (self.hot_lead, datetime(2025, 1, 20), "import"),
                (self.payment, datetime(2025, 1, 31), "manual"),
                (self.customer, datetime(2025, 2, 20), "import"),
            ],
        )
        self.assertOneLine(contact)
        self.assertEqual(
            self.Transition.search([("partner_id", "=", contact.id), ("source", "=", "manual")]).user_id,
            self.agent,
        )

    def test_empty_cells_say_nothing(self):
        """D4: the same for a new contact and for one that is there; what is filled in here stays"""
        header = "Id,Name,Email,Phone,Company,Stage"
        full, empty = "1,A,a@example.com,+49301234567,Acme,Hot Lead", "1,,,,,"
        self.move_in("file", {"a.csv": f"{header}\n{full}\n2,B,,,,\n".encode()})
        contact, other = self.find("file", 1), self.find("file", 2)
        self.assertFalse(other.email or other.phone or other.company_name or other.lifecycle_stage_id)
        contact.phone = "+49307654321"
        self.move_in("file", {"a.csv": f"{header}\n{empty}\n2,Bob,b@example.com,,,\n".encode()})
        self.assertEqual((contact.name, contact.email, contact.phone), ("A", "a@example.com", "+49307654321"))
        self.assertEqual((contact.company_name, contact.lifecycle_stage_id), ("Acme", self.hot_lead))
        self.assertEqual((other.name, other.email), ("B", "b@example.com"))

    def test_undone(self):
        """D5: who was here goes back to where they were, not further; who has come is archived, where the owner says so"""
        [here] = self.make_contacts_without_stage(1)
        here.email = "a@example.com"
        here._lifecycle_move_at(self.payment.id, LONG_AGO + timedelta(days=60))
        files = self.table(
            *("1,A,a@example.com,,New Lead,05.01.2025", "1,A,a@example.com,,Hot Lead,05.04.2025"),
            *(
                "1,A,a@example.com,,Customer,05.05.2025",
                "2,B,,,New Lead,05.01.2025",
                "2,B,,,Hot Lead,06.01.2025",
            ),
        )
        moving = self.move_in("file", files)
        came = self.find("file", 2)
        self.assertEqual((here.lifecycle_stage_id, came.lifecycle_stage_id), (self.customer, self.hot_lead))
        self.assertEqual((moving.batch_id.source, moving.batch_id.move_count), ("import", 4))
        moving.batch_id.with_user(self.owner)._undo(archive_new=True)
        self.env.invalidate_all()
        self.assertEqual((here.lifecycle_stage_id, came.lifecycle_stage_id), (self.payment, self.Stage))
        self.assertEqual((here.active, came.active), (True, False))
        self.assertOneLine(here)
        again = self.move_in("file", files)
        self.assertEqual((again.move_count, again.older_count), (0, 2))

    def test_merged_contacts(self):
        """D4, H5: ids over there go along, and the same files change nothing"""
        files = self.table("1,A,,,New Lead,01.01.2025", "2,B,,,Hot Lead,01.02.2025")
        self.move_in("file", files)
        first, second = self.find("file", 1), self.find("file", 2)
        self.env["base.partner.merge.automatic.wizard"]._merge((first | second).ids, first)
        self.assertEqual(self.find("file", 2), first)
        before = self.count_everything()
        again = self.move_in("file", files)
        self.assertEqual(again.move_count, 0)
        self.assertEqual(self.count_everything()["lifecycle_transition"], before["lifecycle_transition"])
