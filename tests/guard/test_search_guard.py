import logging
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools.guarded_fields import SearchGuard
from ..common import LifecycleCase
from ..common_access_matrix import STAGE, free_rows, guarded_rows

_logger = logging.getLogger(__name__)

# role -> what is expected of (the guarded rows, the free ones); None: not tried, as other rules decide
EXPECTED = {
    "public": (False, None),
    "portal": (False, None),
    "internal": (False, None),
    "agent": (False, True),
    "manager": (True, True),
    "owner": (True, True),
    "superuser": (True, True),
}


@tagged("post_install", "-at_install")
class TestSearchGuard(LifecycleCase):
    """Who may filter, order, group, count and export contacts by their stage (P1, P2, P4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what Odoo asks of everybody for some of the rows, whatever the role in the lifecycle
        odoo_groups = (
            "base.group_user,base.group_allow_export,sales_team.group_sale_salesman_all_leads,"
            "im_livechat.im_livechat_group_user"
        )
        cls.users = {
            "public": cls.env.ref("base.public_user"),
            "portal": cls.portal,
            "internal": cls.make_user("matrix_internal", "base.group_user,base.group_allow_export"),
            "agent": cls.make_user("matrix_agent", odoo_groups),
            "manager": cls.make_user("matrix_manager", f"{odoo_groups},contact_lifecycle.group_manager"),
            "owner": cls.make_user("matrix_owner", f"{odoo_groups},contact_lifecycle.group_owner"),
            "superuser": cls.env.ref("base.user_root"),
        }
        cls.contact.lifecycle_stage_id = cls.hot_lead
        cls.hot_lead.rotting_threshold_days = 5
        cls.channel = cls.make_livechat(cls.contact, cls.users["agent"])
        # Odoo does not even look at the groups of messages where there is none to see
        cls.env["mail.message"].create(
            {
                "body": "Hello",
                "subtype_id": cls.env.ref("mail.mt_comment").id,
                "partner_ids": (cls.users["portal"] | cls.users["public"]).partner_id.ids,
            }
        )
        cls.lead = cls.env["crm.lead"].create({"name": "Lead", "partner_id": cls.contact.id})

    def is_allowed(self, role, call):
        env = self.env(user=self.users[role], su=role == "superuser", context={"lang": "en_US"})
        env.invalidate_all()
        try:
            call(env)
        except AccessError:
            return False
        return True

    def test_matrix(self):
        """P1, P2, P4: the count is in the log"""
        count = 0
        for index, rows in enumerate((guarded_rows, free_rows)):
            for name, call in rows(self.hot_lead):
                for role in EXPECTED:
                    expected = EXPECTED[role][index]
                    if expected is None:
                        continue
                    count += 1
                    with self.subTest(role=role, row=name):
                        self.assertEqual(self.is_allowed(role, call), expected, f"{role}: {name}")
        _logger.info("Access matrix: %s rows", count)
        self.assertGreater(count, 1000)

    def test_matrix_fails_without_the_guard(self):
        """P2, the negative control: each row that is refused to agents is refused by the guard alone"""
        with patch.object(SearchGuard, "_may_search", lambda *args: True):
            for name, call in guarded_rows(self.hot_lead):
                with self.subTest(row=name):
                    self.assertTrue(self.is_allowed("agent", call), name)

    def test_refusal_is_one_sentence_with_the_label(self):
        """P2"""
        expected = "^You may not filter, sort, group or export by “Lifecycle Stage”: ask [^.]*\\.$"
        Partner = self.Partner.with_user(self.agent)
        for call in (
            lambda: Partner.search([(STAGE, "=", self.hot_lead.id)]),
            lambda: Partner.search([], order=STAGE),
            lambda: Partner.formatted_read_group([], [STAGE], ["__count"]),
            lambda: Partner.env["discuss.channel"].search(
                [("channel_partner_ids.channel_ids.lifecycle_stage_id", "=", 1)]
            ),
        ):
            with self.assertRaisesRegex(AccessError, expected):
                call()

    def test_portal_user_is_told_nothing_of_the_role(self):
        """P4"""
        with self.assertRaises(AccessError) as refusal:
            self.Partner.with_user(self.portal).search([(STAGE, "=", self.hot_lead.id)])
        self.assertNotIn("lifecycle manager", str(refusal.exception))

    def test_condition_that_asks_for_nothing_tells_nothing(self):
        """P2: a guarded field is asked when its condition is made into SQL, and Odoo makes none of an empty list"""
        for role in ("agent", "manager"):
            Partner = self.Partner.with_user(self.users[role])
            self.assertFalse(Partner.search([(STAGE, "in", [])]), role)
            self.assertEqual(Partner.search([(STAGE, "not in", [])]), Partner.search([]), role)

    def test_agent_reads_and_sets(self):
        """P1"""
        contact = self.contact.with_user(self.agent)
        self.assertEqual(contact.lifecycle_stage_id, self.hot_lead)
        contact.lifecycle_stage_id = self.payment
        self.assertEqual(self.contact.lifecycle_stage_id, self.payment)

    def test_record_rules_may_use_the_stage(self):
        """P2: a record rule is no search of the user"""
        self.env["ir.rule"].create(
            {
                "name": "Agents see hot leads",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('lifecycle_stage_id.name', '=', {self.hot_lead.name!r})]",
                "groups": [(4, self.env.ref("contact_lifecycle.group_agent").id)],
            }
        )
        other = self.make_contacts(1, self.payment)
        agent = self.make_user("rule_agent", "base.group_user,contact_lifecycle.group_agent")
        found = self.Partner.with_user(agent).search([("id", "in", (self.contact + other).ids)])
        self.assertEqual(found.ids, self.contact.ids)

    def test_role_counts_as_soon_as_it_changes(self):
        """Who may search is kept, but no longer than Odoo keeps it itself"""
        manager_group = self.env.ref("contact_lifecycle.group_manager")
        manager = self.users["manager"]
        team = self.env["res.groups"].create({"name": "Team", "implied_ids": manager_group.ids})
        leave, join = Command.unlink(manager_group.id), Command.link(manager_group.id)
        changes = {
            "groups of the user": lambda come: manager.write({"group_ids": [join if come else leave]}),
            "users of the group": lambda come: manager_group.write(
                {"user_ids": [Command.link(manager.id) if come else Command.unlink(manager.id)]}
            ),
            "another group": lambda come: manager.write(
                {"group_ids": [leave, (Command.link if come else Command.unlink)(team.id)]}
            ),
            "what that group stands for": lambda come: team.write({"implied_ids": [join if come else leave]}),
        }

        def search(env):
            return env["res.partner"].search([(STAGE, "!=", False)], order=f"{STAGE} desc", limit=1)

        for change, make in changes.items():
            for come in (True, False, True):
                make(come)
                self.assertEqual(self.is_allowed("manager", search), come, (change, come))

    def test_who_may_search_is_asked_once(self):
        env = self.env(user=self.users["manager"])
        domain = [(STAGE, "!=", False)]
        asked = []

        def note(user, group):
            asked.append(group)
            return has_group(user, group)

        has_group = self.registry["res.users"]._has_group
        with patch.object(self.registry["res.users"], "_has_group", note):
            self.registry.clear_cache()
            for expected in (1, 0):
                asked.clear()
                env["res.partner"].search(domain, order=f"{STAGE} desc", limit=1)
                self.assertEqual(asked.count("contact_lifecycle.group_manager"), expected, asked)

    def test_web_client_does_not_offer_what_would_be_refused(self):
        """P2"""
        attributes = ("searchable", "sortable", "groupable", "exportable")
        names = [STAGE, "lifecycle_is_lost", "date_last_stage_update", "is_rotting", "rotting_days"]
        for model in ("res.partner", "res.users", "crm.lead"):
            model_names = names if model != "crm.lead" else [STAGE]
            for role, expected in (("agent", False), ("manager", True)):
                description = self.env[model].with_user(self.users[role]).fields_get(model_names)
                for name in model_names:
                    message = f"{model}.{name} for {role}"
                    self.assertEqual(description[name].get("exportable", True), expected, message)
                    if not expected:
                        offered = [attribute for attribute in attributes if description[name].get(attribute)]
                        self.assertEqual(offered, [], message)
                        self.assertNotIn("aggregator", description[name], message)
                self.assertEqual(description[STAGE]["searchable"], expected, model)
        for model in ("res.partner", "res.users"):
            description = self.env[model].with_user(self.users["manager"]).fields_get([STAGE])[STAGE]
            self.assertTrue(description["sortable"] and description["groupable"], model)
        channel = self.env["discuss.channel"].with_user(self.users["agent"]).fields_get([STAGE])[STAGE]
        self.assertEqual([channel[attribute] for attribute in attributes], [True] * 4)

    def test_stored_copies_are_guarded(self):
        """P2: a field that copies the stage needs the guard; whoever adds one, declares or makes it"""
        copy = self.env["ir.model.fields"].create(
            {
                "name": "x_lifecycle_stage_id",
                "field_description": "Copied Stage",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "ttype": "many2one",
                "relation": "lifecycle.stage",
                "related": "partner_id.lifecycle_stage_id",
                "store": True,
            }
        )
        self.addCleanup(self.registry.reset_changes)
        self.assertTrue(copy)
        for role, expected in (("agent", False), ("manager", True), ("superuser", True)):
            for call in (
                lambda env: env["crm.lead"].search([("x_lifecycle_stage_id", "=", self.hot_lead.id)]),
                lambda env: env["crm.lead"].search([("x_lifecycle_stage_id.name", "ilike", "hot")]),
                lambda env: env["res.partner"].search([("opportunity_ids.x_lifecycle_stage_id", "=", 1)]),
                lambda env: env["crm.lead"].search([], order="x_lifecycle_stage_id"),
                lambda env: env["crm.lead"].formatted_read_group([], ["x_lifecycle_stage_id"], ["__count"]),
                lambda env: env["crm.lead"].search([], limit=1).export_data(["x_lifecycle_stage_id"]),
            ):
                self.assertEqual(self.is_allowed(role, call), expected, role)

    def test_pipeline_menu_and_search_filters_are_for_managers(self):
        """P1, P2"""
        menu = self.env.ref("contact_lifecycle.res_partner_menu_lifecycle")
        for role, expected in (("agent", False), ("manager", True)):
            user = self.users[role]
            self.assertEqual(
                menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids(), expected, role
            )
            arch = self.Partner.with_user(user).get_views([(False, "search")])["views"]["search"]["arch"]
            nodes = etree.fromstring(arch).xpath("//*[contains(@name, 'lifecycle')]")
            self.assertEqual(bool(nodes), expected, role)
