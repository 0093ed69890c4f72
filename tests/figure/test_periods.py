import re
from pathlib import Path

from freezegun import freeze_time
from lxml import etree

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.date_utils import parse_date
from odoo.tools.safe_eval import safe_eval

from ..common_funnel import MEASURES, PERIOD, FunnelCase

PERIOD_JS = Path(__file__).parents[2] / "static/src/dashboard/period.js"
# name, label, begin and, where it is said, end
PERIOD_LINE = re.compile(
    r'name: "(\w+)",\s+label: _t\("([^"]+)"\),\s+begin: "([^"]+)"(?:,\s+end: "([^"]+)")?'
)


@tagged("post_install", "-at_install")
class TestPeriods(FunnelCase):
    """A period of the dashboard and the filter of a report with its name are the same days (M7)."""

    def get_periods(self):
        """:return: dict label -> first and last day as the dashboard has them, written as in domains"""
        found = PERIOD_LINE.findall(PERIOD_JS.read_text(encoding="utf-8"))
        return {label: (begin, end or "today") for _name, label, begin, end in found}

    def get_filters(self, model):
        """:return: dict label -> domain of the filters of a report that speak of today"""
        arch = self.env[model].with_user(self.manager).get_view(view_type="search")["arch"]
        return {
            node.get("string"): safe_eval(node.get("domain"))
            for node in etree.fromstring(arch).findall(".//filter")
            if "today" in node.get("domain", "")
        }

    def test_each_filter_is_the_period_of_its_name(self):
        """M7: on both sides of midnight, where the user is and where the server is"""
        periods = self.get_periods()
        self.assertGreaterEqual(set(periods), {"Last 30 Days", "Last Month", "This Year"})
        for zone in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
            self.manager.tz = zone
            for now in ("2026-03-29 23:30:00", "2026-03-31 12:00:00"):
                with freeze_time(now):
                    for model in MEASURES:
                        report = self.env[model].with_user(self.manager)
                        filters = self.get_filters(model)
                        self.assertIn("Last 30 Days", filters, model)
                        for label, domain in filters.items():
                            with self.subTest(zone=zone, now=now, model=model, label=label):
                                days = (parse_date(day, report.env) for day in periods[label])
                                field = domain[0][0]
                                start, end = self.Dashboard._funnel_period(*days)
                                expected = Domain(field, ">=", start) & Domain(field, "<", end)
                                self.assertEqual(
                                    list(Domain(domain).optimize_full(report)),
                                    list(expected.optimize_full(report)),
                                )

    def test_the_days_of_a_period(self):
        """M7: today is one of them"""
        with freeze_time("2026-03-31 12:00:00"):
            self.assertEqual(
                {
                    label: [str(parse_date(day, self.env)) for day in days]
                    for label, days in self.get_periods().items()
                },
                {
                    "Last 7 Days": ["2026-03-25", "2026-03-31"],
                    "Last 30 Days": ["2026-03-02", "2026-03-31"],
                    "Last 90 Days": ["2026-01-01", "2026-03-31"],
                    "This Month": ["2026-03-01", "2026-03-31"],
                    "Last Month": ["2026-02-01", "2026-02-28"],
                    "This Year": ["2026-01-01", "2026-03-31"],
                },
            )

    def test_report_that_a_number_opens_has_the_period_as_a_facet(self):
        """M7: one sees it, and may remove it"""
        contacts = self.make_history((self.new_lead, 0), (self.cold, 1))
        contacts += self.make_history((self.new_lead, -90), (self.cold, -60))
        for action, field in (
            (self.Dashboard.action_open_stays(self.new_lead.id, "entered", *PERIOD), "date_entered"),
            (self.Dashboard.action_open_lost_moves(self.new_lead.id, self.cold.id, *PERIOD), "date"),
        ):
            records = self.env[action["res_model"]].with_user(self.manager)
            within = records.search(self.domain_behind(action))
            self.assertEqual(len(within), 1)
            self.assertEqual(within[field].month, 3)
            always = records.search(Domain(action["domain"]) & Domain("partner_id", "in", contacts.ids))
            self.assertEqual(always.partner_id, contacts, "without the facet")
