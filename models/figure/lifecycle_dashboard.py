from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.remote_input import shorten

FIGURES = ("contacts", "open", "snoozed", "unassigned", "stuck")
LEFT_OUT = ("contacts_without", "contacts_lost", "conversations_without", "conversations_lost")


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
            "snoozed": int, "unassigned": int}, ...], "left_out": {...}}``, the stages in order, none while stages are
            not shown (S2), and numbers of what they leave out (M7), see ``action_open_left_out``
        :raises AccessError: when the user is no manager
        """
        self.env["lifecycle.stage"]._check_manager()
        stages = self._stages()
        contacts, conversations, figures = Counter(), Counter(), Counter()
        left_out = dict.fromkeys(LEFT_OUT, 0)
        if stages:
            contacts.update(
                dict(
                    self.env["res.partner"]._read_group(
                        self.env["res.partner"]._lifecycle_counted_domain(),
                        ["lifecycle_stage_id"],
                        ["__count"],
                    )
                )
            )
            for stage, status, is_unassigned, count in self.env["discuss.channel"]._read_group(
                self._any_conversation_domain(),
                ["lifecycle_stage_id", "lifecycle_status", "lifecycle_is_unassigned"],
                ["__count"],
            ):
                conversations[stage] += count
                figures[stage, status] += count
                figures[stage, "unassigned"] += count if is_unassigned else 0
            left_out = self._count_left_out(contacts, conversations)
        return {
            "stages": [
                {
                    "id": stage.id,
                    "name": stage.name,
                    "emoji": stage.emoji,
                    "contacts": contacts[stage],
                    **{name: figures[stage, name] for name in ("open", "snoozed", "unassigned")},
                }
                for stage in stages
            ],
            "left_out": left_out,
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
        labels = {
            "contacts": self.env._("Contacts"),
            "open": self.env._("Open conversations"),
            "snoozed": self.env._("Snoozed conversations"),
            "unassigned": self.env._("Unassigned conversations"),
            "stuck": self.env._("Stuck contacts"),
        }
        return self._list_action(
            figure in ("contacts", "stuck"),
            f"{stage.display_name}: {labels[figure]}",
            self._figure_domain(figure, stage),
        )

    @api.model
    def _list_action(self, about_contacts, name, domain):
        """:return: an ``ir.actions.act_window`` dictionary: a list of contacts, or else of conversations"""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.res_partner_action_lifecycle"
            if about_contacts
            else "contact_lifecycle.discuss_channel_action_lifecycle"
        )
        # a favourite that the user has as default would take records out of the list
        context = {"search_disable_custom_filters": True}
        if not about_contacts:
            context["im_livechat_hide_partner_company"] = True
        return {
            **action,
            "display_name": name,
            "domain": list(domain),
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
        return self._any_conversation_domain() & Domain("lifecycle_stage_id", "in", stages.ids)

    @api.model
    def _any_conversation_domain(self):
        return Domain("lifecycle_is_conversation", "=", True) & Domain(
            "lifecycle_status", "in", ["open", "snoozed"]
        )
