import logging

from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, dateutil, safe_eval, time

_logger = logging.getLogger(__name__)

GROUPED = ("kanban", "list")
ELSEWHERE = ("iap.account",)  # it asks a server on the Internet


class ScreensCase:
    """Every window action that somebody reaches by a menu, and all there are for the administrator, with every
    view of it, its filters and its groups, as the web client asks for them. A test case has ``everybody`` and ``admin``.
    """

    def get_actions(self, user):
        Actions = self.env["ir.actions.act_window"]
        if user == self.admin:
            return Actions.search([])
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False).values()
        return Actions.browse(
            menu["action_id"] for menu in menus if menu.get("action_model") == Actions._name
        ).sorted("id")

    def evaluate(self, text, user, default):
        values = {
            "uid": user.id,
            "user": user,
            "active_id": False,
            "active_ids": [],
            "active_model": False,
            "allowed_company_ids": user.company_ids.ids,
            "context": {},
            "context_today": fields.Date.today,
            "current_date": str(fields.Date.today()),
            "datetime": datetime,
            "relativedelta": dateutil.relativedelta.relativedelta,
            "time": time,
        }
        return safe_eval(text.strip(), values) if text and text.strip() else default

    def open_screen(self, action, user):
        """:return: names of the views that were opened"""
        context = {
            **self.evaluate(action.context, user, {}),
            "allowed_company_ids": user.company_ids.ids,
        }
        model = self.env[action.res_model].with_user(user).with_context(context)
        views = [*action.views, (action.search_view_id.id, "search")]
        options = {"action_id": action.id, "load_filters": True, "toolbar": True}
        found = model.get_views(views, options)
        if action.target == "new" or model._transient or (not model._auto and not model._table_query):
            return found["views"]
        domain = Domain(self.evaluate(action.domain, user, []))
        described = found["models"][model._name]["fields"]
        for view_type, view in found["views"].items():
            arch = etree.fromstring(view["arch"])
            if view_type == "search":
                self.use_filters(model, domain, arch, user)
                continue
            names = {node.get("name") for node in arch.iter("field") if self.is_of(node, arch)}
            specification = {
                name: {"fields": {"display_name": {}}} if described[name]["type"] == "many2one" else {}
                for name in names.intersection(described)
            }
            if view_type in ("pivot", "graph"):
                self.read_groups(model, domain, arch, described)
            else:
                model.web_search_read(domain, specification, limit=80, count_limit=10001)
                if view_type in GROUPED and arch.get("default_group_by"):
                    self.read_group(model, domain, arch.get("default_group_by"), specification)
        return found["views"]

    def is_of(self, node, arch):
        """:return: whether a field is one of the view, not of a view in it"""
        return not any(parent.tag == "field" for parent in node.iterancestors() if parent is not arch)

    def is_groupable(self, model, group):
        """:return: whether the web client groups by it: by a property only when there is one"""
        return model._fields[group.split(":")[0].split(".")[0]].type != "properties"

    def with_interval(self, model, group):
        is_date = ":" not in group and model._fields[group].type in ("date", "datetime")
        return f"{group}:month" if is_date else group

    def read_group(self, model, domain, group, specification=None):
        model.web_read_group(
            domain,
            [self.with_interval(model, group)],
            auto_unfold=True,
            unfold_read_specification=specification or {"display_name": {}},
            limit=80,
        )

    def read_groups(self, model, domain, arch, described):
        groups, measures = [], ["__count"]
        for node in arch.iter("field"):
            name, interval = node.get("name"), node.get("interval")
            field = described[name]
            if node.get("type") == "measure" or not field["groupable"]:
                if field.get("aggregator"):
                    measures.append(f"{name}:{field['aggregator']}")
            else:
                groups.append(f"{name}:{interval}" if interval else self.with_interval(model, name))
        model.formatted_read_grouping_sets(domain, [[], groups], measures)

    def use_filters(self, model, domain, arch, user):
        for node in arch.iter("filter"):
            if node.get("domain"):
                model.search_count(domain & Domain(self.evaluate(node.get("domain"), user, [])), limit=1)
            if node.get("context"):
                group = self.evaluate(node.get("context"), user, {}).get("group_by")
                if group and self.is_groupable(model, group):
                    self.read_group(model, domain, group)

    def check_every_screen(self):
        """Open each as each role."""
        for user in self.everybody:
            opened = 0
            for action in self.get_actions(user):
                model = self.env.get(action.res_model)
                if model is None or model._name in ELSEWHERE or not model.with_user(user).has_access("read"):
                    continue
                with self.subTest(user=user.login, action=action.xml_id or action.name), self.cr.savepoint():
                    opened += len(self.open_screen(action, user))
            _logger.info("%s opened %s views", user.login, opened)
            self.assertGreater(opened, 20)
