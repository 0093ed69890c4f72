import contextlib

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

MAX_INBOXES = 200


class DiscussChannel(models.Model):
    """The inboxes of conversations, and how many are in each (I1, I10)."""

    _inherit = "discuss.channel"

    @api.model
    def search_panel_select_range(self, field_name, **kwargs):
        """List the inboxes, each with the number of conversations that choosing it shows (I1).

        Those of ``lifecycle_assignment`` (all, mine, unassigned), and those of ``lifecycle_stage_id``: the
        lifecycle stages in their order, with "none" before them and "lost" after them, which has each lost stage in it.
        Other fields are Odoo's.
        """
        if field_name not in ("lifecycle_assignment", "lifecycle_stage_id"):
            return super().search_panel_select_range(field_name, **kwargs)
        domain = Domain.AND(kwargs.get(f"{name}_domain", []) for name in ("search", "category", "filter"))
        if field_name == "lifecycle_assignment":
            everything, inboxes = self._lifecycle_assignment_inboxes(domain)
        else:
            everything, inboxes = self._lifecycle_stage_inboxes(domain)
        # The web client lists everything first, without being told. Told again, it takes the name and the number
        # from here; with a parent, one that does not exist, it does not list it twice.
        everything = {"id": False, "bold": True, "parent": -1, **everything}
        return {
            "parent_field": "parent",
            "values": [everything, *({"parent": False, **inbox} for inbox in inboxes)],
        }

    @api.model
    def _lifecycle_assignment_inboxes(self, domain):
        labels = dict(self._fields["lifecycle_assignment"]._description_selection(self.env))
        counts = dict(self._read_group(domain, ["lifecycle_is_unassigned"], ["__count"]))
        mine = self.search_count(domain & Domain("lifecycle_assignment", "=", "mine"))
        return {"display_name": self.env._("All"), "__count": sum(counts.values())}, [
            {"id": "mine", "display_name": labels["mine"], "__count": mine},
            {"id": "unassigned", "display_name": labels["unassigned"], "__count": counts.get(True, 0)},
        ]

    @api.model
    def _lifecycle_stage_inboxes(self, domain):
        stages = self.env["lifecycle.stage"].search([("deletion_pending", "=", False)])
        counts = dict(self._read_group(domain, ["lifecycle_stage_id"], ["__count"]))

        def inbox(stage, **vals):
            return {
                "id": stage.id,
                "display_name": stage.display_name,
                "__count": counts.get(stage, 0),
                **vals,
            }

        lost_stages = stages.filtered("is_lost")
        inboxes = [
            {"id": "none", "display_name": self.env._("No stage"), "__count": counts.get(stages.browse(), 0)},
            *(inbox(stage) for stage in stages - lost_stages),
        ]
        if lost_stages:
            in_lost = [inbox(stage, parent="lost") for stage in lost_stages]
            count = sum(lost["__count"] for lost in in_lost)
            inboxes += [{"id": "lost", "display_name": self.env._("Lost"), "__count": count}, *in_lost]
        return {"display_name": self.env._("Any stage")}, inboxes

    @api.model
    @api.readonly
    def lifecycle_count_inboxes(self, inboxes):
        """Count the conversations of several inboxes by one statement: tabs, and those that users have saved (I10).

        :param dict inboxes: domains by any key
        :return: dict key -> how many conversations the user finds by that domain, None where it is none that they may use
        :raises UserError: when there are too many inboxes, or it is no dictionary
        :raises AccessError: when the user is no agent
        """
        self._lifecycle_check_agent()
        if not isinstance(inboxes, dict) or len(inboxes) > MAX_INBOXES:
            raise UserError(
                self.env._("Count %(number)s inboxes at most, each a domain by its key.", number=MAX_INBOXES)
            )
        queries = {}
        for key, domain in inboxes.items():
            # a saved search may name fields that are gone, or that its reader may not filter by
            with contextlib.suppress(AccessError, UserError, TypeError, ValueError):
                queries[key] = self._search(Domain(domain))
        counts = {}
        if queries:
            columns = SQL(", ").join(
                SQL("(%s)", query.select(SQL("COUNT(*)"))) if not query.is_empty() else SQL("0")
                for query in queries.values()
            )
            counts = dict(zip(queries, self.env.execute_query(SQL("SELECT %s", columns))[0], strict=True))
        return {key: counts.get(key) for key in inboxes}
