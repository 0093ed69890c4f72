import json

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.remote_input import browse_untrusted_id, read_ids, read_json


class LifecycleRule(models.Model):
    """What stands in the form of a rule, saved or not: its dry run, and the contacts behind the numbers of it (T14).

    It comes from the browser as what the form would save, and may be anything. Nothing of it is written.
    """

    _inherit = "lifecycle.rule"

    @api.readonly
    def get_dry_run(self, vals):
        """Say what a rule would do now, as it stands in the form: called on that rule, or on none for a new one.

        :param dict vals: what the form would save, by the names of fields; the rest is as it is saved
        :return: dict, see ``_get_dry_run``
        :raises AccessError: when the user may not make rules, or not read what the condition looks at
        :raises UserError: when the form says no stage, or what cannot be read
        """
        return self._read_form(vals)._get_dry_run()

    def _read_form(self, vals):
        """:return: ``lifecycle.rule``, an unsaved one with these values, checked as it would be as it is saved
        :raises AccessError: as ``get_dry_run``
        :raises UserError: as ``get_dry_run``
        """
        self.browse().check_access("create")
        if self:
            self.ensure_one()
            self.check_access("read")
        if not isinstance(vals, dict):
            raise self._get_form_error()
        try:
            clean = self._clean_form(vals)
            # not with the saved rule as its origin: all unsaved records of one rule share their values
            draft = self.new({**self._get_saved_form(), **clean, "active": True})
            draft["name"] = (draft["name"] or "").strip() or self.env._("New rule")
            is_known = draft.kind in dict(self._fields["kind"]._description_selection(self.env))
        except Exception as error:  # whatever made-up values can raise
            raise self._get_form_error() from error
        if not is_known:
            raise self._get_form_error()
        draft._check_complete()
        draft._check_inactivity_days()
        if draft.domain != self.domain:
            draft._check_domain()
        return draft

    def _get_form_error(self):
        return UserError(self.env._("This form cannot be read: reload the page and try again."))

    def _clean_form(self, vals):
        """:return: dict of what would be saved of these values: of records only those that there are"""
        clean = {name: vals[name] for name in self._get_form_fields() if name in vals}
        for name, value in clean.items():
            field = self._fields[name]
            if field.type == "many2one":
                clean[name] = browse_untrusted_id(self.env[field.comodel_name], value).id
            elif field.type == "many2many":
                chosen = self.new({name: [Command.set(self[name].ids)]})
                chosen[name] = value
                found = self.env[field.comodel_name].browse(read_ids(chosen[name].ids)).exists()
                clean[name] = [Command.set(found.ids)]
        return clean

    def _get_saved_form(self):
        """:return: dict of the values of the saved rule, none for a new one"""
        names = self._get_form_fields() if self else []
        return {name: self._fields[name].convert_to_write(self[name], self) for name in names}

    @api.model
    def _get_form_fields(self):
        """:return: list of the names of the fields that make a rule"""
        others = {
            *models.MAGIC_COLUMNS,
            *self._lifecycle_protected_fields(),
            *self.env["mail.thread"]._fields,
        }
        return [name for name, field in self._fields.items() if field.store and name not in others]

    # ------------------------------------------------------------
    # The contacts behind a number
    # ------------------------------------------------------------

    def _get_result_text(self, result, vals=None):
        """:return: what finds the contacts with that result, as a value of ``res.partner.lifecycle_rule_result``"""
        if vals is None:
            return f"{self.id}:{result}"
        self._read_form(vals)
        clean = {name: vals[name] for name in self._get_form_fields() if name in vals}
        return f"{self.id or 0}:{result}:{json.dumps(clean)}"

    @api.model
    def _read_result_text(self, text):
        """:return: ``Domain`` of the contacts that ``_get_result_text`` means; none where it means nothing"""
        rule_id, result, form, *_rest = *text.split(":", 2), "", "", ""
        is_id = rule_id.isdecimal() and len(rule_id) < 19  # Python refuses to read very long numbers
        rule = browse_untrusted_id(self, int(rule_id) if is_id else 0)
        if form:
            try:
                vals = read_json(form)
            except ValueError:
                return Domain.FALSE
            # also where the search is in sudo, the user is who has to have the right
            rule = rule.sudo(False)._read_form(vals)
        # sudo: lifecycle.rule - its condition may look at what only its author may read
        domains = rule.sudo()._get_result_domains() if rule else {}
        return domains.get(result, Domain.FALSE)
