"""Whether the values of a column are what its header is taken for: a word means something else in another language."""

from datetime import date, datetime, timezone

from .moments import Moments
from .rows import Unreadable, clean

SHARE = 0.5  # of the values that fit; the others are told by their rows
MAX_LENGTH = 64
MOMENTS = [Moments(timezone.utc, day_first, datetime.max) for day_first in (True, False)]


def fits(target, cells):
    """
    :param str target: one of ``columns.TARGETS``
    :param cells: list of some cells of the column that are not empty
    :return: whether enough of them may be that
    """
    fit = FIT.get(target)
    return not fit or sum(map(fit, cells)) >= SHARE * len(cells)


def _is_date(cell):
    if isinstance(cell, date):
        return True
    text = clean(cell)
    return not text.isdecimal() and any(_can_read(moments, text) for moments in MOMENTS)


def _can_read(moments, text):
    try:
        return bool(moments.parse(text))
    except Unreadable:
        return False


def _is_email(cell):
    return "@" in clean(cell)


def _is_phone(cell):
    text = clean(cell)
    digits, letters = (sum(map(test, text)) for test in (str.isdigit, str.isalpha))
    return digits > 4 and digits > letters and not _is_date(cell)


def _is_text(cell):
    """:return: whether it has a letter, and is no date"""
    return any(map(str.isalpha, clean(cell))) and not _is_date(cell)


def _is_word(cell):
    text = clean(cell)
    return _is_text(cell) and len(text) <= MAX_LENGTH and not any(map(str.isdigit, text)) and "@" not in text


def _is_stage(cell):
    """HubSpot's own ones are numbers."""
    return len(clean(cell)) <= MAX_LENGTH and not _is_date(cell)


FIT = {
    "stage_date": _is_date,
    "email": _is_email,
    "phone": _is_phone,
    "name": _is_text,
    "first_name": _is_text,
    "last_name": _is_text,
    "company": _is_text,
    "owner": _is_text,
    "tags": _is_text,
    "country": _is_word,
    "language": _is_word,
    "stage": _is_stage,
}
