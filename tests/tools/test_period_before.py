from datetime import date

from odoo.tests import BaseCase, tagged

from ...tools.period_before import get_period_before

CASES = [
    # calendar months, quarters, years
    ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"),
    ("2024-03-01", "2024-03-31", "2024-02-01", "2024-02-29"),
    ("2026-01-01", "2026-01-31", "2025-12-01", "2025-12-31"),
    ("2026-04-01", "2026-06-30", "2026-01-01", "2026-03-31"),
    ("2026-01-01", "2026-03-31", "2025-10-01", "2025-12-31"),
    ("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"),
    ("2025-11-01", "2026-01-31", "2025-08-01", "2025-10-31"),
    # other days
    ("2026-03-10", "2026-03-10", "2026-03-09", "2026-03-09"),
    ("2026-03-25", "2026-03-31", "2026-03-18", "2026-03-24"),
    ("2026-03-01", "2026-03-30", "2026-01-30", "2026-02-28"),
    ("2026-03-02", "2026-03-31", "2026-01-31", "2026-03-01"),
    ("0001-02-01", "0001-02-28", "0001-01-01", "0001-01-31"),
]
NONE = [("0001-01-01", "0001-01-31"), ("0001-01-10", "0001-02-20"), ("2026-01-01", "9999-12-31")]


@tagged("post_install", "-at_install")
class TestPeriodBefore(BaseCase):
    def test_period_before_is_as_long_and_ends_the_day_before(self):
        """M3: calendar months are as long as calendar months"""
        for case in CASES:
            first, last, *expected = map(date.fromisoformat, case)
            self.assertEqual(get_period_before(first, last), tuple(expected), case)

    def test_before_the_calendar_there_is_none(self):
        """M3"""
        for case in NONE:
            with self.assertRaises(OverflowError, msg=case):
                get_period_before(*map(date.fromisoformat, case))
