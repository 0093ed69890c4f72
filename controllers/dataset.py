import re

from odoo.http import request, route

from odoo.addons.web.controllers import dataset

from ..tools.remote_input import browse_untrusted_id

# The notifications that the browser was told last, see static/src/live/told_service.js
COOKIE = "lifecycle_told"
TOLD = re.compile(r"[1-9]\d{0,17}(-[1-9]\d{0,17}){0,9}", re.ASCII)


class DataSet(dataset.DataSet):
    """Reads of the web client: a replica answers none that lacks what the page has been told of (M9).

    A notification is a row, committed along with the change that it tells of. Where the replica has the row it has the
    change; where it has not, it is behind, and the primary answers.
    """

    def _call_kw_readonly(self, rule, args):
        readonly = super()._call_kw_readonly(rule, args)
        request.lifecycle_is_behind = bool(
            readonly and request.env.cr.readonly and self._lacks_what_was_told()
        )
        return readonly and not request.lifecycle_is_behind

    @route(readonly=_call_kw_readonly)
    def call_kw(self, model, method, args, kwargs, path=None):
        self._forget_what_is_outdated()
        return super().call_kw(model, method, args, kwargs, path)

    def _call_button_readonly(self, rule, args):
        return self._call_kw_readonly(rule, args) and not (
            request.env.cr.readonly and self._lacks_what_was_saved()
        )

    @route(readonly=_call_button_readonly)
    def call_button(self, model, method, args, kwargs, path=None):
        self._forget_what_is_outdated()
        return super().call_button(model, method, args, kwargs, path)

    def _lacks_what_was_told(self):
        """:return: whether a notification that the browser had is not yet in the database that answers"""
        cookie = request.cookies.get(COOKIE, "")
        if not TOLD.fullmatch(cookie):
            return False
        told = set(map(int, cookie.split("-")))
        # sudo: bus.bus - whether rows are there, nothing of what is in them
        notifications = request.env["bus.bus"].sudo()
        told.difference_update(notifications.search([("id", "in", list(told))]).ids)
        # what is older than all there are has been cleaned up
        return bool(told) and max(told) > notifications.search([], order="id", limit=1).id

    def _lacks_what_was_saved(self):
        """:return: whether the one record is not there that a button acts on: its form is saved before it does"""
        params = request.get_json_data()["params"]
        model, args = request.env[params["model"]], params.get("args")
        ids = args[0] if args and isinstance(args, list) else None
        is_one = isinstance(ids, list) and len(ids) == 1
        # reports have no table, and nobody makes their records
        return model._auto and is_one and not browse_untrusted_id(model, ids[0])

    def _forget_what_is_outdated(self):
        """Drop what this process remembers of settings and groups where another has changed it: Odoo has asked the replica,
        which does not know of it yet.
        """
        registry, cr = request.env.registry, request.env.cr
        is_behind = getattr(request, "lifecycle_is_behind", False)
        if is_behind and registry.get_sequences(cr)[0] == registry.registry_sequence:
            registry.check_signaling(cr)
