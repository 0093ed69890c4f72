from odoo import api, models

from ...tools.shared_text import write_in_all_languages
from .lifecycle_stage_name import normalize_name

TEXTS = ("name", "description", "entry_criteria")


class LifecycleStage(models.Model):
    """Stages whose texts come with the addon: suggested lost stages (S5) and stage sets (S14)."""

    _inherit = "lifecycle.stage"

    @api.model
    def _template_xmlid(self, key, template):
        model = "lifecycle_lost_stage" if template.get("is_lost") else "lifecycle_stage"
        return f"contact_lifecycle.{model}_{key}"

    @api.model
    def _template_texts(self, template):
        """:return: dict, the translated texts of a template, of a stage or of a set of stages"""
        return {name: self.env._(template[name]) for name in TEXTS if name in template}

    @api.model
    def _find_from_template(self, key, template):
        """:return: the stage that was made of this template, whatever it is called by now, or none"""
        record = self.env.ref(self._template_xmlid(key, template), raise_if_not_found=False)
        if not record:
            return self.browse()
        return record.stage_id if record._name == "lifecycle.lost.stage" else record

    @api.model
    def _find_called(self, template):
        """:return: the stages that have, in any language, the name that a template has in any, in order"""
        codes, names = self._get_languages(), set()
        for code in codes:
            name = self.with_context(lang=code)._template_texts(template)["name"]
            names |= {normalize_name(name), normalize_name(f"{template.get('emoji', '')} {name}")}
        ids = {id_ for code in codes for id_, own in self._get_names(code) if not names.isdisjoint(own)}
        return self.browse(ids).sorted()

    @api.model
    def _create_from_template(self, key, template):
        """Add a stage, with its texts in every installed language.

        :param str key: the last part of its XML ID
        :param dict template: values of the stage, the texts lazily translated; with ``is_lost`` for a lost one
        :return: the new ``lifecycle.stage``
        :raises UserError: when there are twenty stages (S7)
        :raises AccessError: when the user is not an owner
        """
        vals = {name: value for name, value in template.items() if name != "is_lost"}
        Model = self.env["lifecycle.lost.stage"] if template.get("is_lost") else self
        record = Model.create({**vals, **self._template_texts(template)})
        write_in_all_languages(record, lambda env: self.with_env(env)._template_texts(template))
        # sudo: ir.model.data - remembers what it was made of, until the stage is deleted
        self.env["ir.model.data"].sudo()._update_xmlids(
            [{"xml_id": self._template_xmlid(key, template), "record": record, "noupdate": True}]
        )
        return record.stage_id if template.get("is_lost") else record
