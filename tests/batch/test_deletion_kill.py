from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.batch import lifecycle_stage
from ..common_kill import COUNT, KillCase
from ..scripts.kill import BATCH_SIZE, run_action

PREFIX = "Deletion kill test"


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_kill")
class TestDeletionKill(KillCase):
    """The server or its database connection goes away while the contacts of a deleted stage move (S11)."""

    def delete(self, env):
        env["discuss.channel"].search([("name", "like", PREFIX)]).unlink()
        env["mail.guest"].search([("name", "like", PREFIX)]).unlink()
        env["res.partner"].with_context(active_test=False).search([("name", "like", PREFIX)]).unlink()
        stages = env["lifecycle.stage"].search([("name", "like", PREFIX)])
        stages._lifecycle_write_protected({"deletion_target_id": False})
        stages.unlink()
        cron = env.ref("contact_lifecycle.ir_cron_delete_stages")
        env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]).unlink()

    def prepare(self, env):
        """Delete a stage with contacts and conversations as its dialog does, up to the background."""
        leaving, target = env["lifecycle.stage"].create(
            [{"name": f"{PREFIX} leaving"}, {"name": f"{PREFIX} target"}]
        )
        contacts = env["res.partner"].create(
            [{"name": f"{PREFIX} {i:02}", "lifecycle_stage_id": leaving.id} for i in range(COUNT)]
        )
        contacts[3].active = contacts[8].active = False
        for name, visitor in (("known", contacts[0]), ("closed", contacts[9]), ("unknown", None)):
            self.make_conversation(env, f"{PREFIX} {name}", visitor, leaving)
        channel = env["discuss.channel"].search([("name", "=", f"{PREFIX} closed")])
        channel.livechat_end_dt = "2026-01-01 10:00:00"
        env.flush_all()
        with patch.object(lifecycle_stage, "BATCH_SIZE", BATCH_SIZE):
            leaving._move_contacts_and_delete(target)
        self.assertTrue(leaving.exists(), "nothing is left for the background")

    def make_conversation(self, env, name, visitor, stage):
        guest = env["mail.guest"].create({"name": name}) if not visitor else env["mail.guest"]
        agent = env.ref("base.partner_admin")
        member = {"partner_id": visitor.id} if visitor else {"guest_id": guest.id}
        channel = env["discuss.channel"].create(
            {
                "name": name,
                "channel_type": "livechat",
                "livechat_operator_id": agent.id,
                "livechat_status": "in_progress",
                "channel_member_ids": [
                    Command.create({"partner_id": agent.id, "livechat_member_type": "agent"}),
                    Command.create({**member, "livechat_member_type": "visitor"}),
                ],
            }
        )
        if guest:
            channel.lifecycle_stage_id = stage

    def read_rows(self, env):
        """:return: all that is told of the contacts and conversations, but for ids and moments"""
        contacts = env["res.partner"].with_context(active_test=False)
        channels = env["discuss.channel"].with_context(active_test=False)
        return {
            "stages": env["lifecycle.stage"].search([("name", "like", PREFIX)]).mapped("name"),
            "contacts": [
                (
                    contact.name,
                    contact.active,
                    contact.lifecycle_stage_id.name,
                    contact.date_last_stage_update == contact.lifecycle_transition_ids[:1].date,
                    self.read_log(contact.lifecycle_transition_ids),
                    self.read_chatter(contact),
                )
                for contact in contacts.search([("name", "like", PREFIX)], order="name")
            ],
            "conversations": [
                (
                    channel.name,
                    channel.lifecycle_stage_id.name,
                    self.read_log(env["lifecycle.transition"].search([("channel_id", "=", channel.id)])),
                    self.read_chatter(channel),
                )
                for channel in channels.search([("name", "like", PREFIX)], order="name")
            ],
        }

    def read_log(self, rows):
        return [
            (
                row.from_stage_id.name,
                row.from_stage_name,
                row.to_stage_id.name,
                row.to_stage_name,
                row.source,
                row.user_id.login,
                row.rule_name,
            )
            for row in rows.sorted("id")
        ]

    def read_chatter(self, record):
        return [
            (
                message.message_type,
                message.subtype_id.id,
                message.author_id.id,
                message.body,
                message.tracking_value_ids.mapped(
                    lambda value: (value.field_id.name, value.old_value_char, value.new_value_char)
                ),
            )
            for message in record.message_ids.sorted("id")
        ]

    def read_undisturbed(self):
        """:return: the rows as they are when nothing goes wrong"""
        rows = self.run_undisturbed("deletion", lifecycle_stage)
        self.assertEqual(rows["stages"], [f"{PREFIX} target"])
        self.assertEqual(len(rows["contacts"]), COUNT)
        for contact in rows["contacts"]:
            self.assertEqual(contact[2:4], (f"{PREFIX} target", True))
            self.assertEqual(len(contact[4]), 2)
        self.assertEqual([channel[1] for channel in rows["conversations"]], [f"{PREFIX} target"] * 3)
        return rows

    def count_left(self):
        return self.transact(
            lambda env: (
                env["res.partner"]
                .with_context(active_test=False)
                .search_count([("lifecycle_stage_id.name", "=", f"{PREFIX} leaving")])
            )
        )

    def test_killed_while_the_contacts_of_a_deleted_stage_move(self):
        """S11: at each moment; the next run ends as if nothing had happened, row by row"""
        undisturbed = self.read_undisturbed()

        def look(_prepared, commits):
            self.assertEqual(self.count_left(), max(0, COUNT - BATCH_SIZE * min(commits, 4)))
            self.run_through("deletion")
            self.assertEqual(self.transact(self.read_rows), undisturbed)

        self.kill_at_each("deletion", self.prepare, look)

    def test_connection_is_cut_while_the_contacts_of_a_deleted_stage_move(self):
        """S11: in the second batch of the background; the next run ends as if nothing had happened"""
        undisturbed = self.read_undisturbed()
        self.transact(self.prepare)
        with patch.object(lifecycle_stage, "BATCH_SIZE", BATCH_SIZE):
            with self.cut_in_move(2):
                self.transact(lambda env: run_action(env, "deletion"))
            self.assertEqual(self.count_left(), COUNT - 2 * BATCH_SIZE)
            self.run_through("deletion")
        self.assertEqual(self.transact(self.read_rows), undisturbed)

    def test_connection_is_cut_while_contacts_move(self):
        """H2: nothing of the move is left, and the next attempt is a move like any other"""

        def make(env):
            stages = env["lifecycle.stage"].create([{"name": f"{PREFIX} {i}"} for i in "ab"])
            contacts = env["res.partner"].create(
                [{"name": f"{PREFIX} {i}", "lifecycle_stage_id": stages[0].id} for i in range(5)]
            )
            return contacts.ids, stages[1].id

        contact_ids, stage_id = self.transact(make)

        def move(env):
            env["res.partner"].browse(contact_ids).write({"lifecycle_stage_id": stage_id})

        before = self.transact(self.read_rows)
        with self.cut_in_move(1):
            self.transact(move)
        self.assertEqual(self.transact(self.read_rows), before)
        self.transact(move)
        for _name, _active, stage, is_dated, log, chatter in self.transact(self.read_rows)["contacts"]:
            self.assertEqual((stage, is_dated), (f"{PREFIX} b", True))
            self.assertEqual([row[3] for row in log], [f"{PREFIX} a", f"{PREFIX} b"])
            values = [value for message in chatter for value in message[4]]
            self.assertEqual(len(values), 2)

    @contextmanager
    def cut_in_move(self, number):
        """Cut the connection to the database amid the ``number``-th move, and see that it fails."""
        Partner = self.registry["res.partner"]
        moved, count = Partner._lifecycle_moved, 0

        def cut(partners, *args, **kwargs):
            nonlocal count
            count += 1
            if count == number:
                partners.env.flush_all()
                self.terminate(partners.env.cr)
            return moved(partners, *args, **kwargs)

        with (
            mute_logger("odoo.sql_db"),
            patch.object(Partner, "_lifecycle_moved", cut),
            self.assertRaises((psycopg2.OperationalError, psycopg2.InterfaceError)),
        ):
            yield
        self.assertEqual(count, number)
        self.registry.clear_all_caches()

    def terminate(self, cr):
        with self.registry.cursor() as other:
            # returns when the connection has gone, at the latest after these milliseconds
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [cr._cnx.info.backend_pid])
            self.assertTrue(other.fetchone()[0])
