from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestVisit(TransactionCase):
    """All that an addon can join."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent, cls.manager, cls.owner = (
            new_test_user(
                cls.env,
                f"visit_{role}",
                f"contact_lifecycle.group_{role}",
                context={"no_reset_password": True},
            )
            for role in ("agent", "manager", "owner")
        )
        cls.new_lead, cls.hot_lead, cls.customer = (
            cls.env.ref(f"contact_lifecycle.lifecycle_stage_{name}")
            for name in ("new_lead", "hot_lead", "customer")
        )
        cls.contact = cls.env["res.partner"].create({"name": "Contact", "email": "contact@example.com"})
        cls.visit = cls.make_visit()

    @classmethod
    def make_visit(cls, **vals):
        return cls.env["contact.visit"].create({"partner_id": cls.contact.id, **vals})

    def end_transaction(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.cr.postcommit.clear()

    def get_last_move(self):
        return self.env["lifecycle.transition"].search([("partner_id", "=", self.contact.id)], limit=1)

    def test_copies_are_read_by_agents_and_searched_by_managers(self):
        """P1, P2"""
        Visit = self.env["contact.visit"].with_user(self.agent)
        visit = self.visit.with_user(self.agent)
        self.assertEqual((visit.lifecycle_stage_id, visit.visited_stage_id), (self.new_lead, self.new_lead))
        for field in ("lifecycle_stage_id", "visited_stage_id"):
            description = Visit.fields_get([field])[field]
            self.assertFalse(description["searchable"] or description["groupable"], field)
            for call in (
                lambda f=field: Visit.search([(f, "=", self.new_lead.id)]),
                lambda f=field: Visit.search([], order=f),
                lambda f=field: Visit.formatted_read_group([], [f], ["__count"]),
            ):
                with self.assertRaisesRegex(AccessError, "You may not filter", msg=field):
                    call()
            found = Visit.with_user(self.manager).search([(field, "=", self.new_lead.id)])
            self.assertEqual(found, self.visit)

    def test_nobody_else_reads_them(self):
        """P4"""
        colleague = new_test_user(self.env, "visit_colleague", context={"no_reset_password": True})
        for field in ("lifecycle_stage_id", "visited_stage_id"):
            with self.assertRaises(AccessError, msg=field):
                self.visit.with_user(colleague).read([field])

    def test_badge_moves_the_contact(self):
        """A11: from the list of visits"""
        arch = self.env["contact.visit"].with_user(self.agent).get_view(view_type="list")["arch"]
        [badge] = etree.fromstring(arch).findall(".//field[@name='lifecycle_stage_id']")
        self.assertEqual(badge.get("widget"), "lifecycle_stage")
        self.visit.with_user(self.agent).write({"lifecycle_stage_id": self.hot_lead.id})
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual((self.get_last_move().source, self.get_last_move().user_id), ("manual", self.agent))
        self.assertEqual(self.visit.visited_stage_id, self.new_lead, "as it was at the visit")

    def test_event_moves_the_contact(self):
        """T1: by a rule, which is made in the form"""
        with Form(self.env["lifecycle.rule"].with_user(self.owner)) as form:
            form.name = "Visited"
            form.kind = "outreach"
            form.on_visit_made = True
            form.to_stage_id = self.hot_lead
            form.active = True
        self.make_visit()
        self.end_transaction()
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(self.get_last_move().rule_id, form.record)

    def test_lead_of_a_rule_has_the_note_of_the_visit(self):
        """T5"""
        self.make_visit(note="Wants a quotation.", date="2040-01-01")
        self.env["lifecycle.rule"].create(
            {
                "name": "Lead",
                "kind": "lead",
                "entered_stage_ids": self.hot_lead.ids,
                "active": True,
            }
        )
        self.contact.lifecycle_stage_id = self.hot_lead
        self.end_transaction()
        lead = self.env["crm.lead"].search([("partner_id", "=", self.contact.id)])
        self.assertIn("Wants a quotation.", lead.description)

    def test_source_of_its_own(self):
        """H2: of an agent who may not write the contact; nobody claims it from outside"""
        self.visit.with_user(self.agent).action_bought()
        move = self.get_last_move()
        self.assertEqual(self.contact.lifecycle_stage_id, self.customer)
        self.assertEqual((move.source, move.user_id), ("visit", self.agent))
        contact = self.contact.with_user(self.agent).with_context(lifecycle_source="visit")
        contact.write({"lifecycle_stage_id": self.hot_lead.id})
        self.assertEqual(self.get_last_move().source, "manual")
        labels = dict(self.env["lifecycle.funnel.report"].fields_get(["source"])["source"]["selection"])
        self.assertEqual(labels["visit"], "Visit")

    def test_set_of_stages(self):
        """S14"""
        wizard = self.env["lifecycle.stage.set.apply"].with_user(self.owner)
        wizard.create({"stage_set": "field_sales"}).action_apply()
        names = self.env["lifecycle.stage"].search([]).mapped("name")
        # those that are not in the set stay, before the first won one
        self.assertEqual(names[:6], ["To Visit", "Visited", "New Lead", "Hot Lead", "Payment", "Customer"])
        self.assertEqual(names.count("Customer"), 1)
        self.assertEqual(self.contact.lifecycle_stage_id, self.new_lead)

    def test_stage_of_visits_can_be_deleted(self):
        """S11"""
        self.contact.lifecycle_stage_id = self.hot_lead
        self.new_lead.unlink()
        self.assertFalse(self.visit.visited_stage_id)
