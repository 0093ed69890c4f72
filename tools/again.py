"""What a scheduled action does comes back soon when somebody else was at the same data."""

import functools
import logging

from psycopg2 import InterfaceError, OperationalError, errors

from odoo.exceptions import ConcurrencyError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

# No fault of what is being done: it may work in a moment. psycopg2 calls much else operational, such as what is beyond the
# limits of PostgreSQL, or takes longer than a statement may: that fails each time.
TEMPORARY = (
    *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY,
    ConcurrencyError,
    InterfaceError,
    errors.AdminShutdown,
    errors.CannotConnectNow,
    errors.ConnectionDoesNotExist,
    errors.ConnectionException,
    errors.ConnectionFailure,
    errors.CrashShutdown,
    errors.DiskFull,
    errors.OutOfMemory,
    errors.TooManyConnections,
)

_logger = logging.getLogger(__name__)


def is_temporary(error):
    """:return: whether what has failed so is to be done again; of a server that is gone the error has no kind"""
    return isinstance(error, TEMPORARY) or type(error) is OperationalError


def coming_back(xml_id):
    """Let a scheduled action run again soon when it breaks off by an error of concurrency.

    Odoo takes the trigger of a scheduled action away as it starts; one that breaks off before it has done anything
    would wait for its interval, which is a day.

    :param str xml_id: of the ``ir.cron``
    :return: decorator of the method that it calls
    """

    def decorate(method):
        @functools.wraps(method)
        def run(self):
            try:
                return method(self)
            except Exception as error:
                if not is_temporary(error):
                    raise
                self.env.cr.rollback()
                _logger.info("%s breaks off, and is done again", xml_id)
                # sudo: ir.cron - its records are the administrators'
                self.env.ref(xml_id).sudo()._trigger()
                self.env["ir.cron"]._commit_progress()
                raise

        return run

    return decorate
