from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models.contact.res_partner_scope import SHIPPED_DOMAIN
from .common import LifecycleCase


@tagged("post_install", "-at_install")
class TestSettings(LifecycleCase):
    def save(self, **values):
        with Form(self.env["res.config.settings"].with_user(self.administrator)) as form:
            for field, value in values.items():
                form[field] = value
        form.record.execute()
        self.env.invalidate_all()

    def get_stage_nodes(self, model, view_type, user, view=False):
        arch = self.env[model].with_user(user).get_view(view, view_type)["arch"]
        return etree.fromstring(arch).xpath(
            "//*[@name='lifecycle_stage_id' or @name='date_last_stage_update' or contains(@name, 'lifecycle')]"
            "[not(@column_invisible)]"
        )

    def is_invisible(self, node, contact):
        """:return: whether the node, or one around it, is hidden as a number on the contact is 0"""
        hidden = node.xpath("ancestor-or-self::*/@invisible")
        return any(
            text in ("1", "True")
            or (text.startswith("not lifecycle_") and not contact[text.removeprefix("not ")])
            for text in hidden
        )

    def get_menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False).values()
        return {menu["xmlid"] for menu in menus if (menu.get("xmlid") or "").startswith("contact_lifecycle.")}

    def test_stages_are_there_without_a_further_step(self):
        """S1"""
        settings = self.env["res.config.settings"].with_user(self.administrator).create({})
        self.assertRecordValues(
            settings,
            [
                {
                    "group_use_lifecycle": True,
                    "lifecycle_default_on": "create",
                    "lifecycle_contact_domain": SHIPPED_DOMAIN,
                }
            ],
        )
        for view_type in ("form", "list", "kanban"):
            self.assertTrue(self.get_stage_nodes("res.partner", view_type, self.agent), view_type)
        self.assertIn("contact_lifecycle.lifecycle_menu_root", self.get_menus(self.manager))

    def test_switched_off_every_element_disappears(self):
        """S2"""
        self.make_livechat(self.contact)
        self.save(group_use_lifecycle=False)
        salesman = self.make_user("lifecycle_salesman", "sales_team.group_sale_manager")
        for user in (self.agent, self.owner, salesman):
            for view_type in ("form", "list", "kanban"):
                shown = [
                    node.get("name")
                    for node in self.get_stage_nodes("res.partner", view_type, user)
                    if not self.is_invisible(node, self.contact.with_user(user))
                ]
                self.assertFalse(shown, f"{user.login}: {view_type}")
            self.assertFalse(self.get_menus(user), user.login)
        for view_type, view in (
            ("form", "crm.crm_lead_view_form"),
            ("kanban", "crm.crm_case_kanban_view_leads"),
            ("list", "crm.crm_case_tree_view_oppor"),
        ):
            self.assertFalse(
                self.get_stage_nodes("crm.lead", view_type, salesman, self.env.ref(view).id), view
            )
        self.assertFalse(self.contact.with_user(self.manager).lifecycle_transition_count)

    def test_switched_off_no_default_is_assigned(self):
        """S2"""
        self.save(group_use_lifecycle=False)
        contact = self.make_contacts(1)
        self.assertFalse(contact.lifecycle_stage_id)
        self.assertFalse(self.make_livechat(self.make_guest()).lifecycle_stage_id)

    def test_switched_on_again_everything_is_back(self):
        """S2: no data is lost"""
        self.contact.lifecycle_stage_id = self.hot_lead
        moves = self.get_moves(self.contact)
        nodes = len(self.get_stage_nodes("res.partner", "form", self.agent))
        menus = self.get_menus(self.owner)
        self.save(group_use_lifecycle=False)
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.save(group_use_lifecycle=True)
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
        self.assertEqual(self.get_moves(self.contact), moves)
        self.assertEqual(len(self.get_stage_nodes("res.partner", "form", self.agent)), nodes)
        self.assertEqual(self.get_menus(self.owner), menus)
        self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.new_lead)

    def test_when_to_enter_is_a_setting(self):
        """A1"""
        self.save(lifecycle_default_on="never")
        self.assertFalse(self.make_contacts(1).lifecycle_stage_id)
        self.save(lifecycle_default_on="create")
        self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.new_lead)

    def test_scope_is_a_setting(self):
        """A2"""
        self.save(lifecycle_contact_domain="[('is_company', '=', True)]")
        self.assertFalse(self.make_contacts(1).lifecycle_stage_id)
        self.save(lifecycle_contact_domain=False)
        self.assertEqual(
            self.make_contacts(1).lifecycle_stage_id, self.new_lead, "emptied, it is the shipped one"
        )

    def test_scope_that_is_no_filter_of_contacts_is_refused(self):
        """A2"""
        Settings = self.env["res.config.settings"].with_user(self.administrator)
        for domain in (
            "nonsense",
            "[('is_company', '=', True)",
            "1",
            "[('no_such_field', '=', 1)]",
            "[('name', 'no such operator', 1)]",
            "[(1, '=', 1)] + [2]",
            "__import__('os').getcwd()",
            "[('id', 'in', env.user)]",
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaisesRegex(
                    UserError, "is not a filter of contacts: edit it with the filter editor"
                ),
                self.cr.savepoint(),
            ):
                Settings.create({"lifecycle_contact_domain": domain}).execute()
        self.assertEqual(self.make_contacts(1).lifecycle_stage_id, self.new_lead)

    def test_only_administrators_change_settings(self):
        """P1: as Odoo has it for every setting"""
        for user in (self.agent, self.manager, self.owner):
            with self.assertRaises(AccessError):
                self.env["res.config.settings"].with_user(user).create({}).execute()

    def test_menus_by_role(self):
        """P1: managers may read what owners configure"""
        names = ("transition", "stage", "rule", "stage_set_apply", "settings")
        for user, expected in (
            (self.internal, ()),
            (self.agent, ()),
            (self.manager, names[:3]),
            (self.owner, names),
            (self.administrator, names),
        ):
            menus = self.get_menus(user)
            found = [name for name in names if f"contact_lifecycle.lifecycle_{name}_menu" in menus]
            self.assertEqual(found, list(expected), user.login)

    def test_set_stage_is_offered_to_agents_while_stages_are_shown(self):
        """A13, P1, S2: in the action menu of contacts"""
        action = self.env.ref("contact_lifecycle.lifecycle_contact_stage_action")

        def is_offered(user):
            bindings = self.env["ir.actions.actions"].with_user(user).get_bindings("res.partner")
            return action.id in {binding["id"] for binding in bindings.get("action", ())}

        users = (self.internal, self.agent, self.manager, self.owner)
        self.assertEqual([is_offered(user) for user in users], [False, True, True, True])
        self.save(group_use_lifecycle=False)
        self.assertEqual([is_offered(user) for user in users], [False] * 4)
        self.save(group_use_lifecycle=True)
        self.assertEqual([is_offered(user) for user in users], [False, True, True, True])

    def test_managers_are_not_offered_to_change_the_configuration(self):
        """P1: what they read has no buttons that would be refused"""
        offered = {"action_contacts", "action_new_segment", "action_open_moves", "action_rules"}
        for model in ("lifecycle.stage", "lifecycle.lost.stage", "lifecycle.rule"):
            for view_type in ("list", "form", "kanban") if model == "lifecycle.rule" else ("list", "form"):
                arch = self.env[model].with_user(self.manager).get_view(view_type=view_type)["arch"]
                view = etree.fromstring(arch)
                for operation in ("create", "edit", "delete"):
                    self.assertIn(view.get(operation), ("0", "False"), (model, view_type, operation))
                buttons = [button for button in view.iter("button") if not button.get("disabled")]
                self.assertLessEqual({button.get("name") for button in buttons}, offered, (model, view_type))
                # these are not for views that cannot be edited alone to refuse
                for node in view.xpath("//field[@widget='handle' or @widget='boolean_toggle']"):
                    self.assertTrue(node.get("readonly"), (model, view_type, node.get("name")))

    def test_user_without_role_is_not_shown_any_stage(self):
        """P1"""
        for view_type in ("form", "list", "kanban"):
            shown = self.get_stage_nodes("res.partner", view_type, self.internal)
            self.assertFalse([node.get("name") for node in shown if node.tag != "header"], view_type)

    def test_contact_views_offer_both_kinds_of_stages(self):
        """A3"""
        agent_view = self.get_stage_nodes("res.partner", "list", self.agent)
        self.assertEqual(agent_view[0].get("widget"), "lifecycle_stage")
        groups = self.Partner._read_group_lifecycle_stage_id(self.Stage, [])
        self.assertLessEqual(self.new_lead | self.cold_lead.stage_id, groups)
        offered = self.Stage.with_user(self.agent).name_search("", [("deletion_pending", "=", False)])
        self.assertLessEqual(
            {self.new_lead.id, self.cold_lead.stage_id.id}, {stage for stage, _name in offered}
        )

    def test_feature_group_does_not_leak_a_role(self):
        """S2, P1: the switch is everybody's, and no role"""
        group = self.env.ref("contact_lifecycle.group_use_lifecycle")
        self.assertFalse(group.implied_ids)
        self.assertIn(group, self.internal.all_group_ids)
        user = self.make_user("lifecycle_only_switch", "base.group_user")
        user.group_ids = [Command.link(group.id)]
        self.assertFalse(self.Stage.with_user(user).has_access("read"))
