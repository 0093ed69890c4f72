from odoo.tests import HttpCase


class PatientCase(HttpCase):
    """Waits for what it needs, however busy the machine is: its limits are for what never comes.

    The steps of the tours wait likewise (``static/tests/tours/support/patience.js``).
    """

    # Odoo's 20 seconds: then a request is given up, and a websocket closed, with what it was to tell
    test_cursor_lock_timeout = 120

    def browser_js(self, *args, timeout=60, **kwargs):
        return super().browser_js(*args, timeout=max(timeout, 300), **kwargs)

    def url_open(self, *args, timeout=12, **kwargs):
        return super().url_open(*args, timeout=max(timeout, 120), **kwargs)
