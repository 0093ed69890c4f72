from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytz

from odoo.tests import BaseCase, tagged

from ...tools.local_time import to_utc


@tagged("post_install", "-at_install")
class TestLocalTime(BaseCase):
    """Moments where the user is (I4, M3)."""

    def test_both_kinds_of_time_zones(self):
        """I4, M3: those of pytz, which Odoo 19.0 has, and those of zoneinfo, which come after them"""
        for name, day, clock, expected in (
            ("UTC", date(2026, 6, 1), time(9), datetime(2026, 6, 1, 9)),
            ("America/Sao_Paulo", date(2026, 6, 1), time(9), datetime(2026, 6, 1, 12)),
            ("Europe/Berlin", date(2026, 3, 28), time.min, datetime(2026, 3, 27, 23)),
            # the clocks are changed on this day
            ("Europe/Berlin", date(2026, 3, 29), time.min, datetime(2026, 3, 28, 23)),
            ("Europe/Berlin", date(2026, 3, 29), time(9), datetime(2026, 3, 29, 7)),
            ("Australia/Sydney", date(2026, 10, 4), time.min, datetime(2026, 10, 3, 14)),
            ("Australia/Sydney", date(2026, 10, 4), time(9), datetime(2026, 10, 3, 22)),
        ):
            for kind in (pytz.timezone, ZoneInfo):
                with self.subTest(zone=name, kind=kind, day=day, clock=clock):
                    self.assertEqual(to_utc(kind(name), day, clock), expected)
