import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.mail.tools.discuss import Store

from .common_automation import AutomationCase
from .common_lead_rule import LeadRuleCase

OURS = "contact_lifecycle"
COMPANY, CAUSERS, READER = "de_DE", ("en_US", "fr_FR"), "es_ES"
NAMES = {"en_US": "Ready", "de_DE": "Bereit", "fr_FR": "Prête", "es_ES": "Lista"}
# stored texts of our models that people type, or that are no words
NOT_WRITTEN_BY_US = {
    ("lifecycle.batch", "name"): "of a file, or of a stage set, in the company's language",
    ("lifecycle.batch", "rule_name"): "as in the log",
    ("lifecycle.batch", "stage_name"): "as in the log",
    ("lifecycle.import", "checksums"): "of files",
    ("lifecycle.import", "problem"): "what is wrong with a file, in the language of the owner who reads it",
    ("lifecycle.lead.request", "event"): "the name of an event in the code",
    ("lifecycle.lead.request", "event_key"): "ids",
    ("lifecycle.rule", "domain"): "typed: the condition",
    ("lifecycle.rule.log", "event"): "the name of an event in the code",
    ("lifecycle.stage", "emoji"): "typed",
}
# what files say, and what is wrong with their rows, in the language of the owner who reads them
OF_FILES = ("lifecycle.import.column", "lifecycle.import.row", "lifecycle.import.stage")
# texts that we write into other models: their tables, and the columns
ELSEWHERE = {
    "bus_bus": ("message",),
    "crm_lead": ("name", "description"),
    "crm_tag": ("name",),
    "ir_filters": ("name",),
    "lifecycle_rule": ("name",),
    "mail_message": ("body", "subject"),
    "mail_tracking_value": ("old_value_char", "new_value_char"),
}


