"""Dates as files write them."""

import re
from datetime import date, datetime, time, timezone

from ..local_time import to_utc
from .rows import Unreadable, clean

NUMERIC = re.compile(
    r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})"
    r"(?:,?[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?)?"
)
SECONDS = re.compile(r"\d{9,11}")
MILLISECONDS = re.compile(r"\d{12,14}")
EARLIEST = datetime(1970, 1, 1)


class Moments:
    """Reads dates of one file.

    :param zone: time zone, as ``env.tz``, of those that name none
    :param bool day_first: whether 1/2/2026 is in February
    :param datetime now: naive UTC; what comes later has not happened
    """

    def __init__(self, zone, day_first, now):
        self.zone, self.day_first, self.now = zone, day_first, now

    def parse(self, value, is_utc=False):
        """
        :param value: a text, a number of seconds or milliseconds since 1970, or a date
        :param bool is_utc: whether a text without a time zone is in UTC
        :return: naive UTC datetime of whole seconds
        :raises Unreadable: when it is no date, or one that no clock has shown yet
        """
        shown = clean(value if isinstance(value, str) else str(value))[:40]
        try:
            moment = self._read(value, is_utc)
        except (ValueError, OverflowError, OSError):
            raise Unreadable("date", value=shown) from None
        if moment > self.now:
            raise Unreadable("future", value=shown)
        if moment < EARLIEST:
            raise Unreadable("date", value=shown)
        return moment.replace(microsecond=0)

    def _read(self, value, is_utc):
        zone = timezone.utc if is_utc else self.zone
        if isinstance(value, datetime):
            return self._in_utc(value, zone)
        if isinstance(value, date):
            return to_utc(zone, value)
        text = " ".join(str(value).split())
        if MILLISECONDS.fullmatch(text):
            return self._since_1970(int(text) / 1000)
        if SECONDS.fullmatch(text):
            return self._since_1970(int(text))
        if parts := NUMERIC.fullmatch(text):
            # who writes dots writes the day first
            return self._read_numeric(parts.groups(), zone, self.day_first or "." in text[: parts.end(2) + 1])
        # Python 3.10 reads neither Z nor fractions of other lengths
        text = re.sub(r"\.\d+", "", re.sub(r"[Zz]$", "+00:00", text))
        return self._in_utc(datetime.fromisoformat(re.sub(r"([+-]\d{2})(\d{2})$", r"\1:\2", text)), zone)

    @staticmethod
    def _since_1970(seconds):
        return datetime.fromtimestamp(seconds, timezone.utc).replace(tzinfo=None)

    @staticmethod
    def _in_utc(moment, zone):
        if moment.tzinfo:
            return moment.astimezone(timezone.utc).replace(tzinfo=None)
        return to_utc(zone, moment.date(), moment.time())

    @staticmethod
    def _read_numeric(parts, zone, day_first):
        first, second, third = map(int, parts[:3])
        if len(parts[0]) == 4:
            year, month, day = first, second, third
        elif len(parts[2]) == 4:
            year = third
            day, month = (first, second) if day_first else (second, first)
        else:
            raise ValueError("a year has four digits")
        hour, minute, second = (int(part or 0) for part in parts[3:6])
        if half := parts[6]:
            if not 1 <= hour <= 12:
                raise ValueError("no hour of twelve")
            hour = hour % 12 + (12 if half in "Pp" else 0)
        return to_utc(zone, date(year, month, day), time(hour, minute, second))
