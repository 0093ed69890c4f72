import random

from odoo import Command, fields
from odoo.tests import tagged

from ..common_dashboard import FIGURES, DashboardCase

SEED = 20260
ROUNDS = 50
CONTACTS = 10_000
CONVERSATIONS = 60


@tagged("post_install", "-at_install")
class TestDashboardProperty(DashboardCase):
    """The cards say what an independent SQL count says, whatever has happened (M1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.allow_plain_contacts()
        # written straight into the table: only what happens to them afterwards is of interest
        cls.cr.execute(
            """
            INSERT INTO res_partner (name, complete_name, active, partner_share, type, lifecycle_stage_id)
                 SELECT 'Random ' || i, 'Random ' || i, i %% 17 <> 0, TRUE,
                        CASE i %% 13 WHEN 0 THEN 'invoice' WHEN 1 THEN NULL ELSE 'contact' END,
                        (%s)[1 + i %% 6]
                   FROM generate_series(1, %s) i
              RETURNING id
            """,
            [
                [
                    *(cls.new_lead + cls.hot_lead + cls.payment + cls.customer + cls.cold_lead.stage_id).ids,
                    None,
                ],
                CONTACTS,
            ],
        )
        cls.contact_ids = [row[0] for row in cls.cr.fetchall()]
        cls.env.invalidate_all()
        cls.company = cls.env["res.company"].create({"name": "Other Company"})
        cls.conversations = cls.Channel.union(
            *(cls.make_livechat(cls.make_guest(), cls.operator) for _ in range(CONVERSATIONS))
        )

    def make_random_moves(self, rng, most=300):
        """Let one thing happen to up to ``most`` contacts, and one to some conversations."""
        contacts = self.env["res.partner"].browse(rng.sample(self.contact_ids, rng.randint(1, most)))
        stages = [*self.Stage.search([("deletion_pending", "=", False)]), self.Stage]
        what = rng.choice(["move", "move", "move", "move", "archive", "type", "company", "unarchive"])
        if what == "move":
            contacts.write({"lifecycle_stage_id": rng.choice(stages).id})
        elif what in ("archive", "unarchive"):
            contacts.write({"active": what == "unarchive"})
        elif what == "type":
            contacts.write({"type": rng.choice(["contact", "invoice", "other"])})
        else:
            contacts.write({"company_id": rng.choice([False, self.company.id, self.env.company.id])})
        conversations = self.env["discuss.channel"].browse(
            rng.sample(self.conversations.ids, rng.randint(1, 6))
        )
        what = rng.choice(["move", "snooze", "wake", "close", "contact", "leave", "join"])
        if what == "move":
            conversations.write({"lifecycle_stage_id": rng.choice(stages).id})
        elif what == "contact":
            for conversation in conversations:
                conversation._lifecycle_identify_as(rng.choice(contacts))
        elif what == "leave":
            conversations.channel_member_ids.filtered(lambda m: not m.partner_id.partner_share).unlink()
        elif what == "join":
            conversations.write(
                {
                    "channel_member_ids": [
                        Command.create({"partner_id": self.colleague.partner_id.id})
                        for _ in range(1)
                        if self.colleague.partner_id not in conversations.channel_member_ids.partner_id
                    ]
                }
            )
        elif what == "close":
            conversations[:2].write({"livechat_end_dt": fields.Datetime.now()})
        else:
            conversations._lifecycle_write_protected(
                {"lifecycle_snoozed_until": what == "snooze" and "2099-01-01"}
            )

    def count_by_sql(self):
        """:return: dict stage id -> numbers, counted without the ORM, the code and the columns it computes"""
        self.env.flush_all()
        self.cr.execute(
            """
            WITH customer_chat AS (
                SELECT stage.id AS stage_id,
                       channel.lifecycle_snoozed_until IS NOT NULL AS snoozed,
                       NOT EXISTS (
                           SELECT
                             FROM discuss_channel_member member
                             JOIN res_partner agent ON agent.id = member.partner_id
                            WHERE member.channel_id = channel.id AND agent.active AND NOT agent.partner_share
                       ) AS unassigned
                  FROM discuss_channel channel
                  JOIN lifecycle_stage stage ON stage.id = channel.lifecycle_stage_id
                 WHERE channel.channel_type = 'livechat' AND channel.active AND channel.livechat_end_dt IS NULL
            )
            SELECT stage.id,
                   (SELECT count(*) FROM res_partner contact
                     WHERE contact.lifecycle_stage_id = stage.id AND contact.active AND contact.partner_share
                       AND coalesce(contact.type, 'contact') = 'contact'
                       AND coalesce(contact.company_id, %(company)s) = %(company)s),
                   (SELECT count(*) FROM customer_chat WHERE stage_id = stage.id AND NOT snoozed),
                   (SELECT count(*) FROM customer_chat WHERE stage_id = stage.id AND snoozed),
                   (SELECT count(*) FROM customer_chat WHERE stage_id = stage.id AND unassigned)
              FROM lifecycle_stage stage
             WHERE NOT EXISTS (SELECT FROM lifecycle_lost_stage lost WHERE lost.stage_id = stage.id)
            """,
            {"company": self.env.company.id},
        )
        return {stage_id: numbers for stage_id, *numbers in self.cr.fetchall()}

    def test_metrics_after_random_moves(self):
        """M1: 10,000 contacts, 50 rounds"""
        rng = random.Random(SEED)
        seen = set()
        for number in range(ROUNDS):
            self.make_random_moves(rng)
            expected = self.count_by_sql()
            found = {
                stage_id: [card[figure] for figure in FIGURES]
                for stage_id, card in self.get_metrics().items()
            }
            self.assertEqual(found, expected, f"seed {SEED}, round {number}")
            seen.add(str(expected))
        self.assertGreater(len(seen), ROUNDS / 2, "the moves changed the figures")
