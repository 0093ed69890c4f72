from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.orm.utils import parse_field_expr
from odoo.tools import OrderedSet

from ...tools.domain_text import RELATIONAL_OPERATORS, read_domain
from ...tools.remote_input import shorten
from .spec import MAX_MOVES_A_DAY

COLLECTIONS = (list, tuple, set, frozenset, OrderedSet)
COMPARISONS = ("=", "!=", "in", "not in")
SCALARS = (bool, int, float, str)


class LifecycleRule(models.Model):
    """Whom a rule is for, said once: as domains of contacts, which decide in memory and in the database alike. And what
    its condition may be: a filter of contacts that looks at nothing its author may not read.

    Rules and dry runs search for contacts of every company as the superuser, who may read every field. What comes of it
    tells whoever wrote the condition what is in the fields it looks at (P5).
    """

    _inherit = "lifecycle.rule"

    # ------------------------------------------------------------
    # Whom it is for
    # ------------------------------------------------------------

    def _get_domain(self):
        """:return: ``Domain`` of the contacts that meet the condition"""
        self.ensure_one()
        return read_domain(self.domain or "[]")

    def _get_stage_domain(self, field="lifecycle_stage_id"):
        """:param str field: what is compared: ``id`` makes it a domain of stages
        :return: ``Domain`` of the contacts in the stages that the rule is for
        """
        self.ensure_one()
        if self._makes_leads():
            return Domain.TRUE
        in_stage = Domain(field, "not in", [False, self.to_stage_id.id])
        if self.from_stage_ids:
            in_stage &= Domain(field, "in", self.from_stage_ids.ids)
        return in_stage | Domain(field, "=", False) if self.from_none else in_stage

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
        return self.env["res.partner"]._lifecycle_scope_domain() & Domain(
            [("active", "=", True), ("partner_share", "=", True)]
        )

    def _get_checks(self, partners=None):
        """Iterate over what else has to be true of the contacts in its stages that meet its condition, in the order in
        which the rule looks at it.

        :param partners: ``res.partner`` to look at; all of them when it is not given
        :return: iterator of (result, see ``lifecycle.rule.log``, that the rule notes of contacts it leaves alone for
            that reason, ``Domain`` of the others)
        """
        self.ensure_one()
        yield "out_of_scope", self._get_scope()
        if self._makes_leads():
            yield "other_company", self._get_company_domain()
            return
        yield "locked", Domain("lifecycle_locked", "!=", True)
        yield "not_forward", self._get_forward_domain()
        if self.kind != "inactivity":  # whoever has rested for days has not been moved all day
            yield "too_often", Domain("id", "not in", self._find_moved_too_often(partners))

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

    @api.model
    def _get_columns(self, domain):
        """:return: frozenset of the names of the columns of contacts that decide whether they meet a condition, or
        None where the day, the user or other records have a say in it, or a field is gone
        """
        conditions = list(domain.iter_conditions())
        if not all(self._is_plain(condition) for condition in conditions):
            return None
        return frozenset(condition.field_expr for condition in conditions)

    @api.model
    def _is_plain(self, condition):
        """:return: whether a condition compares a column of contacts with what is written in it, and with no more"""
        field = self.env["res.partner"]._fields.get(condition.field_expr)
        if not (field and field.store and field.column_type) or field.company_dependent or field.translate:
            return False
        values = condition.value if isinstance(condition.value, COLLECTIONS) else [condition.value]
        if field.relational:
            return condition.operator in COMPARISONS and all(isinstance(value, int) for value in values)
        return field.type not in ("date", "datetime") and all(isinstance(value, SCALARS) for value in values)

    # ------------------------------------------------------------
    # What the condition may be
    # ------------------------------------------------------------

    @api.constrains("domain")
    def _check_domain(self):
        # Odoo checks in superuser mode, also what a user writes
        Partner = self.env["res.partner"].sudo(False)
        for rule in self:
            try:
                domain = rule._get_domain()
                hidden_path = self._find_hidden_path(Partner, domain)
                if not hidden_path:
                    # sudo: res.partner - only whether the filter can be searched with matters
                    Partner.sudo().search(domain, limit=1)
            except Exception as error:  # whatever a typed filter can raise
                raise ValidationError(
                    self.env._(
                        "The condition of “%(rule)s” is not a filter of contacts: edit it with the filter editor.",
                        rule=shorten(rule.name),
                    )
                ) from error
            if hidden_path:
                raise AccessError(
                    self.env._(
                        "The condition of “%(rule)s” looks at “%(path)s”, which you may not read: leave it out.",
                        rule=shorten(rule.name),
                        path=shorten(hidden_path),
                    )
                )

    @api.model
    def _find_hidden_path(self, model, domain):
        """Find what a user may not read of all that a filter looks at, however deep.

        :param model: the model that it filters, an empty recordset, in the environment of that user
        :param domain: ``Domain``
        :return: the path of the first field that the user may not read, or None
        """
        for condition in domain.iter_conditions():
            comodel, path = model, condition.field_expr
            while path and comodel is not None:
                name, path = parse_field_expr(path)
                field = comodel._fields[name]
                if not (comodel.has_access("read") and comodel._has_field_access(field, "read")):
                    return condition.field_expr
                if field.relational:
                    comodel = comodel.env[field.comodel_name]
                elif name != "id":
                    comodel = None
            value = condition.value
            if comodel is None:
                continue
            if condition.operator in RELATIONAL_OPERATORS and isinstance(value, Domain | list | tuple):
                if hidden := self._find_hidden_path(comodel, Domain(value)):
                    return f"{condition.field_expr}.{hidden}"
            elif isinstance(value, str) and not comodel.has_access("read"):  # looked up by name
                return condition.field_expr
        return None
