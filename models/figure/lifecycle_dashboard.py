from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.remote_input import shorten

FIGURES = ("contacts", "open", "snoozed", "unassigned", "stuck")


class LifecycleDashboard(models.AbstractModel):
    """The figures of the dashboard: read from the contacts, the conversations and the log, never written.

    What is counted follows the record rules of whoever asks. A figure and
    the list behind it are searched for by the same domain, so that they cannot differ.
    """

    _name = "lifecycle.dashboard"
    _description = "Lifecycle Dashboard"

    @api.model
    @api.readonly
    def get_metrics(self):
        """Count contacts and conversations by lifecycle stage (M1).

        Contacts are those in scope (A2). ``open`` and ``snoozed`` are conversations with that status,
        ``unassigned`` are those of both kinds that no human agent is in; each counts in the stage that the
        inbox shows it in.

        :return: ``{"stages": [{"id": int, "name": str, "emoji": str or False, "contacts": int, "open": int,
            "snoozed": int, "unassigned": int}, ...]}``, in stage order; none while stages are not shown (S2)
        :raises AccessError: when the user is no manager
        """
        self.env["lifecycle.stage"]._check_manager()
        stages = self._stages()
        contacts = dict(
            self.env["res.partner"]._read_group(
                self._figure_domain("contacts", stages), ["lifecycle_stage_id"], ["__count"]
            )
        )
        conversations = dict.fromkeys(((stage, figure) for stage in stages for figure in FIGURES), 0)
        for stage, status, is_unassigned, count in self.env["discuss.channel"]._read_group(
            self._conversation_domain(stages),
            ["lifecycle_stage_id", "lifecycle_status", "lifecycle_is_unassigned"],
            ["__count"],
        ):
            conversations[stage, status] += count
            conversations[stage, "unassigned"] += count if is_unassigned else 0
        return {
            "stages": [
                {
                    "id": stage.id,
                    "name": stage.name,
                    "emoji": stage.emoji,
                    "contacts": contacts.get(stage, 0),
                    **{name: conversations[stage, name] for name in ("open", "snoozed", "unassigned")},
                }
                for stage in stages
            ]
        }

    @api.model
    @api.readonly
    def get_stuck(self):
        """Count the contacts that are marked as stale, by lifecycle stage (M5).

        :return: ``[{"id": int, "name": str, "emoji": str or False, "count": int, "days": int}, ...]``: in
            stage order, the stages that have a number of days, with it; none while stages are not shown (S2)
        :raises AccessError: when the user is no manager
        """
        self.env["lifecycle.stage"]._check_manager()
        stages = self._stages().filtered("rotting_threshold_days")
        counts = dict(
            self.env["res.partner"]._read_group(
                self._figure_domain("stuck", stages), ["lifecycle_stage_id"], ["__count"]
            )
        )
        return [
            {
                "id": stage.id,
                "name": stage.name,
                "emoji": stage.emoji,
                "count": counts.get(stage, 0),
                "days": stage.rotting_threshold_days,
            }
            for stage in stages
        ]

    @api.model
    @api.readonly
    def action_open(self, stage_id, figure):
        """Open the contacts or conversations that a figure counts (M1, M5).

        :param int stage_id: id of a lifecycle stage
        :param str figure: ``contacts``, ``open``, ``snoozed``, ``unassigned`` or ``stuck``
        :return: an ``ir.actions.act_window`` dictionary
        :raises UserError: when there is no such stage or figure
        :raises AccessError: when the user is no manager
        """
        self.env["lifecycle.stage"]._check_manager()
        if figure not in FIGURES:
            raise UserError(
                self.env._(
                    "There is no figure “%(figure)s”: choose one of %(figures)s.",
                    figure=shorten(figure),
                    figures=", ".join(FIGURES),
                )
            )
        stage = self._stages().filtered(lambda stage: stage.id == stage_id)
        if not stage:
            raise UserError(
                self.env._("This lifecycle stage is not shown any more: reload the page and try again.")
            )
        about_contacts = figure in ("contacts", "stuck")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.res_partner_action_lifecycle"
            if about_contacts
            else "contact_lifecycle.discuss_channel_action_lifecycle"
        )
        labels = {
            "contacts": self.env._("Contacts"),
            "open": self.env._("Open conversations"),
            "snoozed": self.env._("Snoozed conversations"),
            "unassigned": self.env._("Unassigned conversations"),
            "stuck": self.env._("Stuck contacts"),
        }
        # a favourite that the user has as default would take records out of the list
        context = {"search_disable_custom_filters": True}
        if not about_contacts:
            context["im_livechat_hide_partner_company"] = True
        return {
            **action,
            "display_name": f"{stage.display_name}: {labels[figure]}",
            "domain": list(self._figure_domain(figure, stage)),
            "context": context,
            "views": sorted(action["views"], key=lambda view: view[1] != "list"),
        }

    @api.model
    def _stages(self):
        """:return: the lifecycle stages that are counted, in order; none while stages are not shown (S2)"""
        Stage = self.env["lifecycle.stage"]
        if not self.env["lifecycle.stage"]._are_shown():
            return Stage
        return Stage.search_fetch(
            [("is_lost", "=", False), ("deletion_pending", "=", False)],
            ["name", "emoji", "rotting_threshold_days"],
        )

    @api.model
    def _figure_domain(self, figure, stages):
        """:return: ``Domain`` of what ``figure``, one of ``FIGURES``, counts in ``stages``"""
        if figure in ("contacts", "stuck"):
            domain = self.env["res.partner"]._lifecycle_counted_domain()
            return domain & (
                self.env["res.partner"]._lifecycle_stale_domain(stages)
                if figure == "stuck"
                else Domain("lifecycle_stage_id", "in", stages.ids)
            )
        domain = self._conversation_domain(stages)
        if figure == "unassigned":
            return domain & Domain("lifecycle_is_unassigned", "=", True)
        return domain & Domain("lifecycle_status", "=", figure)

    @api.model
    def _conversation_domain(self, stages):
        return Domain(
            [
                ("lifecycle_is_conversation", "=", True),
                ("lifecycle_status", "in", ["open", "snoozed"]),
                ("lifecycle_stage_id", "in", stages.ids),
            ]
        )
