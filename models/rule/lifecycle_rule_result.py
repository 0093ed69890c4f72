from odoo import models
from odoo.fields import Domain

MAX_NAMES = 10


class LifecycleRule(models.Model):
    """The dry run: what a rule would do if its event happened to every contact now, and why it would leave the rest
    (T14). The dialog says it of a rule as it is saved, and the form of what stands in it.
    """

    _inherit = "lifecycle.rule"

    def _get_dry_run(self):
        """Say what this rule would do to every contact, in as many queries as there are reasons to leave one alone.

        :return: dict of ``title``, ``move_count``, ``left_count``; ``counts``, a list of result, id of the stage or
            False, number of contacts, text; ``names``, id and name of the first contacts that would move, of those whom
            the user sees; ``unseen``, a text on those whom they do not see
        """
        self.ensure_one()
        # sudo: lifecycle.rule, res.partner - rules move contacts of every company; the condition is checked for what
        # its author may look at
        rule, everybody = self.sudo(), self.env["res.partner"].sudo()
        domains = rule._get_result_domains()
        fitting = domains.pop("acted")
        moved = everybody._read_group(fitting, ["lifecycle_stage_id"], ["__count"])
        left = [(reason, everybody.search_count(domain)) for reason, domain in domains.items()]
        texts = rule._get_reason_texts()
        move_count = sum(count for _stage, count in moved)
        Partner = self.env["res.partner"]
        contacts = Partner.search(Domain("id", "in", everybody._search(fitting)), limit=MAX_NAMES)
        return {
            "title": rule._get_dry_run_title(move_count),
            "move_count": move_count,
            "left_count": sum(count for _reason, count in left),
            "counts": [
                *(["acted", stage.id, count, rule._describe_move(stage)] for stage, count in moved),
                *([reason, False, count, texts[reason]] for reason, count in left if count),
            ],
            "names": [[contact.id, contact.display_name] for contact in contacts],
            "unseen": Partner._lifecycle_describe_unseen(fitting),
        }

    def _get_dry_run_title(self, count):
        if self._makes_leads():
            return self.env._("If it happened to each contact now, leads made: %(count)s", count=count)
        if self.kind in ("inactivity", "criteria"):
            return self.env._("Contacts that would move now: %(count)s", count=count)
        return self.env._("If it happened to each contact now, contacts moved: %(count)s", count=count)

    def _describe_move(self, stage):
        from_name = stage.display_name or self.env._("no stage")
        if self._makes_leads():
            return self.env._("in %(stage)s", stage=from_name)
        return self.env._(
            "from %(from_stage)s to %(to_stage)s",
            from_stage=from_name,
            to_stage=self.to_stage_id.display_name or "",
        )

    def _get_reason_texts(self):
        """:return: dict reason -> what is said of those that are left alone for it, see ``_get_checks``"""
        texts = {
            "archived": self.env._("archived"),
            "out_of_scope": self.env._("without a lifecycle"),
            "there": self.env._("there already"),
            "no_stage": self.env._("without a stage"),
            "other_stage": self.env._("in a stage that is not in From"),
            "condition": self.env._("outside the condition"),
            "other_company": self.env._("of another company than the salesperson or team"),
            "not_forward": self.env._("not moving forward"),
            "in_touch": self.env._("in touch lately"),
            "too_often": self.env._("moved by rules too often within a day"),
            "locked": self.env._("locked by hand"),
        }
        if not self.is_standard:
            texts["no_stage"] = self.env._(
                "without a stage: tick “Also without a stage” to move them as well"
            )
            texts["not_forward"] = self.env._(
                "not moving forward: tick “Also backwards” to move them as well"
            )
        return texts
