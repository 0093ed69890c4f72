import re
from pathlib import Path

from .common_browser import Person
from .common_dashboard import DashboardCase
from .common_two_people import BesideCase, somebody_beside

GUIDE = Path(__file__).parents[1] / "docs" / "user-guide" / "jobs.md"
ROW = re.compile(r"^\| (?P<job>[^|]+?) \| (?P<mouse>\d+ click[^|]*?) \| (?P<keyboard>[^|]*?) \|$", re.M)
WAYS = ("mouse", "keyboard")
# clicks that a job may take: as many as it has always taken here, and no more than in the products people come from
MOST_CLICKS = {
    "Set the stage from an open chat": 2,
    "Move twenty contacts": 7,
    "See the unassigned hot leads": 4,
    "Save an inbox of a lost stage": 6,
    "Open a saved inbox": 1,
    "Add a stage": 5,
    "Make a stage the default": 5,
    "Delete a stage and move its contacts": 9,
    "See who is stuck": 3,
    "See the funnel of last month": 4,
    "Make and try a rule": 11,
}

APPS = ".o_navbar_apps_menu button"
MENU_ITEM = ".o_contact_lifecycle_stage_menu .o-dropdown-item"
CONFIGURATION, REPORTING = (
    f"[data-menu-xmlid='contact_lifecycle.lifecycle_menu_{name}']" for name in ("configuration", "reporting")
)


def get_test_name(job):
    """:return: the name of the test that plays a job, by which it knows its row in the guide"""
    return f"test_{re.sub(r'[^a-z]+', '_', job.lower())}"


class PersonCase(BesideCase, DashboardCase):
    """Short ways through the menus, for somebody with real keys and clicks."""

    browser_size = "1400x900"

    def open_app(self, person, name):
        person.click(APPS)
        person.click(".o_app", name)

    def find_app(self, person, name):
        """Open an app by the keyboard."""
        person.press("Alt+h")
        person.go_to(".o_app", name, key="ArrowDown", most=30)
        person.press("Enter")

    def open_menu(self, person, name):
        self.open_app(person, "Lifecycle")
        person.click(CONFIGURATION)
        person.click(".o-dropdown--menu .o-dropdown-item", name)

    def find_menu(self, person, name, menu=CONFIGURATION):
        """Open an item of the menu by the keyboard."""
        self.find_app(person, "Lifecycle")
        person.go_to(menu)
        person.press("Enter")
        person.go_to(".o-dropdown--menu .o-dropdown-item", name, key="ArrowDown", most=10)
        person.press("Enter")


class JobCase(PersonCase):
    """What people do every day, with real keys and clicks, and how many it takes: the guide says the same.

    Each job has a row in the guide, and the test of its name plays it with the mouse, and again by the keyboard alone.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = {row["job"]: row for row in ROW.finditer(GUIDE.read_text())}

    def setUp(self):
        super().setUp()
        self.played = set()
        self.job = next((job for job in self.rows if get_test_name(job) == self._testMethodName), None)
        self.addCleanup(self.check_played)

    def check_played(self):
        """Nothing in a row is believed that was not done."""
        if self.job and self._outcome.success:
            self.assertEqual(self.played, set(WAYS), self.job)

    def play(self, user, mouse, keyboard, check, path="/odoo"):
        """Let ``user`` do the job in both ways, each from the beginning.

        :param mouse: function of a ``Person``, with the mouse
        :param keyboard: the same by the keyboard alone
        :param check: function that asserts that it is done
        """
        for way, do in zip(WAYS, (mouse, keyboard), strict=True):
            with (
                self.subTest(way=way),
                self.undone(),
                somebody_beside(self, lambda: Person(self, user)) as person,
            ):
                person.begin(path)
                do(person)
                person.rest()
                self.env.invalidate_all()
                check(person)
                self.assertEqual(person.describe(), self.rows[self.job][way], self.job)
                if way == "mouse":
                    self.assertLessEqual(person.clicks, MOST_CLICKS[self.job])
                else:
                    self.assertFalse(person.clicks)
                self.played.add(way)
