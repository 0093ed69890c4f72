import re
from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo import fields
from odoo.orm.registry import Registry
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LifecycleCase
from ..common_bad_input import KEYWORDS, MISSING_ID, find_methods, find_parameters, is_ours

WRITES = re.compile(r"\s*(WITH\b.*)?(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\b", re.DOTALL | re.IGNORECASE)
# what does something with no record: Odoo's own asks for leads to be enriched, and adds a record; settings are none
DOING = ("crm.lead.create", "web_save", "action_lifecycle_apply_default")


@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestRightsFirst(LifecycleCase):
    """Nothing is looked up, said, kept or written before it is known that the caller may (P5): every method that can be
    called from outside, found by looking at the code.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsiders = {
            "public": cls.env.ref("base.public_user"),
            "portal": cls.portal,
            "internal": cls.internal,
        }
        cls.insiders = {"agent": cls.agent, "manager": cls.manager, "owner": cls.owner}
        cls.conversation = cls.make_livechat(cls.contact)
        cls.env["lifecycle.rule"].create(
            {"name": "Rule", "on_email_sent": True, "to_stage_id": cls.hot_lead.id, "active": True}
        )
        cls.env.flush_all()
        cls.methods = find_methods(cls.env)

    def is_on_records(self, model, name):
        return not getattr(getattr(type(self.env[model]), name), "_api_model", False)

    def is_own(self, model, name):
        return any(name in vars(base) for base in type(self.env[model]).mro() if is_ours(base))

    def find_stage_fields(self, model):
        """:return: names of the fields that lead to stages, and to what else the addon keeps"""
        return [
            name
            for name, field in self.env[model]._fields.items()
            if (field.comodel_name or "").startswith("lifecycle.")
        ]

    def find_required(self, model, name):
        """:return: list of the parameters that a call of the method must give"""
        return [
            p
            for p in find_parameters(type(self.env[model]), name)
            if p.default is p.empty and p.kind is not p.KEYWORD_ONLY
        ]

    def get_filler(self, parameter):
        """:return: an argument that means nothing, but for a moment, which has to be one"""
        if parameter.name.startswith(("val", "spec")) and not parameter.name.endswith("_list"):
            return {}
        if parameter.name.endswith("_list") or parameter.name.startswith(("domain", "field", "data")):
            return []
        if parameter.name == "until":
            return fields.Datetime.to_string(fields.Datetime.add(fields.Datetime.now(), days=1))
        return "2026-01-01" if parameter.name.startswith("date") else False

    def find_calls(self, model, name, value):
        """:return: list of (args, kwargs): calls of a method that say ``value`` in each way there is"""
        names = self.find_stage_fields(model)
        parameters = self.find_required(model, name)
        fillers = [self.get_filler(parameter) for parameter in parameters]
        named = {"name": "x"} if "name" in self.env[model]._fields else {}
        values = [{**named, f: value} for f in names]
        if name == "load":
            return [([["name", f], [["x", str(value)]]], {}) for f in names]
        if name == "onchange":
            return [([{f: value}, typed, {f: {}}], {}) for f in names for typed in ([], [f])]
        ways = [*values, *([vals] for vals in values)]
        calls = [
            ([*fillers[:place], way, *fillers[place + 1 :]], {})
            for place, parameter in enumerate(parameters)
            for way in (ways if parameter.name.startswith(("spec", "val")) else [value, *ways])
        ]
        calls += [(fillers, {key: f"/stage {value}"}) for key in KEYWORDS.get(name, ())]
        if name == "create":
            calls += [([named], {"context": {f"default_{f}": value}}) for f in names]
        return calls

    def get_ids(self, user, model):
        """:return: ids of records to call a method on: one's own contact and user, or any"""
        own = {"res.partner": user.partner_id, "res.users": user}.get(model)
        if own or self.env[model]._abstract:
            return own.ids if own else []
        return self.env[model].sudo().search([], limit=1).ids

    def answer(self, user, model, name, args, kwargs, value):
        """:return: the answer to a call, the same for two values unless it tells them from each other"""
        self.env.invalidate_all()
        with self.undone():
            try:
                answer = call_kw(self.env(user=user, su=False)[model], name, list(args), dict(kwargs))
                self.env.flush_all()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is the same
                answer = f"{type(error).__name__}: {error}".partition("\n")[0]
        return re.sub(r"\d+", "0", re.sub(rf"\b{re.escape(str(value))}\b", "•", str(answer)))

    @mute_logger("odoo", "py.warnings")
    def test_outsiders_do_not_learn_which_stages_there_are(self):
        """P1, P4, P5: a name or an id that is right gets the same answer as one that is wrong"""
        told, asked = [], 0
        pairs = (("Hot Lead", "No Such Stage"), (self.hot_lead.id, MISSING_ID))
        methods = [(model, name) for model, name, _is_new in self.methods if self.is_own(model, name)]
        methods += [
            (model, name)
            for model in sorted(self.env.registry)
            if self.find_stage_fields(model) and not self.env[model]._abstract
            for name in ("create", "load", "onchange", "write")
        ]
        for role, user in self.outsiders.items():
            for model, name in sorted(set(methods)):
                ids = [self.get_ids(user, model)] if self.is_on_records(model, name) else []
                for right, wrong in pairs:
                    calls = zip(
                        self.find_calls(model, name, right), self.find_calls(model, name, wrong), strict=True
                    )
                    for (args, kwargs), (wrong_args, wrong_kwargs) in calls:
                        answers = (
                            self.answer(user, model, name, ids + args, kwargs, right),
                            self.answer(user, model, name, ids + wrong_args, wrong_kwargs, wrong),
                        )
                        asked += 1
                        if len(set(answers)) > 1:
                            told.append(f"{role}: {model}.{name}(*{ids + args}, **{kwargs}) {answers}"[:600])
        self.assertGreater(asked, 500)
        self.assertFalse(told, "\n".join(told))

    @contextmanager
    def noting_effects(self):
        """Note each cache that is cleared, and each row that is written."""
        effects, execute = [], type(self.cr).execute

        def note_cleared(registry, *args, **kwargs):
            effects.append("clear_cache")

        def note_written(cr, query, *args, **kwargs):
            code = getattr(query, "code", query)
            if WRITES.match(str(code)):
                effects.append(str(code)[:200])
            return execute(cr, query, *args, **kwargs)

        with (
            patch.object(Registry, "clear_cache", note_cleared),
            patch.object(Registry, "clear_all_caches", note_cleared),
            patch.object(type(self.cr), "execute", note_written),
        ):
            yield effects

    def find_empty_calls(self, model, name):
        """:return: list of (args, kwargs): calls of a method on no record, or with nothing"""
        parameters = self.find_required(model, name)
        fillers = [self.get_filler(parameter) for parameter in parameters]
        calls = [(fillers, {})]
        if fillers and parameters[0].name == "vals":
            calls += [([{field: True}, *fillers[1:]], {}) for field in self.env[model]._fields]
        return [([[], *args] if self.is_on_records(model, name) else args, kwargs) for args, kwargs in calls]

    @mute_logger("odoo", "py.warnings")
    def test_nothing_is_done_with_nothing(self):
        """P5: methods called on no record, by everybody, clear no cache and write no row"""
        done, called = [], 0
        for role, user in (self.outsiders | self.insiders).items():
            for model, name, _is_new in self.methods:
                if f"{model}.{name}".endswith(DOING):
                    continue
                if role in self.insiders and not self.is_on_records(model, name):
                    continue
                for args, kwargs in self.find_empty_calls(model, name):
                    self.env.flush_all()
                    # most are refused, one way or another
                    with self.undone(), self.noting_effects() as effects, suppress(Exception):
                        call_kw(self.env(user=user, su=False)[model], name, list(args), dict(kwargs))
                        self.env.flush_all()
                    called += 1
                    if effects:
                        done.append(f"{role}: {model}.{name}(*{args}) {effects}"[:400])
        self.assertGreater(called, 1000)
        self.assertFalse(done, "\n".join(done))
