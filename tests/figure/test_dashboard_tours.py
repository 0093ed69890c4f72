from odoo.tests import tagged

from ..common_dashboard import DashboardCase
from ..common_patient import PatientCase
from ..common_two_people import BesideCase, Colleague, somebody_beside

COUNT = """document.querySelector("[data-stage-id='%d'] .o_contact_lifecycle_figure span")?.textContent"""


@tagged("post_install", "-at_install")
class TestDashboardTour(PatientCase, DashboardCase):
    browser_size = "1600x900"

    def test_each_number_opens_what_it_counts(self):
        """M1, M3, M4, M5: a manager clicks them one after the other"""
        contacts = self.make_contacts(6)
        contacts.lifecycle_stage_id = self.hot_lead
        contacts[0].lifecycle_stage_id = self.payment
        contacts[1].lifecycle_stage_id = self.cold_lead.stage_id
        self.hot_lead.rotting_threshold_days = 3
        self.make_stale(contacts[-2:], 5)
        self.make_conversations(2, stage=self.hot_lead)
        self.make_unassigned().lifecycle_stage_id = self.hot_lead
        self.make_conversations(2, stage=self.hot_lead)._lifecycle_write_protected(
            {"lifecycle_snoozed_until": "2099-01-01"}
        )
        self.start_tour("/odoo", "contact_lifecycle.dashboard", login=self.manager.login)


@tagged("post_install", "-at_install")
class TestDashboardTwoPeople(BesideCase, DashboardCase):
    """A manager looks at the dashboard, and an agent works, each in a browser."""

    def test_move_shows_without_a_reload_of_the_page(self):
        """M2: how soon after it was told of, live.test.js says"""
        count = COUNT % self.hot_lead.id
        with somebody_beside(self, lambda: Colleague(self, self.manager)) as manager:
            manager.open("/odoo/lifecycle-dashboard")
            manager.wait(f'{count} === "0"')
            self.start_tour(
                f"/odoo/contacts/{self.contact.id}",
                "contact_lifecycle.dashboard_move",
                login=self.agent.login,
            )
            manager.wait(f'{count} === "1"')
        self.assertEqual(self.contact.lifecycle_stage_id, self.hot_lead)
