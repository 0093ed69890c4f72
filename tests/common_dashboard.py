from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from .common_inbox import InboxCase

FIGURES = ("contacts", "open", "snoozed", "unassigned")


class DashboardCase(InboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a manager who may read every live chat
        cls.manager.group_ids += cls.env.ref("im_livechat.im_livechat_group_user")
        cls.Dashboard = cls.env["lifecycle.dashboard"]

    def get_metrics(self, user=None):
        """:return: dict stage id -> what the card of the stage shows"""
        metrics = self.Dashboard.with_user(user or self.manager).get_metrics()
        return {stage["id"]: stage for stage in metrics["stages"]}

    def get_figures(self, stage, user=None):
        """:return: the numbers on the card of ``stage``: contacts, open, snoozed, unassigned"""
        card = self.get_metrics(user)[stage.id]
        return tuple(card[figure] for figure in FIGURES)

    def search_list(self, stage, figure, user=None):
        """:return: the records in the list that a click on a number opens"""
        user = user or self.manager
        action = self.Dashboard.with_user(user).action_open(stage.id, figure)
        return self.env[action["res_model"]].with_user(user).search(Domain(action["domain"]))

    def make_stale(self, contacts, days):
        self.env.flush_all()
        self.cr.execute(
            "UPDATE res_partner SET date_last_stage_update = %s WHERE id IN %s",
            [fields.Datetime.now() - timedelta(days=days), tuple(contacts.ids)],
        )
        self.env.invalidate_all()
