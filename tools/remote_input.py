"""Checks of arguments that come from remote callers and may be anything."""

import json
from datetime import datetime, timezone

from odoo import fields

MAX_ID = 2**31 - 1  # PostgreSQL's
# in messages
MAX_SHOWN = 64
MAX_NAMES = 20
MAX_JSON = 64 * 1024  # characters


def browse_untrusted_id(model, value):
    """Look up a record by what a remote caller says is its id.

    :param model: an empty recordset
    :return: the record with that id, or ``model`` where there is none
    """
    return model.browse(value).exists() if _is_id(value) else model.browse()


def read_ids(value):
    """:return: list of what can be ids in what a remote caller says is a list of them, each once"""
    return list(dict.fromkeys(filter(_is_id, value))) if isinstance(value, list | tuple) else []


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID


def read_moment(value):
    """Read what a remote caller, or other Python code, says is a moment.

    :param value: a date, a datetime, or a text in the format of ISO 8601; in UTC where it names no time zone
    :return: a naive UTC datetime, or None where it is none
    """
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo:
            value = value.astimezone(timezone.utc).replace(tzinfo=None)
        return fields.Datetime.to_datetime(value)
    except (OverflowError, TypeError, ValueError):
        return None


def read_json(text):
    """Read JSON that has been with a remote caller.

    :raises ValueError: when it is none, too long or nested too deeply
    """
    if len(text) > MAX_JSON:
        raise ValueError(f"This text has more than {MAX_JSON} characters")
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("This text is nested too deeply") from error


def readable(records):
    """Filter records by what the caller may be told: forms make some up, and say of them that they are others.

    :return: those of these records that are stored, as they are stored, and that the user may read
    """
    return records._origin._filtered_access("read")


def unreadable(records):
    """:return: those of these records that the user may not read"""
    return records - records._filtered_access("read")


def shorten(value):
    """:return: what somebody gave, as a message repeats it: text of a length that can be read"""
    text = str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def join_names(names):
    """:return: text, a list of names as a message repeats it: the first of them where they are many"""
    shown = [shorten(name) for name in names[:MAX_NAMES]]
    return ", ".join(shown if len(names) <= MAX_NAMES else [*shown, "…"])
