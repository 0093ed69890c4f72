"""What a clock shows where the user is, as the moment that the database stores."""

from datetime import datetime, time, timezone


def to_utc(zone, day, clock=time.min):
    """:param zone: ``env.tz``: a time zone of pytz in Odoo 19.0, where names that systems no longer know go on being
        known, and one of zoneinfo in later versions
    :return: the naive UTC datetime of ``clock`` on ``day`` in that zone
    :raises OverflowError: when that is beyond the calendar
    """
    moment = datetime.combine(day, clock)
    moment = zone.localize(moment) if hasattr(zone, "localize") else moment.replace(tzinfo=zone)
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
