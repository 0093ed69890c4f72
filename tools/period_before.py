"""The period that another one is compared with."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta


def get_period_before(first, last):
    """Calendar months, and so quarters and years, follow on as many calendar months; other days on as many days.

    :param first: first day
    :param last: last day
    :return: the first and the last day of the period that ends on the day before ``first``
    :raises OverflowError: when that is beyond the calendar
    """
    following = last + timedelta(days=1)
    try:
        if first.day == following.day == 1:
            months = (following.year - first.year) * 12 + following.month - first.month
            return first - relativedelta(months=months), first - timedelta(days=1)
        return first - (following - first), first - timedelta(days=1)
    except ValueError as error:  # of relativedelta
        raise OverflowError from error
