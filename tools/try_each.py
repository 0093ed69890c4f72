"""Work on many records, of which one that fails keeps no other from being done."""

from .again import is_temporary


def try_each(records, act, remember=None):
    """Call ``act(records)``; where that fails, for each of them alone, keeping what worked.

    What fails is undone. Errors of concurrency go on, for Odoo to run the transaction again.

    :param records: any records, none as well
    :param act: function of some of them
    :param remember: function called before each try, which returns one that takes back what was done outside the database
    :return: list of (record, exception)
    """
    if not records:
        return []
    restore = remember and remember()
    records.env.cr.flush()  # what fails here is no fault of theirs
    try:
        with records.env.cr.savepoint():
            act(records)
    except Exception as error:  # whatever any addon can raise
        if is_temporary(error):
            raise
        if restore:
            restore()
        if len(records) == 1:
            return [(records, error)]
        return [failure for record in records for failure in try_each(record, act, remember)]
    return []
