from contextlib import suppress

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools import domain_text
from ...tools.remote_input import join_names

# Characters of all favourites that are read as a page opens: some 400 ordinary ones, in a tenth of a second.
MAX_LENGTH = 2 * domain_text.MAX_LENGTH


class IrFilters(models.Model):
    """Favourites that somebody may not use any more (P2), and those that nobody can read (P5): internal users may share
    any text with everybody.
    """

    _inherit = "ir.filters"

    @api.model
    def get_filters(self, model, *args, **kwargs):
        """List the favourites, without those that would be refused or cannot be read.

        A page that opens with one of those opens without it, and the user is told (P2, P3, P5).
        """
        favourites = super().get_filters(model, *args, **kwargs)
        if model not in self.env or not favourites:
            return favourites
        refused, unreadable = self._find_unusable(self.env[model], favourites)
        self._tell_refused(favourite for favourite in favourites if favourite["id"] in refused)
        self._tell_unreadable([favourite for favourite in favourites if favourite["id"] in unreadable])
        return [favourite for favourite in favourites if favourite["id"] not in {*refused, *unreadable}]

    @api.model
    def _find_unusable(self, model, favourites):
        """Read the favourites, the shortest first: who shares long ones does not crowd out the others.

        :param model: their model, an empty recordset
        :param list favourites: dictionaries, as ``get_filters`` returns them
        :return: (set of the ids of those that the user may not use, set of the ids of those that cannot be read)
        """
        refused, unreadable, length = set(), set(), 0
        texts = {
            favourite["id"]: [favourite[name] or "" for name in ("domain", "context", "sort")]
            for favourite in favourites
        }
        for favourite_id in sorted(texts, key=lambda favourite_id: sum(map(len, texts[favourite_id]))):
            length += sum(map(len, texts[favourite_id]))
            try:
                if length > MAX_LENGTH:
                    raise ValueError("Enough has been read")
                self._check_paths(model, domain_text.read_favourite_paths(*texts[favourite_id]))
            except AccessError:
                refused.add(favourite_id)
            except ValueError:
                unreadable.add(favourite_id)
        return refused, unreadable

    @api.model
    def _check_paths(self, model, paths):
        """:raises AccessError: when the user may not use one of these fields in criteria"""
        for path in paths:
            with suppress(ValueError):  # no path at all
                model._check_search_path(path)

    @api.model
    def _tell_refused(self, favourites):
        if names := join_names([favourite["name"] for favourite in favourites if favourite["is_default"]]):
            self._tell(
                self.env._(
                    "“%(favourites)s” was left out, as it uses stages: ask an administrator for the role of a "
                    "lifecycle manager, or choose another default favourite.",
                    favourites=names,
                )
            )

    @api.model
    def _tell_unreadable(self, favourites):
        """Tell whose they are, and whose page would have opened with one of them."""
        if not favourites:
            return
        ids = [favourite["id"] for favourite in favourites]
        own = self.search([("id", "in", ids), ("create_uid", "=", self.env.uid)])
        if names := join_names(
            [
                favourite["name"]
                for favourite in favourites
                if favourite["id"] in own.ids or favourite["is_default"]
            ]
        ):
            self._tell(
                self.env._(
                    "“%(favourites)s” was left out, as it is too long or cannot be read: save it anew, and ask an "
                    "administrator to delete this one.",
                    favourites=names,
                )
            )

    @api.model
    def _tell(self, message):
        """Pages are read from a replica, where there is one, which sends nothing: there the message comes afterwards."""

        def send(env):
            env.user._bus_send("simple_notification", {"type": "warning", "message": message, "sticky": True})

        def send_afterwards():
            with self.env.registry.cursor() as cr:
                send(self.env(cr=cr))

        if self.env.cr.readonly:
            self.env.cr.postcommit.add(send_afterwards)
        else:
            send(self.env)
