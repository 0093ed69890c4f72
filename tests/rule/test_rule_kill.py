from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common_kill import KillCase

PREFIX = "Kill test"
COUNT = 10  # in batches of four, see scripts/kill.py
# at which commit, and on which side of it, the process is killed; the first one commits nothing but the progress
MOVING = ((1, "after"), (2, "before"), (2, "after"), (4, "before"))
MAKING_LEADS = ((1, "before"), (1, "after"), (3, "before"))


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_kill")
class TestRuleKill(KillCase):
    """A real process is killed in the middle of a scheduled action: nothing is lost, nothing done twice."""

    def delete(self, env):
        rules = env["lifecycle.rule"].with_context(active_test=False).search([("name", "like", PREFIX)])
        env["lifecycle.lead.request"].search([("rule_id", "in", rules.ids)]).lead_id.unlink()
        rules.unlink()
        env["res.partner"].search([("name", "like", PREFIX)]).unlink()

    def make_contacts(self, env, **vals):
        long_ago = fields.Datetime.now() - timedelta(days=100)
        new_lead = env.ref("contact_lifecycle.lifecycle_stage_new_lead")
        contacts = env["res.partner"].create([{"name": f"{PREFIX} {i}"} for i in range(COUNT)])
        contacts._lifecycle_move_at(False, long_ago)
        contacts._lifecycle_move_at(new_lead.id, long_ago)
        env.flush_all()
        env.cr.execute("UPDATE res_partner SET create_date = %s WHERE id = ANY(%s)", [long_ago, contacts.ids])
        return contacts

    def test_killed_while_inactive_contacts_move(self):
        """T9: whenever it happens, each contact has moved and is logged once in the end"""

        def look(contact_ids, commits):
            self.check_inactive(contact_ids, min(4 * (commits - 1), COUNT))
            self.run_through("inactive")
            self.check_inactive(contact_ids, COUNT)

        self.kill_at_each("inactive", self.prepare_inactive, look, MOVING)

    def prepare_inactive(self, env):
        contacts = self.make_contacts(env)
        env["lifecycle.rule"].create(
            {
                "name": f"{PREFIX} inactive",
                "kind": "inactivity",
                "active": True,
                "inactivity_days": 50,
                "domain": f"[('name', '=like', '{PREFIX}%')]",
                "to_stage_id": env.ref("contact_lifecycle.lifecycle_lost_stage_cold_lead").stage_id.id,
            }
        )
        return contacts.ids

    def check_inactive(self, contact_ids, expected):
        def check(env):
            contacts = env["res.partner"].browse(contact_ids)
            moved = contacts.filtered("lifecycle_is_lost")
            self.assertEqual(len(moved), expected)
            for contact in contacts:
                rows = contact.lifecycle_transition_ids.filtered(lambda row: row.source == "rule")
                self.assertEqual(len(rows), int(contact in moved))
            runs = env["lifecycle.rule.log"].search([("partner_id", "in", contact_ids)])
            self.assertEqual(runs.mapped("result"), ["acted"] * expected)

        self.transact(check)

    def test_killed_while_delayed_leads_are_made(self):
        """T6: whenever it happens, each contact has one lead in the end"""

        def look(contact_ids, commits):
            self.check_leads(contact_ids, min(4 * commits, COUNT))
            self.run_through("leads")
            self.check_leads(contact_ids, COUNT)

        self.kill_at_each("leads", self.prepare_leads, look, MAKING_LEADS)

    def prepare_leads(self, env):
        contacts = self.make_contacts(env)
        lost = env.ref("contact_lifecycle.lifecycle_lost_stage_cold_lead").stage_id
        rule = env["lifecycle.rule"].create(
            {
                "name": f"{PREFIX} leads",
                "kind": "follow_up",
                "active": True,
                "entered_stage_ids": [(6, 0, lost.ids)],
                "delay_days": 1,
            }
        )
        contacts.write({"lifecycle_stage_id": lost.id})
        env.cr.flush()
        requests = env["lifecycle.lead.request"].search([("rule_id", "=", rule.id)])
        self.assertEqual(len(requests), COUNT)
        requests.date_due = fields.Datetime.now()
        return contacts.ids

    def check_leads(self, contact_ids, expected):
        def check(env):
            leads = env["crm.lead"].search([("partner_id", "in", contact_ids)])
            self.assertEqual(len(leads), expected)
            self.assertEqual(len(leads.partner_id), expected)
            requests = env["lifecycle.lead.request"].search([("partner_id", "in", contact_ids)])
            self.assertEqual(len(requests), COUNT)
            self.assertEqual(requests.filtered(lambda request: request.state == "done").lead_id, leads)

        self.transact(check)
