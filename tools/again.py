"""What a scheduled action does comes back soon when somebody else was at the same data."""

import logging
from contextlib import contextmanager

from psycopg2 import InterfaceError, OperationalError

from odoo.exceptions import ConcurrencyError

# no fault of what is being done: Odoo does it again
TEMPORARY = (OperationalError, InterfaceError, ConcurrencyError)

_logger = logging.getLogger(__name__)


@contextmanager
def coming_back(env, xml_id):
    """Run a scheduled action again when it breaks off by an error of concurrency.

    Odoo takes the trigger of a scheduled action away as it starts; one that breaks off before it has done anything
    would wait for its interval, which is a day.

    :param str xml_id: of the ``ir.cron``
    :return: context manager of all that it does
    """
    try:
        yield
    except TEMPORARY:
        env.cr.rollback()
        _logger.info("%s breaks off, and is done again", xml_id)
        # sudo: ir.cron - its records are the administrators'
        env.ref(xml_id).sudo()._trigger()
        env.cr.commit()
        raise
