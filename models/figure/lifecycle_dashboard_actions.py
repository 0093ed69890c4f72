from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.remote_input import browse_untrusted_id, shorten
from .lifecycle_dashboard_funnel import OUTCOMES


class LifecycleDashboard(models.AbstractModel):
    """The records behind the numbers of the funnel: the same domains as count them (M3, M4)."""

    _inherit = "lifecycle.dashboard"

    @api.model
    @api.readonly
    def action_open_stays(self, stage_id, outcome, date_from, date_to, split=None, value=None):
        """Open the stays behind a number of ``get_funnel`` (M3).

        :param int stage_id: id of the stage
        :param str outcome: ``entered``, ``passed`` or one of the outcomes: the number's key
        :param date_from: as for ``get_funnel``
        :param date_to: as for ``get_funnel``
        :param split: as for ``get_funnel_split``, to open those of one of its rows
        :param value: with ``split``, the ``value`` of the row
        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager (P1)
        :raises UserError: when there is no such stage, number, split or value, or as for ``get_funnel``
        """
        self.env["lifecycle.stage"]._check_manager()
        period = self._funnel_period(date_from, date_to)
        stage = self._funnel_stage(stage_id)
        domain, value_name = self._split_domain(period, stage, split, value)
        domain &= self._counted_stays_domain() & Domain("stage_id", "=", stage.id)
        labels = dict(self.env["lifecycle.funnel.report"]._fields["outcome"]._description_selection(self.env))
        if outcome == "entered":
            label = self.env._("Entered")
        elif outcome == "passed":
            label = self.env._("Passed Through")
            domain &= Domain("is_passed", "=", True)
        elif outcome in OUTCOMES:
            label = labels[outcome]
            domain &= Domain("outcome", "=", outcome)
        else:
            raise UserError(
                self.env._(
                    "“%(outcome)s” is no number of the funnel: choose one of %(outcomes)s.",
                    outcome=shorten(outcome),
                    outcomes=", ".join(("entered", "passed", *OUTCOMES)),
                )
            )
        return self._stays_action(
            f"{stage.display_name}{value_name}: {label}", domain, self._period_context(*period)
        )

    @api.model
    @api.readonly
    def action_open_lost_moves(self, from_id, to_id, date_from, date_to):
        """Open the moves that a number of the drop-off counts (M4).

        :param from_id: id of the lifecycle stage, or False for the total
        :param to_id: id of the lost stage, or False for the total
        :param date_from: as for ``get_funnel``
        :param date_to: as for ``get_funnel``
        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager (P1)
        :raises UserError: when there is no such stage, or as for ``get_funnel``
        """
        self.env["lifecycle.stage"]._check_manager()
        period = self._funnel_period(date_from, date_to)
        from_stages, to_stages = self._funnel_sides()
        name = self.env._("Lost")
        if from_id or to_id:
            from_stages, to_stages = self._funnel_stage(from_id), self._funnel_stage(to_id)
            name = f"{from_stages.display_name} → {to_stages.display_name}"
        domain = self._lost_moves_domain(from_stages, to_stages) & Domain("source", "!=", "merge")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "lifecycle.transition",
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(domain & self._counted_domain()),
            "context": self._period_context(*period),
            "help": self._empty_help(),
        }

    @api.model
    @api.readonly
    def action_reengage(self, from_id, to_id, date_from, date_to):
        """Open the contacts that went from a lifecycle stage to a lost one in a period and are there still (M4).

        :param int from_id: id of the lifecycle stage
        :param int to_id: id of the lost stage
        :param date_from: as for ``get_funnel``
        :param date_to: as for ``get_funnel``
        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager (P1)
        :raises UserError: when there is no such stage, or as for ``get_funnel``
        """
        self.env["lifecycle.stage"]._check_manager()
        moves = self._drop_off_domain(*self._funnel_period(date_from, date_to))
        from_stage, to_stage = self._funnel_stage(from_id), self._funnel_stage(to_id)
        moves &= Domain("from_stage_id", "=", from_stage.id) & Domain("to_stage_id", "=", to_stage.id)
        domain = (
            Domain("lifecycle_stage_id", "=", to_stage.id)
            & self.env["res.partner"]._lifecycle_counted_domain()
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Re-engage: %(from_stage)s to %(to_stage)s",
                from_stage=from_stage.display_name,
                to_stage=to_stage.display_name,
            ),
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": list(domain & Domain("lifecycle_transition_ids", "any", moves)),
            "context": {},
            "help": self._empty_help(),
        }

    @api.model
    def _stays_action(self, name, domain, context=None):
        """:return: an ``ir.actions.act_window`` dictionary that opens stays"""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "lifecycle.funnel.report",
            "view_mode": "list,pivot,graph",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(domain),
            "context": context or {},
            "help": self._empty_help(),
        }

    @api.model
    def _period_context(self, start, end):
        """:return: dict, the context in which a report shows a period as a facet, which one may remove (M7)"""
        return {
            "lifecycle_period_start": fields.Datetime.to_string(start),
            "lifecycle_period_end": fields.Datetime.to_string(end),
            "search_default_period": 1,
        }

    @api.model
    def _empty_help(self):
        """:return: ``Markup``, what a list says that a number without contacts opens"""
        return Markup('<p class="o_view_nocontent_empty_folder">%s</p><p>%s</p>') % (
            self.env._("No contact here"),
            self.env._(
                "The number counted nobody, or they have moved on since. Go back to the dashboard, or choose "
                "another period there."
            ),
        )

    @api.model
    def _funnel_stage(self, stage_id):
        """:raises UserError: when there is no such stage"""
        stage = browse_untrusted_id(self.env["lifecycle.stage"], stage_id)
        if not stage:
            raise UserError(self.env._("This stage has been deleted: reload the page."))
        return stage
