from ast import literal_eval
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ...hooks import uninstall_hook
from ..common import LifecycleCase


@tagged("post_install", "-at_install")
class TestSegment(LifecycleCase):
    """Segments, ordinary favourites of contacts (P3), and those that are left over (P2)."""

    def get_favourites(self, user, model="res.partner"):
        return self.env["ir.filters"].with_user(user).with_context(lang=user.lang).get_filters(model)

    def get_names(self, user):
        return [favourite["name"] for favourite in self.get_favourites(user)]

    def add_favourite(self, user, **vals):
        vals = {"name": "Favourite", "model_id": "res.partner", "user_ids": user.ids, **vals}
        return self.env["ir.filters"].with_user(user).create_filter(vals)

    def get_messages(self, user):
        """:return: what pops up at the user's"""
        with patch.object(type(self.env["res.users"]), "_bus_send", autospec=True) as send:
            self.get_favourites(user)
        return [
            call.args[2]["message"] for call in send.call_args_list if call.args[1] == "simple_notification"
        ]

    def test_each_stage_has_a_segment_in_the_order_of_stages(self):
        """P3"""
        stages = self.Stage.search([])
        self.assertGreaterEqual(len(stages), 5)
        for user in (self.manager, self.owner):
            self.assertEqual(self.get_names(user), stages.mapped("display_name"))

    def test_segment_finds_the_contacts_of_its_stage(self):
        """P3"""
        contact = self.make_contacts(1, self.payment)
        segment = self.payment.with_user(self.manager).segment_ids
        self.assertEqual(
            self.Partner.with_user(self.manager).search(literal_eval(segment.domain)).ids, contact.ids
        )

    def test_segments_follow_their_stages(self):
        """P3: added, renamed, made lost, deleted"""
        stage = self.Stage.with_user(self.owner).create({"name": "Trial"})
        self.assertIn("Trial", self.get_names(self.manager))
        stage.write({"name": "Free Trial", "emoji": "🧪"})
        self.assertIn("🧪 Free Trial", self.get_names(self.manager))
        self.assertEqual(stage.sudo().segment_ids.name, "🧪 Free Trial")
        stage.action_convert_to_lost()
        self.assertEqual(self.get_names(self.manager)[-1], "🧪 Free Trial")
        self.delete_stage(stage)
        self.assertNotIn("🧪 Free Trial", self.get_names(self.manager))
        lost_stage = self.LostStage.with_user(self.owner).create({"name": "Gone"})
        self.assertIn("Gone", self.get_names(self.manager))
        lost_stage.name = "Far Gone"
        self.assertIn("Far Gone", self.get_names(self.manager))

    def test_segments_have_the_names_of_stages_in_the_language_of_the_user(self):
        """P3, S6"""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.payment.with_context(lang="fr_FR").name = "Paiement"
        self.manager.lang = "fr_FR"
        self.assertIn(self.payment.with_context(lang="fr_FR").display_name, self.get_names(self.manager))

    def test_segments_are_for_managers(self):
        """P1, P3"""
        segments = self.env["ir.filters"].search([("lifecycle_stage_id", "!=", False)])
        self.assertEqual(len(segments), self.Stage.search_count([]))
        for user in (self.agent, self.internal, self.portal):
            self.assertEqual(self.get_names(user), [], user.login)
            self.assertFalse(
                self.env["ir.filters"].with_user(user).search([("id", "in", segments.ids)]), user.login
            )
        for user in (self.agent, self.internal, self.portal):
            for action in ("action_contacts", "action_new_segment"):
                with self.assertRaises(AccessError, msg=f"{user.login}, {action}"):
                    getattr(self.payment.with_user(user), action)()

    def test_segments_are_hidden_while_stages_are(self):
        """S2"""
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.assertEqual(self.get_names(self.manager), [])

    def test_contacts_in_this_stage(self):
        """P3: as many as the stage says"""
        contacts = self.make_contacts(3, self.payment)
        contacts[0].type = "invoice"
        contacts[1].active = False
        lost = self.make_contacts(1, self.cold_lead.stage_id)
        for stage, expected in ((self.payment, contacts[2]), (self.cold_lead, lost)):
            stage = stage.with_user(self.manager)
            action = stage.action_contacts()
            self.assertEqual(action["views"][0][1], "list")
            found = self.Partner.with_user(self.manager).search(action["domain"])
            self.assertEqual(found.ids, expected.ids)
            self.assertEqual(len(found), stage.contact_count)

    def test_new_segment_is_an_ordinary_favourite(self):
        """P3"""
        contact = self.make_contacts(1, self.cold_lead.stage_id)
        action = self.cold_lead.with_user(self.manager).action_new_segment()
        self.assertEqual(action["target"], "new")
        view = self.env["ir.ui.view"].browse(action["views"][0][0])
        with Form(
            self.env["ir.filters"].with_user(self.manager).with_context(**action["context"]), view
        ) as form:
            self.assertEqual(form.name, self.cold_lead.stage_id.display_name)
            form.name = "To call"
        [favourite] = [f for f in self.get_favourites(self.manager) if f["name"] == "To call"]
        self.assertEqual(favourite["user_ids"], self.manager.ids)
        found = self.Partner.with_user(self.manager).search(literal_eval(favourite["domain"]))
        self.assertEqual(found.ids, contact.ids)
        self.assertNotIn("To call", self.get_names(self.owner))

    def test_favourites_that_would_be_refused_are_not_offered(self):
        """P2: to who lost the role, or never had it"""
        former = self.make_user("former", "base.group_user,contact_lifecycle.group_manager")
        for vals in (
            {"domain": "[('lifecycle_stage_id', '=', 1)]"},
            {"domain": "['|', ('name', '=', 'x'), ('lifecycle_stage_id.name', 'ilike', 'hot')]"},
            {"domain": "[('date_last_stage_update', '>', context_today() - relativedelta(days=7))]"},
            {"domain": "[('child_ids', 'any', [('lifecycle_is_lost', '=', True)])] + [('name', '!=', uid)]"},
            {"domain": "[('channel_ids.lifecycle_stage_id', '=', 1)]"},
            {"domain": "[('channel_ids', 'any', ['|', ('name', '=', 'x'), ('lifecycle_stage_id', '=', 1)])]"},
            {"context": "{'group_by': ['lifecycle_stage_id']}"},
            {"context": "{'group_by': ['company_id', 'date_last_stage_update:month']}"},
            {"sort": '["name", "date_last_stage_update desc"]'},
        ):
            favourite = self.add_favourite(former, **vals)
            self.assertIn("Favourite", self.get_names(former), vals)
            former.group_ids -= self.env.ref("contact_lifecycle.group_manager")
            former.group_ids += self.env.ref("contact_lifecycle.group_agent")
            self.assertNotIn("Favourite", self.get_names(former), vals)
            former.group_ids += self.env.ref("contact_lifecycle.group_manager")
            favourite.unlink()

    def test_other_favourites_stay(self):
        """P2"""
        for number, (model, vals) in enumerate(
            (
                ("res.partner", {"domain": "[('name', '=', 'lifecycle_stage_id')]"}),
                ("res.partner", {"domain": "[('lifecycle_in_scope', '=', True)]", "sort": '["name"]'}),
                (
                    "crm.lead",
                    {"domain": "[('is_rotting', '=', True)]", "sort": '["date_last_stage_update desc"]'},
                ),
                ("discuss.channel", {"domain": "[('lifecycle_stage_id', '=', 1)]"}),
                ("discuss.channel", {"context": "{'group_by': ['lifecycle_stage_id']}"}),
            )
        ):
            name = f"Kept {number}"
            self.add_favourite(self.agent, name=name, model_id=model, **vals)
            self.assertIn(name, [f["name"] for f in self.get_favourites(self.agent, model)], vals)

    def test_contacts_open_without_the_default_favourite_and_a_message_says_so(self):
        """P2: favourites left over by someone who lost the role"""
        former = self.make_user("former", "base.group_user,contact_lifecycle.group_manager")
        self.add_favourite(
            former, name="My hot leads", is_default=True, domain="[('lifecycle_stage_id', '=', 1)]"
        )
        self.assertEqual(self.get_messages(former), [])
        former.group_ids -= self.env.ref("contact_lifecycle.group_manager")
        views = self.Partner.with_user(former).get_views([(False, "search")], {"load_filters": True})
        self.assertNotIn("My hot leads", str(views["views"]["search"]["filters"]))
        [message] = self.get_messages(former)
        self.assertIn("“My hot leads” was left out", message)

    def test_uninstalling_deletes_the_favourites_that_would_fail(self):
        """P3: the pages that open with them would not open any more"""
        doomed = self.env["ir.filters"].search([("lifecycle_stage_id", "!=", False)])
        for vals in (
            {"domain": "[('channel_ids.lifecycle_stage_id', '=', 1)]"},
            {"context": "{'group_by': ['date_last_stage_update:month']}"},
            {"sort": '["lifecycle_stage_id"]'},
        ):
            doomed |= self.env["ir.filters"].browse(self.add_favourite(self.manager, **vals).id)
        lead_vals = {"model_id": "crm.lead", "domain": "[('is_rotting', '=', True)]"}
        kept = self.add_favourite(self.manager, **lead_vals) | self.add_favourite(self.manager, name="Other")
        uninstall_hook(self.env)
        self.assertFalse(doomed.exists())
        self.assertEqual(kept.exists(), kept)
