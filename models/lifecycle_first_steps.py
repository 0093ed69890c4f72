from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..tools.remote_input import shorten
from ..tools.shared_text import shared, write_in_all_languages
from .contact.res_partner_default import BATCH_SIZE, PENDING_PARAMETER

DONE_PARAMETER = "contact_lifecycle.first_steps"
DISMISSED = "dismissed"
MAX_NAMES = 3
NOTHING = {"is_owner": False, "owners": "", "administrators": "", "steps": []}


class LifecycleFirstSteps(models.AbstractModel):
    """The four steps from an installed addon to a running lifecycle, as the dashboard shows them (S1).

    A step is done when the database shows it; what it cannot show, that the stages are chosen and that the contacts were
    told to start, is kept in a parameter, and so is that an owner wants to see no steps any more.
    """

    _name = "lifecycle.first.steps"
    _description = "First Steps of the Lifecycle"

    @api.model
    @api.readonly
    def get_steps(self):
        """Say which steps are done, and who may do the others (S1).

        :return: ``{"is_owner": bool, "owners": str, "administrators": str, "steps": [{"name": str, "is_done": bool,
            "may": bool, ...}, ...]}``, with the names of whom to ask; no steps when all are done, an owner has dismissed
            them, or stages are not shown (S2), nor for who is no owner, as soon as a contact is in a stage
        :raises AccessError: when the user is no manager
        """
        self.env["lifecycle.stage"]._check_manager()
        said = self._get_said()
        if DISMISSED in said or not self.env["lifecycle.stage"]._are_shown():
            return NOTHING
        is_owner = self.env["lifecycle.stage"].has_access("write")
        if not is_owner and self._has_begun():
            return NOTHING
        steps = [
            self._get_stages_step(said),
            self._get_contacts_step(said),
            self._get_roles_step(),
            self._get_rule_step(),
        ]
        if all(step["is_done"] for step in steps):
            return NOTHING
        return {
            "is_owner": is_owner,
            "owners": self._get_names("contact_lifecycle.group_owner"),
            "administrators": self._get_names("base.group_erp_manager"),
            "steps": steps,
        }

    # ------------------------------------------------------------
    # What the buttons do
    # ------------------------------------------------------------

    @api.model
    def action_keep_stages(self):
        """Note that the stages are those that are wanted.

        :raises AccessError: when the user is not an owner
        """
        self.env["lifecycle.stage"].check_access("write")
        self._note("stages")

    @api.model
    def action_dismiss(self):
        """Show the steps to nobody any more.

        :raises AccessError: when the user is not an owner
        """
        self.env["lifecycle.stage"].check_access("write")
        self._note(DISMISSED)
        self.env["lifecycle.live.mixin"]._notify_agents()

    @api.model
    def action_start_contacts(self):
        """Let the contacts that have none enter the default stage: a small number now, a large one in the background (A2).

        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.client`` notification that says what happened, with “Undo” in it where several have moved
            (D5)
        """
        self.env["lifecycle.stage"].check_access("write")
        domain = self._get_starting_domain()
        # sudo: res.partner - the default stage is for contacts of all companies, as in the settings
        contacts = self.env["res.partner"].sudo().search(domain, limit=BATCH_SIZE + 1)
        self._note("contacts")
        self.env["lifecycle.live.mixin"]._notify_agents()
        if len(contacts) > BATCH_SIZE:
            return self.env["lifecycle.settings.mixin"].action_lifecycle_apply_default()
        unseen = self.env["res.partner"]._lifecycle_describe_unseen(domain)
        batch = contacts._lifecycle_enter_default().with_env(self.env)
        message = self.env._(
            "Contacts that have started in %(stage)s: %(count)s.",
            stage=self.env["lifecycle.stage"]._get_default().display_name,
            count=len(contacts),
        )
        return batch._get_notice(f"{message} {unseen}".strip())

    @api.model
    @api.readonly
    def action_open_users(self):
        """Open the users, for their roles.

        :raises AccessError: when the user may not change users
        :return: an ``ir.actions.act_window`` dictionary
        """
        self.env["lifecycle.stage"]._check_manager()
        self.env["res.users"].check_access("write")
        return self.env["ir.actions.act_window"]._for_xml_id("base.action_res_users")

    @api.model
    def action_suggest_rule(self, suggestion):
        """Open the dry run of a suggested rule, which is made for it, switched off, where there is none yet (T14).

        :param str suggestion: the ``name`` of one of those in ``get_steps``
        :raises AccessError: when the user is not an owner
        :raises UserError: when there is no such suggestion
        :return: an ``ir.actions.act_window`` dictionary
        """
        self.env["lifecycle.rule"].check_access("create")
        found = next((rule for rule in self._get_suggestions() if rule["name"] == suggestion), None)
        if not found:
            raise UserError(
                self.env._(
                    "There is no suggested rule “%(suggestion)s” any more: reload the page and try again.",
                    suggestion=shorten(suggestion),
                )
            )
        rule = self._get_or_make_rule(found["vals"], found["get_rule_name"])
        return rule.action_dry_run()

    # ------------------------------------------------------------
    # The steps
    # ------------------------------------------------------------

    @api.model
    def _get_stages_step(self, said):
        Stage = self.env["lifecycle.stage"]
        stages = Stage.search([("is_lost", "=", False), ("deletion_pending", "=", False)])
        # those that are shipped were made by the superuser, whatever language or module was loaded since
        touched = Stage.search_count(
            ["|", ("create_uid", "!=", SUPERUSER_ID), ("write_uid", "!=", SUPERUSER_ID)], limit=1
        )
        return {
            "name": "stages",
            "is_done": "stages" in said or bool(touched),
            "may": Stage.has_access("write"),
            "stages": " → ".join(stages.mapped("display_name")),
        }

    @api.model
    def _get_contacts_step(self, said):
        # sudo: ir.config_parameter - whether the contacts are on their way is no secret
        is_running = self.env["ir.config_parameter"].sudo().get_param(PENDING_PARAMETER) is not False
        is_over = "contacts" in said and not is_running  # nobody needs to know how many there are
        # sudo: res.partner - the count of what the button will do, contacts of other companies included
        count = 0 if is_over else self.env["res.partner"].sudo().search_count(self._get_starting_domain())
        return {
            "name": "contacts",
            "is_done": is_over or (not (is_running or count) and self._has_begun()),
            "may": self.env["lifecycle.stage"].has_access("write"),
            "count": count,
            "is_running": is_running,
            "stage": self.env["lifecycle.stage"]._get_default().display_name,
        }

    @api.model
    def _has_begun(self):
        """:return: whether a contact that counts is in a stage"""
        # sudo: res.partner - whether there is any, in whatever company
        Partner = self.env["res.partner"].sudo()
        in_stage = Partner._lifecycle_counted_domain() & Domain("lifecycle_stage_id", "!=", False)
        return bool(Partner.search_count(in_stage, limit=1))

    @api.model
    def _get_roles_step(self):
        """Done when somebody works with stages who does not decide on them."""
        # sudo: res.users, res.groups - whether there is anybody, not who
        users = self.env["res.users"].sudo()
        agents, owners = (
            self.env.ref(f"contact_lifecycle.group_{role}").sudo().id for role in ("agent", "owner")
        )
        # "not in" would be true of whoever has another group besides
        deciding = users._search([("all_group_ids", "in", owners)])
        found = users.search_count(
            [("share", "=", False), ("all_group_ids", "in", agents), ("id", "not in", deciding)], limit=1
        )
        return {
            "name": "roles",
            "is_done": bool(found),
            "may": self.env["res.users"].has_access("write"),
        }

    @api.model
    def _get_rule_step(self):
        Rule = self.env["lifecycle.rule"]
        return {
            "name": "rule",
            "is_done": bool(Rule.search_count([("active", "=", True)], limit=1)),
            "may": Rule.has_access("create"),
            "suggestions": [{"name": rule["name"], "text": rule["text"]} for rule in self._get_suggestions()],
        }

    @api.model
    def _get_suggestions(self):
        """:return: list of dicts: name, text, values of the rule, and how the rule is called in a language; those that
        make sense with the stages there are
        """
        stages = self.env["lifecycle.stage"].search(
            [("is_lost", "=", False), ("deletion_pending", "=", False)]
        )
        first, won = self.env["lifecycle.stage"]._get_default(), stages.filtered("is_won")[:1]
        place = stages.ids.index(first.id) if first in stages else -1
        following = stages[place + 1 : place + 2]
        suggestions = []
        if first and following:
            suggestions.append(
                {
                    "name": "answers",
                    "text": self.env._(
                        "Whoever answers in %(from_stage)s goes on to %(to_stage)s.",
                        from_stage=first.display_name,
                        to_stage=following.display_name,
                    ),
                    "get_rule_name": lambda env: env._("Answers us"),
                    "vals": {
                        "kind": "connected",
                        "on_email_reply": True,
                        "on_conversation_reply": True,
                        "from_stage_ids": [Command.set(first.ids)],
                        "to_stage_id": following.id,
                    },
                }
            )
        if won and won != first:
            suggestions.append(
                {
                    "name": "buys",
                    "text": self.env._(
                        "Whoever has an opportunity that is won goes on to %(to_stage)s.",
                        to_stage=won.display_name,
                    ),
                    "get_rule_name": lambda env: env._("Has bought"),
                    "vals": {
                        "kind": "opportunity",
                        "on_opportunity_won": True,
                        "from_none": True,
                        "to_stage_id": won.id,
                    },
                }
            )
        return suggestions

    def _get_or_make_rule(self, vals, get_name):
        """:return: ``lifecycle.rule`` that says the same, switched on or off, or a new one that is off"""
        Rule = self.env["lifecycle.rule"]
        alike = [(name, "=", value) for name, value in vals.items() if name != "from_stage_ids"]
        for rule in Rule.with_context(active_test=False).search([*alike, ("domain", "in", [False, "[]"])]):
            wanted = Rule.new(vals).from_stage_ids.ids
            if rule.from_stage_ids.ids == wanted:
                return rule.with_env(self.env)
        rule = shared(Rule).create({**vals, "name": get_name(shared(Rule).env)})
        write_in_all_languages(rule, lambda env: {"name": get_name(env)})
        return rule.with_env(self.env)

    # ------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------

    @api.model
    def _get_starting_domain(self):
        """:return: ``Domain`` of the contacts, of all companies, that the settings would let start as well"""
        return self.env["lifecycle.settings.mixin"]._lifecycle_applied_domain()

    @api.model
    def _get_names(self, group):
        """:return: text, the first names of those who have a group, to ask them"""
        # sudo: res.users, res.groups - colleagues know each other's names, and not who has which group
        users = self.env["res.users"].sudo()
        domain = [("share", "=", False), ("all_group_ids", "in", self.env.ref(group).sudo().id)]
        return ", ".join(users.search(domain, limit=MAX_NAMES, order="id").mapped("name"))

    @api.model
    def _get_said(self):
        """:return: set of the names of the steps that were said to be done"""
        # sudo: ir.config_parameter - the parameter is the addon's own
        return set((self.env["ir.config_parameter"].sudo().get_param(DONE_PARAMETER) or "").split(","))

    @api.model
    def _note(self, step):
        """Keep that a step is done, or ``DISMISSED``. Whoever calls has checked the right to do it."""
        said = self._get_said() | {step}
        # sudo: ir.config_parameter - the parameter is the addon's own
        self.env["ir.config_parameter"].sudo().set_param(DONE_PARAMETER, ",".join(sorted(said - {""})))
