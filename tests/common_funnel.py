from datetime import datetime, timedelta

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..models.figure.lifecycle_dashboard_funnel import OUTCOMES
from .common import LifecycleCase

PERIOD = ("2025-03-01", "2025-03-31")
START = datetime(2025, 3, 10, 12)
NUMBERS = ("entered", "passed", *OUTCOMES)
# report -> the measures of its pivot and graph
MEASURES = {
    "lifecycle.transition": ["__count", "days_in_stage:avg"],
    "lifecycle.funnel.report": ["__count", "days:avg", "days_total:sum", "conversion_rate:avg"],
    "lifecycle.stage.time.report": ["__count", "days:avg", "days_total:sum", "times_entered:sum"],
}


def get_domain_behind(env, action):
    """:return: ``Domain`` of what an action shows the user of ``env``, with the facets that its context chooses"""
    domain = Domain(action["domain"])
    facets = [name[15:] for name in action["context"] if name.startswith("search_default_")]
    if facets:
        arch = etree.fromstring(env[action["res_model"]].get_view(view_type="search")["arch"])
        for name in facets:
            [node] = arch.xpath(f"//filter[@name='{name}']")
            domain &= Domain(safe_eval(node.get("domain"), {"context": action["context"]}))
    return domain


class FunnelCase(LifecycleCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cold = cls.cold_lead.stage_id
        cls.Dashboard = cls.env["lifecycle.dashboard"].with_user(cls.manager)
        cls.Report = cls.env["lifecycle.funnel.report"].with_user(cls.manager)

    def make_history(self, *moves, start=START):
        """:param moves: pairs of stage (None to clear) and days after ``start``
        :return: a contact that has moved so
        """
        contact = self.make_contacts_without_stage(1)
        for stage, days in moves:
            contact._lifecycle_move_at(stage.id if stage else False, start + timedelta(days=days))
        return contact

    def get_figures(self, stage, period=PERIOD, dashboard=None):
        """:return: what get_funnel says of ``stage``"""
        funnel = (dashboard if dashboard is not None else self.Dashboard).get_funnel(*period)
        return next(figures for figures in funnel["stages"] if figures["id"] == stage.id)

    def assertNumbers(self, stage, period=PERIOD, dashboard=None, **expected):
        """Exactly these numbers of ``stage`` are not zero."""
        figures = self.get_figures(stage, period, dashboard)
        self.assertEqual({name: figures[name] for name in NUMBERS if figures[name]}, expected, stage.name)

    def domain_behind(self, action):
        return get_domain_behind(self.env(user=self.manager), action)

    def count_behind(self, action):
        return self.env[action["res_model"]].with_user(self.manager).search_count(self.domain_behind(action))
