from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.remote_input import shorten
from .lifecycle_dashboard import LEFT_OUT


class LifecycleDashboard(models.AbstractModel):
    """What the cards of the lifecycle stages leave out: what has no stage, and what is in a lost one (M7)."""

    _inherit = "lifecycle.dashboard"

    @api.model
    @api.readonly
    def action_open_left_out(self, part):
        """Open the contacts or conversations that the cards leave out (M7).

        :param str part: ``contacts_without`` or ``conversations_without`` a stage, ``contacts_lost`` or
            ``conversations_lost``: in a lost one
        :return: an ``ir.actions.act_window`` dictionary
        :raises UserError: when there is no such part
        :raises AccessError: when the user is no manager
        """
        self.env["lifecycle.stage"]._check_manager()
        labels = {
            "contacts_without": self.env._("Contacts without a stage"),
            "contacts_lost": self.env._("Lost contacts"),
            "conversations_without": self.env._("Conversations without a stage"),
            "conversations_lost": self.env._("Lost conversations"),
        }
        if part not in LEFT_OUT:
            raise UserError(
                self.env._(
                    "There is no figure “%(figure)s”: choose one of %(figures)s.",
                    figure=shorten(part),
                    figures=", ".join(LEFT_OUT),
                )
            )
        about, why = part.split("_")
        is_about_contacts = about == "contacts"
        domain = (
            self.env["res.partner"]._lifecycle_counted_domain()
            if is_about_contacts
            else self._any_conversation_domain()
        ) & (
            Domain("lifecycle_stage_id.is_lost", "=", True)
            if why == "lost"
            else Domain("lifecycle_stage_id", "=", False)
        )
        return self._list_action(is_about_contacts, labels[part], domain)

    @api.model
    def _count_left_out(self, contacts, conversations):
        """:param contacts: ``Counter`` of all contacts that count, by stage
        :param conversations: the same of all conversations that are not closed
        :return: dict part -> number
        """
        left_out = {}
        for about, counts in (("contacts", contacts), ("conversations", conversations)):
            left_out[f"{about}_without"] = counts[self.env["lifecycle.stage"]]
            left_out[f"{about}_lost"] = sum(count for stage, count in counts.items() if stage.is_lost)
        return left_out