@tagged("post_install", "-at_install")
class TestSharedText(LeadRuleCase, AutomationCase):
    """Texts that all people share are in the company's language, whoever causes them (H6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in NAMES:
            cls.env["res.lang"]._activate_lang(code)
        cls.env["ir.module.module"].search([("name", "in", (OURS, "crm"))])._update_translations(list(NAMES))
        cls.env.company.partner_id.lang = COMPANY
        cls.ready = cls.make_stages(1)
        for code, name in NAMES.items():
            cls.ready.with_context(lang=code).name = name
        cls.agent.group_ids += cls.env.ref("sales_team.group_sale_salesman")
        cls.rule = cls.make_rule("lead", entered_stage_ids=cls.ready.ids, lead_type="reattempt")
        cls.delayed = cls.make_rule("lead", entered_stage_ids=cls.payment.ids, delay_days=1)
        cls.moving = cls.make_rule(
            "outreach", ["call_made"], cls.payment, cls.ready, name="Called", allow_backward=True
        )
        cls.make_automation(cls.ready)
        cls.chat = cls.make_livechat(cls.make_guest())
        cls.known_chat = cls.make_livechat(cls.contact)
        cls.commit()

    def get_own_texts(self):
        """:return: list of (model, name) of the stored texts of our models that are not translated themselves"""
        return [
            (model._name, field.name)
            for model in map(self.env.get, self.registry)
            if model._original_module == OURS and not model._abstract and model._auto and not model._transient
            for field in model._fields.values()
            if field.store and field.type in ("char", "text", "html") and not field.translate
        ]

    def read_rows(self, table, columns):
        """:return: dict id -> row, with nothing that differs from one run to the next"""
        query = SQL(
            "SELECT id, %s FROM %s ORDER BY id",
            SQL(", ").join(SQL("%s::text", SQL.identifier(name)) for name in columns),
            SQL.identifier(table),
        )
        clean = re.compile(r"[0-9a-f]{16,}o0x[0-9a-f]+|[0-9]+")
        return {
            id_: tuple(clean.sub("#", text or "") for text in row)
            for id_, *row in self.env.execute_query(query)
        }

    def read_texts(self):
        """:return: dict (table, columns) -> dict id -> row"""
        columns = {}
        for model, name in self.get_own_texts():
            columns.setdefault(self.env[model]._table, []).append(name)
        tables = [*columns.items(), *ELSEWHERE.items()]
        self.env.flush_all()
        return {(table, tuple(names)): self.read_rows(table, names) for table, names in tables}

    def cause(self, lang):
        """Let somebody who speaks a language cause all that we write.

        :return: dict (table, columns) -> list of the rows that are new or others now
        """
        agent = self.agent.with_context(lang=lang)
        agent_env, owner_env = self.env(user=agent, context={"lang": lang}), self.env(user=self.owner)
        owner_env = owner_env(context={"lang": lang})
        with self.undone(), mute_logger("odoo.addons.contact_lifecycle.models.rule"):
            before = self.read_texts()
            contact, other = self.contact.with_env(agent_env), self.make_contacts(1).with_env(agent_env)
            contact.lifecycle_stage_id = self.ready  # a lead, its tag
            self.commit()
            contact.activity_schedule("mail.mail_activity_data_call").action_feedback(feedback="")
            self.commit()
            contact.lifecycle_stage_id = self.new_lead  # back: it is locked
            contact.action_lifecycle_unlock()
            self.chat.with_env(agent_env).action_lifecycle_set_stage(self.ready.id)
            self.known_chat.with_env(agent_env).action_lifecycle_set_stage(self.ready.id)
            self.commit()
            with patch.object(type(self.env["crm.lead"]), "create", self.refuse):
                other.lifecycle_stage_id = self.ready
                self.commit()
                Request = self.env["lifecycle.lead.request"].with_context(lang=lang)
                self.cr.execute("UPDATE lifecycle_lead_request SET date_due = '2020-01-01'")
                self.env.invalidate_all()
                Request._cron_make_leads()
            self.hot_lead.with_env(owner_env).name = "Neu"
            self.hot_lead.with_env(owner_env).emoji = "🦄"
            owner_env["lifecycle.rule"]._create_standard_rules(self.hot_lead, self.payment)
            (self.contact | other).sudo().lifecycle_stage_id = False
            (self.chat | self.known_chat).sudo().action_lifecycle_set_stage(False)
            self.delete_stage(self.ready, user=self.owner.with_context(lang=lang))
            self.commit()
            after = self.read_texts()
        return {
            key: sorted(row for id_, row in rows.items() if before[key].get(id_) != row)
            for key, rows in after.items()
        }

    @staticmethod
    def refuse(leads, vals_list):
        raise UserError(leads.env._("Select the conversations to snooze."))

    def test_stored_and_sent_texts_do_not_depend_on_who_causes_them(self):
        """H6: the same words, in the company's language, from an English and from a French colleague"""
        first, second = (self.cause(lang) for lang in CAUSERS)
        for key in first:
            with self.subTest(table=key[0], columns=key[1]):
                self.assertEqual(first[key], second[key])
                for text in (text for row in first[key] for text in row if not text.startswith("{")):
                    for lang in ("en_US", "fr_FR", "es_ES"):
                        self.assertNotIn(NAMES[lang], text)
        self.assertIn(NAMES[COMPANY], str(first))
        written = {
            (table, name)
            for (table, names), rows in first.items()
            for index, name in enumerate(names)
            if any(row[index] for row in rows)
        }
        for model, name in self.get_own_texts():
            if (model, name) not in NOT_WRITTEN_BY_US and model not in OF_FILES:
                self.assertIn((self.env[model]._table, name), written, "nothing here causes this text")
        for table in ("crm_tag", "mail_tracking_value", "ir_filters", "bus_bus"):
            self.assertTrue(
                [rows for (name, _columns), rows in first.items() if name == table and rows], table
            )

    def test_history_is_shown_in_the_language_of_its_reader(self):
        """H6, H4: where the stage is there still; of a deleted one in the company's"""
        self.contact.with_user(self.agent).with_context(lang="fr_FR").lifecycle_stage_id = self.ready
        self.contact.lifecycle_stage_id = self.new_lead
        move = self.get_log(self.contact)[-1].with_user(self.manager)
        stay = ("partner_id", "=", self.contact.id), ("stage_id", "=", self.ready.id)
        for code, name in NAMES.items():
            with self.subTest(reader=code):
                self.env.invalidate_all()
                self.assertEqual(move.with_context(lang=code).from_stage_shown, name)
                found = move.with_context(lang=code).search([("from_stage_shown", "ilike", name)])
                self.assertEqual(found, move)
                for report in ("lifecycle.funnel.report", "lifecycle.stage.time.report"):
                    rows = self.env[report].with_user(self.manager).with_context(lang=code).search([*stay])
                    self.assertEqual(rows.mapped("stage_name"), [name])
        self.delete_stage(self.ready)
        self.env.invalidate_all()
        self.assertEqual(move.with_context(lang=READER).from_stage_shown, NAMES[COMPANY])

    def test_texts_of_our_own_are_there_in_every_language(self):
        """H6: a tag and the standard rules are made once, for all"""
        self.contact.with_user(self.agent).with_context(lang="fr_FR").lifecycle_stage_id = self.ready
        rules = self.Rule.with_context(lang="fr_FR")._create_standard_rules(self.hot_lead, self.payment)
        self.commit()
        for record in (self.env.ref("contact_lifecycle.crm_tag_reattempt"), *rules):
            names = {record.with_context(lang=code).name for code in NAMES}
            self.assertEqual(len(names), len(NAMES), names)

    def test_page_that_asks_is_answered_in_its_language(self):
        """H6: what is sent to several readers names the stage by its id, see ``TestConversationAccess``"""
        self.chat.action_lifecycle_set_stage(self.ready.id)
        for code, name in NAMES.items():
            chat = self.chat.with_user(self.agent).with_context(lang=code)
            [stage] = Store().add(chat).get_result()["lifecycle.stage"]
            self.assertEqual(stage["name"], name)

    def test_company_without_a_language_has_english(self):
        """H6"""
        self.env.company.partner_id.lang = False
        self.contact.with_user(self.agent).with_context(lang="fr_FR").lifecycle_stage_id = self.ready
        self.assertEqual(self.get_log(self.contact)[-1].to_stage_name, NAMES["en_US"])
