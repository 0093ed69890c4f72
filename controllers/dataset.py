import re

from odoo.http import request, route

from odoo.addons.web.controllers import dataset

from ..tools.remote_input import MAX_ID

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
        """:return: whether a record is not in the database that answers: forms are saved before their buttons do something"""
        params = request.get_json_data()["params"]
        ids = next(iter(params.get("args") or []), None)
        if not isinstance(ids, list) or not all(type(id_) is int and 0 < id_ <= MAX_ID for id_ in ids):
            return False
        records = request.env[params["model"]].browse(ids)
        return records.exists() != records

    def _forget_what_is_outdated(self):
        """Drop what this process remembers of settings and groups where another has changed it: Odoo has asked the replica,
        which does not know of it yet.
        """
        registry, cr = request.env.registry, request.env.cr
        if request.lifecycle_is_behind and registry.get_sequences(cr)[0] == registry.registry_sequence:
            registry.check_signaling(cr)
