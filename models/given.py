"""What remote callers give, which may be anything."""

MAX_ID = 2**31 - 1  # PostgreSQL's


def browse_given(model, value):
    """Look up a record by what a remote caller says is its id.

    :param model: an empty recordset
    :return: the record with that id, or ``model`` where there is none
    """
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MAX_ID
    return model.browse(value).exists() if is_id else model.browse()
