from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import LifecycleCase

MODELS = (
    "lifecycle.dashboard",
    "lifecycle.first.steps",
    "lifecycle.live.mixin",
    "lifecycle.traces.mixin",
    "lifecycle.protected.mixin",
    "lifecycle.own.rows.mixin",
    "lifecycle.stay.mixin",
    "lifecycle.stage",
    "lifecycle.lost.stage",
    "lifecycle.transition",
    "lifecycle.batch",
    "lifecycle.batch.undo",
    "lifecycle.funnel.report",
    "lifecycle.stage.time.report",
    "lifecycle.stage.delete",
    "lifecycle.lost.stage.suggest",
    "lifecycle.lost.stage.suggest.line",
    "lifecycle.stage.set.apply",
    "lifecycle.stage.set.apply.line",
    "lifecycle.contact.lost",
    "lifecycle.contact.stage",
    "lifecycle.conversation.snooze",
    "lifecycle.rule",
    "lifecycle.rule.log",
    "lifecycle.lead.request",
    "lifecycle.rule.dry.run",
    "lifecycle.settings.mixin",
    "lifecycle.settings",
    "lifecycle.import",
    "lifecycle.import.line.mixin",
    "lifecycle.import.column",
    "lifecycle.import.stage",
    "lifecycle.import.choice",
    "lifecycle.import.row",
)
# methods that are called from outside and no actions, each of which asks first who calls
CHECKED = {"get_page", "lifecycle_colleagues", "lifecycle_count_inboxes"}
# role -> model -> the operations that are allowed: (r)ead, (w)rite, (c)reate, (u)nlink
# Agents may open the dialogs; what they do is checked as they do it.
DIALOGS = dict.fromkeys(
    (
        "lifecycle.batch.undo",
        "lifecycle.contact.lost",
        "lifecycle.contact.stage",
        "lifecycle.conversation.snooze",
    ),
    "rwc",
)
REPORTS = dict.fromkeys(
    ("lifecycle.transition", "lifecycle.batch", "lifecycle.funnel.report", "lifecycle.stage.time.report"), "r"
)
ALLOWED = {
    "public": {},
    "portal": {},
    "internal": {},
    "agent": {"lifecycle.stage": "r", "lifecycle.lost.stage": "r", "lifecycle.batch": "r", **DIALOGS},
    "manager": {
        "lifecycle.stage": "r",
        "lifecycle.lost.stage": "r",
        "lifecycle.rule": "r",
        **REPORTS,
        **DIALOGS,
    },
    "owner": {
        "lifecycle.stage": "rwcu",
        "lifecycle.lost.stage": "rwcu",
        "lifecycle.stage.delete": "rwc",
        "lifecycle.lost.stage.suggest": "rwc",
        "lifecycle.lost.stage.suggest.line": "rwc",
        "lifecycle.stage.set.apply": "rwc",
        "lifecycle.stage.set.apply.line": "rwcu",
        "lifecycle.rule": "rwcu",
        "lifecycle.rule.log": "r",
        "lifecycle.lead.request": "ru",
        "lifecycle.rule.dry.run": "rwc",
        "lifecycle.settings": "rwc",
        "lifecycle.import": "rwcu",
        "lifecycle.import.column": "rwcu",
        "lifecycle.import.stage": "rwcu",
        "lifecycle.import.choice": "rwcu",
        "lifecycle.import.row": "r",
        **REPORTS,
        **DIALOGS,
    },
}
OPERATIONS = ("read", "write", "create", "unlink")
# what tells the stage of a contact besides the fields named lifecycle_*
TELLING_FIELDS = ("date_last_stage_update", "duration_tracking", "is_rotting", "rotting_days")


