import logging
from contextlib import contextmanager

from odoo import Command
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL


class LifecycleCase(TransactionCase):
    """The shipped stages, one user of each role, and short ways to make contacts and conversations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Stage = cls.env["lifecycle.stage"]
        cls.LostStage = cls.env["lifecycle.lost.stage"]
        cls.Partner = cls.env["res.partner"]
        cls.Transition = cls.env["lifecycle.transition"]
        cls.new_lead, cls.hot_lead, cls.payment, cls.customer = (
            cls.env.ref(f"contact_lifecycle.lifecycle_stage_{name}")
            for name in ("new_lead", "hot_lead", "payment", "customer")
        )
        cls.cold_lead = cls.env.ref("contact_lifecycle.lifecycle_lost_stage_cold_lead")
        cls.empty_stages()
        # Odoo asks for its own group before anybody may make contacts, whatever the role
        cls.agent, cls.manager, cls.owner = (
            cls.make_user(f"lifecycle_{role}", f"base.group_partner_manager,contact_lifecycle.group_{role}")
            for role in ("agent", "manager", "owner")
        )
        # and its own again before anybody may change settings
        cls.administrator = cls.make_user("lifecycle_administrator", "base.group_system")
        cls.internal = cls.make_user("lifecycle_internal", "base.group_user,base.group_partner_manager")
        cls.portal = cls.make_user("lifecycle_portal", "base.group_portal")
        cls.contact = cls.make_contacts(1)

    def setUp(self):
        # what waits until the transaction is flushed is part of what all the tests of a class begin with
        self.env.cr.precommit.run()
        super().setUp()

    @classmethod
    def empty_stages(cls):
        """Take everything out of the stages that was there before, such as demo data."""
        cls.env.flush_all()
        cls.cr.execute("UPDATE res_partner SET lifecycle_stage_id = NULL, date_last_stage_update = NULL")
        cls.cr.execute("UPDATE discuss_channel SET lifecycle_stage_id = NULL")
        cls.env.invalidate_all()

    @classmethod
    def allow_plain_contacts(cls):
        """Let contacts be inserted by SQL, also where other addons require values of their own."""
        cls.cr.execute(
            """
            SELECT column_name
              FROM information_schema.columns
             WHERE table_name = 'res_partner' AND is_nullable = 'NO' AND column_default IS NULL
            """
        )
        for (column,) in cls.cr.fetchall():
            cls.cr.execute(
                SQL("ALTER TABLE res_partner ALTER COLUMN %s DROP NOT NULL", SQL.identifier(column))
            )

    @classmethod
    def make_user(cls, login, groups, **kwargs):
        return new_test_user(cls.env, login, groups, context={"no_reset_password": True}, **kwargs)

    @classmethod
    def make_contacts(cls, count, stage=None):
        """:return: ``count`` new contacts, in ``stage`` or, when none is given, in the default one"""
        vals = {"lifecycle_stage_id": stage.id} if stage else {}
        return cls.env["res.partner"].create([{"name": f"Contact {i}", **vals} for i in range(count)])

    @classmethod
    def make_contacts_without_stage(cls, count):
        contacts = cls.Partner.with_context(lifecycle_skip_default=True).create(
            [{"name": f"Contact without stage {i}"} for i in range(count)]
        )
        return contacts.with_env(cls.env)

    @classmethod
    def make_stages(cls, count, **vals):
        """:return: ``count`` new stages, Stage 0, Stage 1, ..., with names that no stage has yet"""
        first = cls.env["lifecycle.stage"].search_count([("name", "=like", "Stage %")])
        return cls.env["lifecycle.stage"].create(
            [{"name": f"Stage {i}", **vals} for i in range(first, first + count)]
        )

    @classmethod
    def make_livechat(cls, visitor, agent=None):
        """:return: an open live chat of ``visitor``, a guest or a contact, with ``agent``"""
        link = "guest_id" if visitor._name == "mail.guest" else "partner_id"
        agent = agent or cls.agent
        return cls.env["discuss.channel"].create(
            {
                "name": f"{visitor.name} {agent.name}",
                "channel_type": "livechat",
                "livechat_operator_id": agent.partner_id.id,
                "livechat_status": "in_progress",
                "channel_member_ids": [
                    Command.create({"partner_id": agent.partner_id.id, "livechat_member_type": "agent"}),
                    Command.create({link: visitor.id, "livechat_member_type": "visitor"}),
                ],
            }
        )

    @classmethod
    def make_guest(cls, name="Visitor"):
        return cls.env["mail.guest"].create({"name": name})

    @contextmanager
    def undone(self):
        """Undo what is done within."""
        savepoint = self.cr.savepoint()
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    @contextmanager
    def may_warn(self, logger, text):
        """Keep a warning that may come within out of the log, where any other is a fault."""

        def is_another(record):
            return text not in record.getMessage()

        logging.getLogger(logger).addFilter(is_another)
        try:
            yield
        finally:
            logging.getLogger(logger).removeFilter(is_another)

    def keep_only(self, stage):
        """Delete all lifecycle stages but ``stage``, with no traces."""
        self.empty_stages()
        (self.Stage.search([("is_lost", "=", False)]) - stage).unlink()

    def get_log(self, record):
        """:return: the moves of a contact, or of a conversation with an unknown visitor, oldest first"""
        link = "partner_id" if record._name == "res.partner" else "channel_id"
        return self.Transition.search([(link, "=", record.id)]).sorted("id")

    def get_moves(self, record):
        """:return: list of (from, to, source), the names as they are in the log, oldest first"""
        return [(row.from_stage_name, row.to_stage_name, row.source) for row in self.get_log(record)]

    def get_tracking_values(self, record):
        """:return: the tracking values of the stage in the contact's chatter, oldest first"""
        values = record.message_ids.sudo().tracking_value_ids.sorted("id")
        return values.filtered(lambda value: value.field_id.name == "lifecycle_stage_id")

    def delete_stage(self, stage, target=None, user=None):
        """Delete a stage as its dialog does.

        :return: the action that closes the dialog
        """
        wizard = self.env["lifecycle.stage.delete"].with_user(user or self.owner)
        return wizard.create(
            {
                "stage_id": stage.id,
                "reassign": bool(target),
                "target_stage_id": target.id if target else False,
            }
        ).action_confirm()
