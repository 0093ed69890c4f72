"""What remote callers give, which may be anything."""

from datetime import datetime, timezone

from odoo import fields

MAX_ID = 2**31 - 1  # PostgreSQL's


def browse_given(model, value):
    """Look up a record by what a remote caller says is its id.

    :param model: an empty recordset
    :return: the record with that id, or ``model`` where there is none
    """
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID
    return model.browse(value).exists() if is_id else model.browse()


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
