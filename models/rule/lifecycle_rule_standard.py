from odoo import Command, api, models

from ...tools.shared_text import shared, write_in_all_languages


class LifecycleRule(models.Model):
    """The two standard rules, which come with the set of stages *Lead pipeline* (T3)."""

    _inherit = "lifecycle.rule"

    @api.model
    def _create_standard_rules(self, attempting_stage, connected_stage):
        """Make the two standard rules, on and locked, or point those that are there to these stages (T3).

        :param attempting_stage: ``lifecycle.stage`` that contacts enter as somebody reaches out to them
        :param connected_stage: ``lifecycle.stage`` that contacts enter as they answer
        :return: ``lifecycle.rule``, the two rules
        """
        # sudo: lifecycle.rule - standard rules are written by the addon alone
        Rule = shared(self.sudo()).with_context(active_test=False)
        rules = Rule.browse()
        for kind, get_name, to_stage in (
            ("outreach", lambda env: env._("Attempting: we reached out"), attempting_stage),
            ("connected", lambda env: env._("Connected: the contact answered"), connected_stage),
        ):
            vals = {
                "to_stage_id": to_stage.id,
                "from_stage_ids": [Command.set(to_stage._earlier_stages().ids)],
                **{f"on_{event}": True for event in self._kind_events()[kind]},
            }
            rule = Rule.search([("is_standard", "=", True), ("kind", "=", kind)], limit=1)
            if rule:
                rule.write(vals)
            else:
                rule = Rule.create([{**vals, "name": get_name(Rule.env), "kind": kind, "active": True}])
                write_in_all_languages(rule, lambda env, get_name=get_name: {"name": get_name(env)})
                rule._lifecycle_write_protected({"is_standard": True})
            rules |= rule
        return rules.with_env(self.env)
