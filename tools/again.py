"""What a scheduled action does comes back soon when somebody else was at the same data."""

import functools
import logging

from psycopg2 import InterfaceError, OperationalError

from odoo.exceptions import ConcurrencyError

# no fault of what is being done: Odoo does it again
TEMPORARY = (OperationalError, InterfaceError, ConcurrencyError)

_logger = logging.getLogger(__name__)


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
            except TEMPORARY:
                self.env.cr.rollback()
                _logger.info("%s breaks off, and is done again", xml_id)
                # sudo: ir.cron - its records are the administrators'
                self.env.ref(xml_id).sudo()._trigger()
                self.env["ir.cron"]._commit_progress()
                raise

        return run

    return decorate
