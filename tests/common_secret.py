import json

from odoo import Command
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import call_kw

from .common import LifecycleCase
from .common_bad_input import MODULE

# in what the secret records tell, and in nothing else
SECRET = "Umbra"
SNOOZED_UNTIL = "2099-12-24 10:00:00"
SECRETS = (SECRET, '"snoozed"', "2099-12-24")


class SecretCase(LifecycleCase):
    """A contact of another company, its lead, its conversation and whatever the addon keeps of it, and one user of each
    role, who may not read them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        company = env["res.company"].create({"name": "Other Company"})
        stranger = cls.make_user(
            "lifecycle_stranger", "base.group_user", company_id=company.id, company_ids=[company.id]
        )
        cls.secret_stage = env["lifecycle.stage"].create(
            {"name": f"{SECRET} stage", "description": SECRET, "entry_criteria": SECRET}
        )
        cls.secret_contact = env["res.partner"].create(
            {"name": f"{SECRET} contact", "company_id": company.id, "lifecycle_stage_id": cls.secret_stage.id}
        )
        cls.secret_lead = env["crm.lead"].create(
            {
                "name": f"{SECRET} lead",
                "partner_id": cls.secret_contact.id,
                "company_id": company.id,
                "user_id": False,
                "team_id": False,
            }
        )
        cls.secret_channel = cls.make_livechat(cls.secret_contact, stranger)
        cls.secret_channel.message_post(body=f"{SECRET} message", message_type="comment")
        cls.secret_channel._lifecycle_write_protected({"lifecycle_snoozed_until": SNOOZED_UNTIL})
        cls.secret_guest_channel = cls.make_livechat(cls.make_guest(f"{SECRET} guest"), stranger)
        cls.salesman = cls.make_user(
            "lifecycle_salesman", "base.group_partner_manager,sales_team.group_sale_salesman"
        )
        cls.users = {
            "public": env.ref("base.public_user"),
            "portal": cls.portal,
            "internal": cls.internal,
            "agent": cls.agent,
            "salesman": cls.salesman,
            "manager": cls.manager,
            "owner": cls.owner,
        }
        env.flush_all()
        env.invalidate_all()

    @classmethod
    def make_secrets(cls):
        """:return: list of secret records, one of each model at least that the addon has to do with"""
        env = cls.env
        rule = env["lifecycle.rule"].create(
            {
                "name": f"{SECRET} rule",
                "on_email_sent": True,
                "to_stage_id": cls.secret_stage.id,
                "active": True,
            }
        )
        log = {"rule_id": rule.id, "result": "failed", "event": "email_sent", "message": SECRET}
        request = {
            "rule_id": rule.id,
            "partner_id": cls.secret_contact.id,
            "event": "stage_entered",
            "event_key": "x",
            "date_due": "2026-01-01",
            "message": SECRET,
        }
        model_id = env["ir.model"]._get_id("res.partner")
        action = {"name": f"{SECRET} step", "model_id": model_id, "state": "code", "code": "pass"}
        automation = env["base.automation"].create(
            {
                "name": f"{SECRET} automation",
                "model_id": model_id,
                "trigger": "on_create",
                "action_server_ids": [Command.create(action)],
            }
        )
        secrets = [
            cls.secret_stage,
            env["lifecycle.lost.stage"].create({"name": f"{SECRET} lost stage"}),
            cls.secret_contact,
            cls.secret_contact.lifecycle_transition_ids[:1],
            cls.secret_lead,
            cls.secret_channel,
            cls.secret_guest_channel,
            cls.secret_channel.channel_member_ids[:1],
            cls.secret_guest_channel.channel_member_ids.filtered("guest_id"),
            rule,
            env["lifecycle.rule.log"].create(log),
            env["lifecycle.lead.request"].create(request),
            automation,
            automation.action_server_ids,
        ]
        env.flush_all()
        env.invalidate_all()
        return secrets

    def get_own_fields(self, model, user):
        """:return: dict name -> specification as of ``web_read``, the fields of the addon that this user may read and
        that tell more than what is typed into them
        """
        return {
            name: {"fields": {"display_name": {}}}
            if (field.comodel_name or "").startswith("lifecycle.")
            else {}
            for name, field in self.env[model]._fields.items()
            if (model.startswith("lifecycle.") or MODULE in field._modules)
            and (field.compute or field.relational)
            and self.env[model].with_user(user)._has_field_access(field, "read")
        }

    def ask(self, user, model, method, *args):
        """:return: the answer to a call from outside as JSON, or None where it is refused"""
        self.env.invalidate_all()
        try:
            with self.cr.savepoint(flush=False):
                return json.dumps(
                    call_kw(self.env(user=user, su=False)[model], method, args, {}), default=str
                )
        except (AccessError, AttributeError, KeyError, MissingError, TypeError, UserError, ValueError):
            return None

    def find_secret(self, answer):
        return next((secret for secret in SECRETS if secret in (answer or "")), None)
