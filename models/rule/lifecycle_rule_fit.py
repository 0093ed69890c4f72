from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.domain_text import read_domain
from .spec import MAX_MOVES_A_DAY


class LifecycleRule(models.Model):
    """Whom a rule fits, and why it leaves the others alone: one list of reasons, each a domain of contacts that decides
    in memory and in the database alike. Runs, the run log and the dry run go by it, so that their numbers agree (T14, T15,
    M7). The names are those of ``lifecycle.rule.log.result``.
    """

    _inherit = "lifecycle.rule"

    # ------------------------------------------------------------
    # The reasons
    # ------------------------------------------------------------

    def _get_checks(self, partners=None):
        """Iterate over what has to be true of a contact, in the order in which the rule looks at it: the first that is
        not true is the reason to leave it alone.

        :param partners: ``res.partner`` to look at; all of them when it is not given
        :return: iterator of (reason, ``Domain`` of the contacts that are not left alone for it)
        """
        self.ensure_one()
        yield from self._get_fit_checks()
        if self._makes_leads():
            yield "other_company", self._get_company_domain()
            return
        yield "not_forward", self._get_forward_domain()
        if self.kind == "inactivity":  # whoever has rested for days has not been moved all day
            yield "in_touch", self._get_inactive_domain()
        else:
            yield "too_often", Domain("id", "not in", self._find_moved_too_often(partners))
        yield (
            "locked",
            Domain("lifecycle_locked", "!=", True),
        )  # last: they would move if they were not locked

    def _get_fit_checks(self):
        """:return: list of the first checks, those that say whom this rule is for: active rules have them in memory"""
        return [
            ("archived", Domain("active", "=", True)),
            ("out_of_scope", self._get_scope()),
            *self._get_stage_checks(),
            ("condition", self._get_domain()),
        ]

    def _get_stage_checks(self, field="lifecycle_stage_id"):
        """:param str field: what is compared: ``id`` makes them domains of stages
        :return: list of the checks of the stage that a contact is in
        """
        self.ensure_one()
        checks = []
        if self._makes_leads():
            return checks
        if self.to_stage_id:
            checks.append(("there", Domain(field, "!=", self.to_stage_id.id)))
        if not self.from_none:
            checks.append(("no_stage", Domain(field, "!=", False)))
        if self.from_stage_ids:
            checks.append(("other_stage", Domain(field, "in", [False, *self.from_stage_ids.ids])))
        return checks

    def _get_result_domains(self):
        """Say what this rule would do if its event happened now to every contact that is not archived; colleagues are
        none.

        :return: dict result -> ``Domain`` of the contacts: each reason to leave some alone, and ``acted``
        """
        domains, fitting = {}, Domain([("active", "=", True), ("partner_share", "=", True)])
        for reason, domain in self._get_checks():
            if not domain.is_true():
                domains[reason] = fitting & ~domain
                fitting &= domain
        return {**domains, "acted": fitting}

    @api.readonly
    def action_open_result(self, result, stage_id=None, vals=None):
        """Open the contacts behind a number of the dry run (T14, M7).

        :param str result: ``acted``, or a reason to leave contacts alone
        :param stage_id: id of the stage that they are in, False for those without, None for all
        :param vals: where it is the dry run of a form, what stands in it: see ``get_dry_run``
        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user may not change rules
        :raises UserError: when there is no such number
        """
        self.check_access("write")
        if vals is None or self:
            self.ensure_one()
        labels = dict(self.env["lifecycle.rule.log"]._fields["result"]._description_selection(self.env))
        if not isinstance(result, str) or result not in labels:
            raise UserError(
                self.env._("There is no number of that name in the dry run: reload the page and try again.")
            )
        domain = [("lifecycle_rule_result", "=", self._get_result_text(result, vals))]
        if stage_id is not None:
            domain.append(("lifecycle_stage_id", "=", stage_id))
        title = self.env._("Would Move") if result == "acted" else labels[result]
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("contact_lifecycle.res_partner_action_lifecycle"),
            "display_name": f"{self.name}: {title}" if self else title,
            "domain": domain,
            # a favourite that the user has as default would take contacts out of the list
            "context": {"search_disable_custom_filters": True},
            "views": [(False, "list"), (False, "form")],
        }

    # ------------------------------------------------------------
    # What they look at
    # ------------------------------------------------------------

    def _get_domain(self):
        """:return: ``Domain`` of the contacts that meet the condition"""
        self.ensure_one()
        return read_domain(self.domain or "[]")

    def _get_stage_domain(self, field="lifecycle_stage_id"):
        """:param str field: as for ``_get_stage_checks``
        :return: ``Domain`` of the contacts in the stages that the rule is for
        """
        return Domain.AND(domain for _reason, domain in self._get_stage_checks(field))

    def _get_forward_domain(self, field="lifecycle_stage_id"):
        """Out of no stage or a lost one is forward, and so is into a lost one, as the rule names it (T10).

        :return: ``Domain`` of the contacts in the stages from which its direction lets the rule move
        """
        order = self.env["lifecycle.stage"]._get_order()
        place = order.get(self.to_stage_id.id)
        if self.allow_backward or place is None:
            return Domain.TRUE
        return Domain(field, "not in", [stage_id for stage_id, other in order.items() if other >= place])

    @api.model
    def _get_scope(self):
        """:return: ``Domain`` of the contacts that rules move: in scope, and no internal users (A2)"""
        return self.env["res.partner"]._lifecycle_scope_domain() & Domain("partner_share", "=", True)

    @api.model
    def _find_moved_too_often(self, partners=None):
        """The brake on rules that feed each other, in whatever way: what moves a contact on and on is stopped, whoever
        else takes part in it, such as an automation of Odoo's or another program.

        :param partners: ``res.partner`` to look at; all of them when it is not given
        :return: list of the ids of those that rules have moved ``MAX_MOVES_A_DAY`` times in 24 hours
        """
        a_day_ago = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        moves = Domain([("source", "=", "rule"), ("date", ">", a_day_ago), ("partner_id", "!=", False)])
        if partners is not None:
            moves &= Domain("partner_id", "in", partners.ids)
        groups = self.env["lifecycle.transition"]._read_group(
            moves, ["partner_id"], having=[("__count", ">=", MAX_MOVES_A_DAY)]
        )
        return [partner.id for [partner] in groups]
