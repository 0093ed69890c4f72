from odoo import api, models

from ...tools.domain_text import iter_conditions
from ...tools.remote_input import join_names
from ...tools.shared_text import shared
from .lifecycle_stage_name import normalize_name

CHOOSING = ("=", "in", "like", "ilike")  # a condition on one stage alone is met by nobody when it is gone


class LifecycleStage(models.Model):
    """What names a stage in a condition, by id or by name, and must hear of its end (S11): rules, automations,
    favourites and mailings.
    """

    _inherit = "lifecycle.stage"

    def _get_condition_texts(self):
        """Where domains are stored as text; addons that have others add theirs.

        :return: dict model -> tuple of the names of its fields with a domain, a function of a record that returns
            the model which the domain is of, and a domain, a list, of the records that matter
        """
        return {
            "lifecycle.rule": (["domain"], lambda rule: "res.partner", [("active", "=", True)]),
            "base.automation": (
                ["filter_domain", "filter_pre_domain"],
                lambda automation: automation.model_name,
                [("active", "=", True)],
            ),
            # the segment of a stage goes with it
            "ir.filters": (
                ["domain"],
                lambda favourite: favourite.model_id,
                [("active", "=", True), ("lifecycle_stage_id", "not in", self.ids)],
            ),
            "mailing.mailing": (
                ["mailing_domain"],
                lambda mailing: mailing.mailing_model_real,
                [("state", "in", ["draft", "in_queue"])],
            ),
            "mailing.filter": (["mailing_domain"], lambda favourite: favourite.mailing_model_name, []),
        }

    def _find_mentions(self):
        """:return: dict model -> the records that name any of these stages, in sudo; in a condition here, otherwise
        where their rooms add them
        """
        return {
            model: self._find_conditions(model) for model in self._get_condition_texts() if model in self.env
        }

    def _find_conditions(self, model, alone=False):
        """:param bool alone: only those with a condition that chooses these stages and no other
        :return: the records of a model, in sudo, that name any of these stages in a domain
        """
        domain = self._get_condition_texts()[model][2]
        # sudo: model - whoever deletes a stage switches off what needs it, readable or not
        return self._filter_conditions(self.env[model].sudo().search(domain), alone)

    def _filter_conditions(self, records, alone=False):
        """:return: those of the records, of one model, that name any of these stages in a domain"""
        names, get_model, _domain = self._get_condition_texts()[records._name]
        own = self._get_own_names()

        def is_named(record):
            return any(
                self._is_named(get_model(record), *condition, own, alone)
                for name in names
                for condition in self._read_conditions(record[name])
            )

        return records.filtered(is_named)

    @api.model
    def _read_conditions(self, text):
        try:
            return list(iter_conditions(text or "[]"))
        except ValueError:
            return []  # not for this to say what is wrong with it

    def _get_own_names(self):
        """:return: set of the normalised names of these stages in all languages, without and with their emoji"""
        return {
            normalize_name(text)
            for code in self._get_languages()
            for stage in self.with_context(lang=code)
            for text in (stage.name, stage.display_name)
            if text
        }

    def _is_named(self, model, path, operator, value, own_names, alone):
        """:return: whether a condition names one of these stages, by id or by name"""
        by_id, by_name = self._get_ways_to_name(model, path)
        values = list(value) if isinstance(value, list | tuple | set) else [value]

        def is_own(value):
            if isinstance(value, str) and by_name:
                if operator.endswith("like"):
                    found = self._find_named(value, str.__contains__)
                    return found <= self and any(normalize_name(value) in name for name in own_names)
                return normalize_name(value) in own_names
            return by_id and not isinstance(value, bool) and value in self.ids

        named = [value for value in values if is_own(value)]
        return bool(named) and (not alone or (operator in CHOOSING and len(named) == len(values)))

    @api.model
    def _get_ways_to_name(self, model, path):
        """:return: tuple of two booleans: whether a condition on this path of a model tells stages by id, by name"""
        Model, names = self.env.get(model), path.split(".")
        while names and Model is not None and Model._name != self._name:
            field = Model._fields.get(names.pop(0))
            Model = self.env.get(field.comodel_name) if field else None
        if Model is None or Model._name != self._name:
            return False, False
        return names in ([], ["id"]), names in ([], ["name"], ["display_name"])

    @api.ondelete(at_uninstall=False)
    def _unlink_tell_mentions(self):
        """Switch off the rules and automations that name these stages, saying why, and archive the favourites that
        would find nobody any more (T11, T13).
        """
        mentions, stages = self._find_mentions(), shared(self)
        names = ", ".join(stages.mapped("display_name"))
        text = stages.env._("Switched off, as its stage was deleted: %(stages)s.", stages=names)
        for model in ("lifecycle.rule", "base.automation"):
            mentions[model].write({"active": False})
            mentions[model]._message_log_batch(bodies=dict.fromkeys(mentions[model].ids, text))
        self._find_conditions("ir.filters", alone=True).write({"active": False})

    def _describe_mentions(self):
        """:return: list of sentences: what names these stages, of each kind; of what the user may not read, the number"""
        mentions = self._find_mentions()
        sentences = []
        for kind, kind_models in (
            (self.env._("Rules"), ["lifecycle.rule"]),
            (self.env._("Automations"), ["base.automation"]),
            (self.env._("Favourites"), ["ir.filters"]),
            (self.env._("Mailings"), ["mailing.mailing", "mailing.filter"]),
        ):
            names, hidden = [], 0
            for records in (mentions[model] for model in kind_models if model in mentions):
                readable = records.with_env(self.env)._filtered_access("read")
                names += readable.mapped("display_name")
                hidden += len(records) - len(readable)
            names = [join_names(names)] if names else []
            if hidden:
                names.append(self.env._("%(count)s that you do not see", count=hidden))
            if names:
                sentences.append(self.env._("%(kind)s: %(names)s", kind=kind, names=", ".join(names)))
        return sentences

    def _tell_mentions(self):
        """Let the user know what names these stages, which are lost from now on (S13)."""
        if sentences := self._describe_mentions():
            message = self.env._(
                "Lost from now on: %(stages)s. Check whether what names them is still right. %(mentions)s.",
                stages=", ".join(self.mapped("display_name")),
                mentions=". ".join(sentences),
            )
            self.env.user._bus_send(
                "simple_notification", {"type": "warning", "message": message, "sticky": True}
            )
