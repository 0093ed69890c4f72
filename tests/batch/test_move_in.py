from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common_move_in import MoveInCase
from ..scripts import move_in_files

OFTEN = 14


@tagged("post_install", "-at_install")
class TestMoveIn(MoveInCase):
    """D1, D2: contacts of other systems are here with their stages and histories."""

    def get_stages(self, source, moving):
        return {line.value: line.stage_id for line in moving.stage_ids}

    def test_histories_are_those_of_the_source(self):
        """D1, D2, D4: by chance, as each source writes them; a second time is once"""
        for number, (source, writers) in enumerate(move_in_files.WRITERS.items(), 1):
            for seed, writer in enumerate(writers, 1):
                first = 10000 * number + 1000 * seed
                people = move_in_files.make_people(
                    source, OFTEN, seed, first, writer is move_in_files.write_hubspot_table
                )
                files = writer(people)
                moving = self.prepare(source, files)
                moving.action_read()
                moving.stage_ids.filtered(
                    lambda line, source=source: (
                        source == "chatwoot" and line.value in move_in_files.STAGES[source]
                    )
                ).filtered(lambda line: line.outcome == "empty").outcome = "lifecycle"
                moving.action_start()
                self.assertEqual((moving.state, moving.failed_count, moving.left_count), ("done", 0, 0))
                self.env.invalidate_all()
                stages = self.get_stages(source, moving)
                for person in people:
                    with self.subTest(writer=writer.__name__, person=person.number):
                        self.check_person(source, person, stages, moving)
                self.check_twice_is_once(source, files, stages)

    def check_person(self, source, person, stages, moving):
        contact = self.find(source, person.id)
        self.assertEqual((contact.name, contact.email), (f"{person.first} {person.last}", person.email))
        self.assertEqual(contact.phone, person.phone)
        moves = person.moves
        if source == "chatwoot":  # it knows no dates
            moves = [(stage, moving.as_of) for stage, _when in moves[-1:]]
        self.assertEqual(
            self.get_history(contact), [(stages[stage], when, "import") for stage, when in moves]
        )
        self.assertOneLine(contact)
        self.assertFalse(self.Transition.search([("partner_id", "=", contact.id)]).user_id)

    def check_twice_is_once(self, source, files, stages):
        before = self.count_everything()
        again = self.try_out(source, files, stages)
        self.assertTrue(again.has_nothing_to_do)
        self.assertTrue(again.known_files)
        self.assertEqual((again.new_count, again.move_count), (0, 0))
        again.action_start()
        self.assertEqual(self.count_everything(), before)

    def test_what_else_the_source_says(self):
        """D1: country, language, tags, company and salesperson, where they are known here"""
        self.env["res.lang"]._activate_lang("pt_BR")
        header = "Id,Name,Email,Company,Country,Language,Tags,Owner"
        lines = (
            f"1,Ana,ana@example.com,Acme,BR,pt,VIP; Fair,{self.agent.login}",
            "2,Bob,bob@example.com,,Atlantis,xx,,nobody@example.com",
        )
        self.move_in("file", {"a.csv": "\n".join((header, *lines)).encode()})
        ana, bob = self.find("file", 1), self.find("file", 2)
        self.assertEqual((ana.company_name, ana.country_id.code, ana.lang), ("Acme", "BR", "pt_BR"))
        self.assertEqual(sorted(ana.category_id.mapped("name")), ["Fair", "VIP"])
        self.assertFalse(bob.country_id or bob.category_id or bob.user_id or bob.company_name)
        self.assertFalse(ana.user_id, "a login that is no email is nobody's")

    def test_who_moved_them(self):
        """D2: where the source says an email that is a user's"""
        self.agent.email = "agent@example.com"
        page = """{"results": [{"id": "5", "properties": {}, "propertiesWithHistory": {"lifecyclestage": [
            {"value": "customer", "timestamp": "2025-02-01T10:00:00Z", "sourceLabel": "Agent@example.com"},
            {"value": "lead", "timestamp": "2025-01-01T10:00:00.5Z", "updatedByUserId": 12}]}}]}"""
        self.move_in("hubspot", {"page.json": page.encode()})
        log = self.get_log(self.find("hubspot", 5))
        self.assertEqual([row.user_id for row in log], [self.env["res.users"], self.agent])
        self.assertEqual([row.source for row in log], ["import", "import"])
        self.assertEqual([str(row.date) for row in log], ["2025-01-01 10:00:00", "2025-02-01 10:00:00"])

    def test_chatter_shows_where_the_contact_is(self):
        """H1, D2: one note for all that happened elsewhere"""
        self.move_in("file", self.table("1,A,,,New Lead,01.01.2025", "1,A,,,Hot Lead,01.02.2025", "2,B,,,,"))
        values = self.get_tracking_values(self.find("file", 1))
        self.assertEqual(
            [(value.old_value_char, value.new_value_char) for value in values], [("", "🔥 Hot Lead")]
        )
        self.assertFalse(self.get_tracking_values(self.find("file", 2)))

    def test_stages_are_matched_made_or_left(self):
        """D1, D3: by name in any language, label and internal value; lifecycle or lost at a place; the limit is told"""
        self.env["res.lang"]._activate_lang("de_DE")
        self.hot_lead.with_context(lang="de_DE").name = "Heißer Lead"
        lines = [
            f"{n},P{n},,,{stage}," for n, stage in enumerate(("heißer lead", "🆕new  lead", "VIP", "Gone"))
        ]
        moving = self.try_out("file", self.table(*lines))
        self.assertEqual(
            [(line.label, line.outcome, line.stage_id, line.contact_count) for line in moving.stage_ids],
            [
                ("heißer lead", "use", self.hot_lead, 1),
                ("🆕new lead", "use", self.new_lead, 1),
                ("VIP", "lifecycle", self.Stage, 1),
                ("Gone", "lifecycle", self.Stage, 1),
            ],
        )
        moving.stage_ids[2].after_stage_id = self.new_lead
        moving.stage_ids[3].outcome = "lost"
        moving.action_try()
        self.assertEqual((moving.stages_made, moving.enter_count, moving.lost_count), (2, 3, 1))
        self.make_stages(20 - self.Stage.search_count([]) - 1)
        moving.invalidate_recordset()
        self.assertEqual(moving.stages_excess, 1)
        with self.assertRaisesRegex(UserError, "at most 20 stages.*for 1 more"):
            moving.action_start()
        self.Stage.search([("name", "=", "Stage 0")]).unlink()
        moving.action_start()
        names = self.Stage.search([]).mapped("name")
        self.assertEqual(names[names.index("New Lead") + 1], "VIP")
        self.assertTrue(self.Stage.search([("name", "=", "Gone")]).is_lost)
        self.assertEqual(self.find("file", 2).lifecycle_stage_id.name, "VIP")

    def test_values_and_labels_of_hubspot_are_one(self):
        """D1: the marketing funnel knows all eight"""
        wizard = self.env["lifecycle.stage.set.apply"].with_user(self.owner)
        wizard = wizard.create({"stage_set": "marketing_funnel"})
        wizard.action_preview()
        wizard.action_apply()
        stages = move_in_files.LABELS
        header = "Record ID,Lifecycle Stage,Became a Lead Date"
        lines = [f"{n},{text},2025-01-01 10:00" for n, text in enumerate([*stages, *stages.values()])]
        moving = self.try_out("hubspot", {"a.csv": "\n".join((header, *lines)).encode()})
        self.assertEqual(moving.stage_ids.mapped("value"), list(stages))
        self.assertEqual(set(moving.stage_ids.mapped("outcome")), {"use"})
        self.assertEqual(moving.stage_ids.stage_id.mapped("name"), list(stages.values()))
        self.assertEqual(moving.stage_ids.mapped("contact_count"), [2] * 8)

    def test_labels_of_chatwoot_in_the_order_of_the_list(self):
        """D1: of several that fit, the first in the list"""
        data = b'id,name,labels\n1,A,"vip,customer,hot lead"\n2,B,vip\n'
        moving = self.try_out("chatwoot", {"a.csv": data})
        lines = {line.value: line for line in moving.stage_ids}
        self.assertEqual(lines["vip"].outcome, "empty")
        self.assertEqual(
            (lines["customer"].stage_id, lines["hot lead"].stage_id), (self.customer, self.hot_lead)
        )
        lines["hot lead"].sequence = -1
        moving.action_start()
        self.assertEqual(self.find("chatwoot", 1).lifecycle_stage_id, self.hot_lead)
        self.assertFalse(self.find("chatwoot", 2).lifecycle_stage_id, "no default stage either")

    def test_stages_of_partner_stage_in_this_database(self):
        """D1: the community's addon"""
        with self.assertRaisesRegex(UserError, "no stages of Partner Stage"):
            self.prepare("partner_stage", {}).action_read()
        contacts = self.make_contacts_without_stage(3)
        self.env.flush_all()
        self.cr.execute(
            """
            CREATE TABLE res_partner_stage (id serial PRIMARY KEY, name jsonb);
            ALTER TABLE res_partner ADD COLUMN stage_id integer;
            INSERT INTO res_partner_stage (name) VALUES ('{"en_US": "Hot Lead"}'), ('{"en_US": "Draft"}');
            """
        )
        self.cr.execute(
            "UPDATE res_partner SET stage_id = id - %s WHERE id = ANY(%s)",
            [contacts.ids[0] - 1, contacts.ids[:2]],
        )
        moving = self.move_in("partner_stage", {})
        self.assertEqual(contacts.mapped("lifecycle_stage_id.name"), ["Hot Lead", "Draft"])
        self.assertFalse(contacts[2].lifecycle_stage_id)
        self.assertEqual((moving.matched_count, moving.new_count), (2, 0))
        self.assertFalse(self.env["ir.model.data"].search([("module", "=", "__lifecycle_partner_stage__")]))

    def test_nothing_is_set_off(self):
        """D2: no rule, automation, email or notification, and no default stage; rules where the owner has ticked it"""
        self.env["lifecycle.rule"].create(
            {
                "name": "Rule",
                "kind": "criteria",
                "domain": f"[('lifecycle_stage_id', '=', {self.hot_lead.id})]",
                "to_stage_id": self.payment.id,
                "active": True,
            }
        )
        model_id = self.env["ir.model"]._get_id("res.partner")
        for trigger in ("on_create_or_write", "on_stage_set"):
            self.env["base.automation"].create(
                {
                    "name": trigger,
                    "model_id": model_id,
                    "trigger": trigger,
                    "lifecycle_trigger": trigger == "on_stage_set",
                    "trg_field_ref": self.hot_lead.id if trigger == "on_stage_set" else False,
                    "action_server_ids": [
                        Command.create(
                            {
                                "name": "Step",
                                "model_id": model_id,
                                "state": "code",
                                "code": "records.write({'comment': 'Automated'})",
                            }
                        )
                    ],
                }
            )
        self.agent.email = "agent@example.com"
        before = self.count_everything()
        data = (
            b"Id,Name,Email,Stage,Owner\n1,A,a@example.com,Hot Lead,agent@example.com\n2,B,b@example.com,,\n"
        )
        self.move_in("file", {"a.csv": data})
        self.cr.precommit.run()
        contact = self.find("file", 1)
        self.assertEqual((contact.user_id, contact.lifecycle_stage_id), (self.agent, self.hot_lead))
        self.assertFalse(self.find("file", 2).lifecycle_stage_id)
        self.assertFalse(contact.comment)
        after = self.count_everything()
        for table in ("mail_mail", "mail_notification"):
            self.assertEqual(after[table], before[table], table)
        contact.comment = "written here"
        self.assertIn("Automated", contact.comment, "the automation is there")

    def test_rules_hear_of_it_where_ticked(self):
        """D2"""
        calls = []
        rules = type(self.env["lifecycle.rule"])
        self.patch(
            rules, "_collect_event", lambda _rules, event, happened: calls.append((event, list(happened)))
        )
        self.move_in("file", self.table("1,A,,,Hot Lead,"))
        self.assertEqual(calls, [])
        self.move_in("file", self.table("2,B,,,Hot Lead,"), run_rules=True)
        contact = self.find("file", 2)
        self.assertEqual(
            calls,
            [("stage_entered", [(contact.id, ("lifecycle.transition", self.get_log(contact).id))])],
        )