@tagged("post_install", "-at_install")
class TestAccess(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            "public": cls.env.ref("base.public_user"),
            "portal": cls.portal,
            "internal": cls.internal,
            "agent": cls.agent,
            "manager": cls.manager,
            "owner": cls.owner,
        }

    def test_models_by_role(self):
        """P1, P4"""
        for role, user in self.roles.items():
            for model in MODELS:
                for operation in OPERATIONS:
                    self.assertEqual(
                        self.env[model].with_user(user).has_access(operation),
                        operation[0] in ALLOWED[role].get(model, ""),
                        f"role={role}, model={model}, operation={operation}",
                    )

    def test_every_model_of_the_addon_is_in_the_table(self):
        """P1: a new model needs a row above"""
        models = self.env["ir.model"].search([("model", "=like", "lifecycle.%")])
        self.assertEqual(set(models.mapped("model")), set(MODELS))

    def test_each_role_includes_the_one_before(self):
        """P1"""
        agent, manager, owner = (
            self.env.ref(f"contact_lifecycle.group_{role}") for role in ("agent", "manager", "owner")
        )
        self.assertLess(agent.all_implied_ids, manager.all_implied_ids)
        self.assertLess(manager.all_implied_ids, owner.all_implied_ids)
        self.assertIn(self.env.ref("base.group_user"), agent.all_implied_ids)
        self.assertEqual((agent | manager | owner).privilege_id.name, "Lifecycle")

    def test_roles_of_odoo_bring_the_roles_of_the_lifecycle(self):
        """P1"""
        for group, role in (
            ("sales_team.group_sale_salesman", "agent"),
            ("im_livechat.im_livechat_group_user", "agent"),
            ("sales_team.group_sale_manager", "manager"),
            ("im_livechat.im_livechat_group_manager", "manager"),
            ("base.group_system", "owner"),
        ):
            expected = self.env.ref(f"contact_lifecycle.group_{role}")
            self.assertIn(expected, self.env.ref(group).all_implied_ids, group)
        for role in ("agent", "manager", "owner"):
            self.assertNotIn(
                self.env.ref(f"contact_lifecycle.group_{role}"),
                self.env.ref("base.group_user").all_implied_ids,
            )

    def get_fields_of_the_stage(self, model):
        fields = [
            name
            for name in self.env[model]._fields
            if name.startswith("lifecycle_") or (name in TELLING_FIELDS and model != "crm.lead")
        ]
        self.assertIn("lifecycle_stage_id", fields)
        return fields

    def test_fields_of_contacts_by_role(self):
        """P1, P4: portal users may read their own contact, but nothing of this"""
        for role, allowed in (
            ("public", False),
            ("portal", False),
            ("internal", False),
            ("agent", True),
            ("owner", True),
        ):
            user = self.roles[role]
            for record in (user.partner_id.with_user(user), user.with_user(user)):
                for field in self.get_fields_of_the_stage(record._name):
                    # the log and what is made of it is for managers, and rules are for owners
                    of_managers = field.startswith(("lifecycle_transition", "lifecycle_rule"))
                    expected = allowed and not (role == "agent" and of_managers)
                    message = f"role={role}, model={record._name}, field={field}"
                    self.assertEqual(field in record.fields_get(), expected, message)
                    if expected:
                        record.read([field])
                    else:
                        with self.assertRaises(AccessError, msg=message):
                            record.read([field])

    def test_portal_user_does_not_find_out_by_searching_sorting_or_grouping(self):
        """P4"""
        Partner = self.Partner.with_user(self.portal)
        self.assertTrue(Partner.search([("id", "=", self.portal.partner_id.id)]))
        for user in (self.portal, self.env.ref("base.public_user"), self.internal):
            Partner = self.Partner.with_user(user)
            for call in (
                lambda P=Partner: P.search([("lifecycle_stage_id", "!=", False)]),
                lambda P=Partner: P.search([("lifecycle_stage_id.name", "=", "New Lead")]),
                lambda P=Partner: P.search([("lifecycle_is_lost", "=", False)]),
                lambda P=Partner: P.search([("date_last_stage_update", "!=", False)]),
                lambda P=Partner: P.search([("is_rotting", "=", True)]),
                lambda P=Partner: P.search([("lifecycle_transition_ids", "!=", False)]),
                lambda P=Partner: P.search([("lifecycle_in_scope", "=", True)]),
                lambda P=Partner: P.search([], order="date_last_stage_update"),
                lambda P=Partner: P.search([], order="lifecycle_stage_id"),
                lambda P=Partner: P.formatted_read_group([], ["lifecycle_stage_id"], ["__count"]),
                lambda P=Partner: P.search([("child_ids.lifecycle_stage_id", "!=", False)]),
                lambda P=Partner: P.env["res.users"].search([("lifecycle_stage_id", "!=", False)]),
            ):
                with self.assertRaises(AccessError, msg=user.login):
                    call()

    def test_portal_user_does_not_move_his_own_contact(self):
        """P4"""
        own = self.portal.partner_id.with_user(self.portal)
        for call in (
            lambda: own.write({"lifecycle_stage_id": self.payment.id}),
            lambda: self.portal.with_user(self.portal).write({"lifecycle_stage_id": self.payment.id}),
            own.action_lifecycle_clear,
        ):
            with self.assertRaises(AccessError):
                call()
        self.assertEqual(self.portal.partner_id.lifecycle_stage_id, self.new_lead)

    def test_portal_user_does_not_get_the_chatter_lines(self):
        """P4, H1"""
        partner = self.portal.partner_id
        partner.message_subscribe(partner_ids=partner.ids)
        partner.lifecycle_stage_id = self.hot_lead
        values = self.get_tracking_values(partner)
        self.assertTrue(values)
        messages = values.mail_message_id
        self.assertFalse(messages.notification_ids)
        self.assertFalse(self.env["mail.message"].with_user(self.portal).search([("id", "in", messages.ids)]))
        # Odoo lets him read by id that something was noted on his contact, but not what
        self.assertEqual(set(messages.mapped("body")), {""})
        for call in (
            lambda: messages.with_user(self.portal).read(["tracking_value_ids"]),
            lambda: values.with_user(self.portal).read(["new_value_char"]),
            lambda: messages.with_user(self.portal).search(
                [("tracking_value_ids.new_value_char", "like", "Lead")]
            ),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_only_managers_count(self):
        """P1"""
        for role, expected in (("agent", False), ("manager", True)):
            stage = self.new_lead.with_user(self.roles[role])
            self.assertEqual("contact_count" in stage.fields_get(), expected)
            if expected:
                self.assertEqual(
                    stage.contact_count, self.Partner.search_count([("lifecycle_stage_id", "=", stage.id)])
                )
            else:
                with self.assertRaises(AccessError):
                    stage.read(["contact_count"])

    def test_private_methods_are_no_endpoints(self):
        """P2: what skips a check is not to be called from outside"""
        for model in ("res.partner", "discuss.channel", "lifecycle.stage", "lifecycle.transition"):
            cls = type(self.env[model])
            public = {
                name
                for name in dir(cls)
                if "lifecycle" in (getattr(getattr(cls, name, None), "__module__", "") or "")
                and not name.startswith("_")
                and callable(getattr(cls, name))
                and not any(
                    name in vars(base) for base in cls.mro() if "contact_lifecycle" not in base.__module__
                )
            }
            for name in public:
                self.assertTrue(
                    name.startswith(("action_", "execute_command_")) or name in CHECKED,
                    f"{model}.{name} is public: add it here when it checks who calls",
                )
