from odoo.tests import tagged

from .common import NeighboursCase


@tagged("post_install", "-at_install")
class TestMailing(NeighboursCase):
    """Mailings that have not been sent hear of the end of a stage that their recipients are chosen by (S11)."""

    def test_dialog_says_which_mailings_name_the_stage(self):
        vals = {
            "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
            "mailing_domain": repr([("lifecycle_stage_id", "=", self.hot_lead.id)]),
        }
        self.env["mailing.filter"].create({"name": "Hot ones", **vals})
        mailings = self.env["mailing.mailing"].create(
            [{"subject": subject, **vals} for subject in ("Draft", "Queued", "Sent")]
        )
        mailings[1].state = "in_queue"
        mailings[2].state = "done"
        self.admin.group_ids += self.env.ref("mass_mailing.group_mass_mailing_user")
        Wizard = self.env["lifecycle.stage.delete"]
        for user, mentions in (
            (self.admin, "Mailings: Draft, Queued, Hot ones"),
            (self.sales_owner, "Mailings: 3 that you do not see"),
        ):
            wizard = Wizard.with_user(user).create({"stage_id": self.hot_lead.id})
            self.assertIn(f"<li>{mentions}</li>", wizard.mentions)
        self.assertNotIn("Mailings", Wizard.create({"stage_id": self.payment.id}).mentions or "")
