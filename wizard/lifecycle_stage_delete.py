from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.remote_input import readable


class LifecycleStageDelete(models.TransientModel):
    """Asks, before a stage is deleted, where the contacts in it go (S11)."""

    _name = "lifecycle.stage.delete"
    _description = "Delete Lifecycle Stage"

    stage_id = fields.Many2one("lifecycle.stage", required=True, readonly=True, ondelete="cascade")
    contact_count = fields.Integer(compute="_compute_contact_count")
    uncounted = fields.Integer(compute="_compute_contact_count")
    uncounted_text = fields.Char(string="Also There", compute="_compute_contact_count")
    is_empty = fields.Boolean(compute="_compute_is_empty")
    next_default_id = fields.Many2one("lifecycle.stage", compute="_compute_next_default_id")
    mentions = fields.Html(string="Named By", compute="_compute_mentions", sanitize=False)
    reassign = fields.Boolean(string="Move them to another stage")
    target_stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Move to",
        domain="[('id', '!=', stage_id), ('deletion_pending', '=', False)]",
        ondelete="cascade",
    )

    @api.depends("stage_id")
    def _compute_contact_count(self):
        """As the list counts them (M7); every contact in the stage moves, so the others are said as well."""
        for wizard in self:
            stage = readable(wizard.stage_id)
            wizard.contact_count = stage.contact_count
            wizard.uncounted, wizard.uncounted_text = self.env["res.partner"]._lifecycle_describe_uncounted(
                [("lifecycle_stage_id", "in", stage.ids)]
            )

    @api.depends("stage_id")
    def _compute_is_empty(self):
        """Whether nothing moves: neither contacts nor conversations whose visitor nobody knows (A7)."""
        for wizard in self:
            wizard.is_empty = readable(wizard.stage_id)._is_empty()

    @api.depends("stage_id")
    def _compute_next_default_id(self):
        for wizard in self:
            default = wizard.stage_id.is_default and wizard.stage_id._remaining_lifecycle_stages()[:1]
            wizard.next_default_id = default

    @api.depends("stage_id")
    def _compute_mentions(self):
        """What names the stage: its rules, automations and favourites, and mailings that have not been sent."""
        for wizard in self:
            lines = Markup("").join(
                Markup("<li>%s</li>") % sentence
                for sentence in readable(wizard.stage_id)._describe_mentions()
            )
            wizard.mentions = lines and Markup("<ul>%s</ul>") % lines

    @api.readonly
    def action_open_uncounted(self):
        """Open the contacts in the stage that the list does not count.

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager
        """
        self.ensure_one()
        self.env["lifecycle.stage"]._check_manager()
        return self.env["res.partner"]._lifecycle_uncounted_action(
            [("lifecycle_stage_id", "in", readable(self.stage_id).ids)]
        )

    def action_confirm(self):
        """Delete the stage; its contacts move to the target, or end with no stage, each logged (S11).

        Large numbers of contacts move in the background.

        :raises UserError: when the target is missing or being deleted, or the last lifecycle stage would go (S12)
        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.client`` dictionary, a notice that closes the dialog and leads to the page of stages
        """
        self.ensure_one()
        count = self.contact_count + self.uncounted
        if self.reassign and not self.target_stage_id and not self.is_empty:
            raise UserError(self.env._("Choose the stage to move the contacts to, or untick the box."))
        stage, target = self.stage_id, self.target_stage_id if self.reassign else self.env["lifecycle.stage"]
        name, is_lost = stage.display_name, stage.is_lost
        stage._move_contacts_and_delete(target)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._tell_deleted(name, count, target, in_background=bool(stage.exists())),
                "next": target._get_page_action(is_lost),
            },
        }

    @api.model
    def _tell_deleted(self, stage, count, target, in_background):
        """:return: a sentence: what has become of a stage and of the contacts that were in it"""
        values = {"stage": stage, "count": count, "target": target.display_name}
        if in_background and target:
            return self.env._(
                "%(stage)s is being deleted: its contacts are moving to %(target)s in the background.",
                **values,
            )
        if in_background:
            return self.env._(
                "%(stage)s is being deleted: its contacts are taken out of it in the background.", **values
            )
        if not count:
            return self.env._("%(stage)s is deleted.", **values)
        if target and count == 1:
            return self.env._("%(stage)s is deleted, one contact is in %(target)s now.", **values)
        if target:
            return self.env._("%(stage)s is deleted, %(count)s contacts are in %(target)s now.", **values)
        if count == 1:
            return self.env._("%(stage)s is deleted, one contact has no stage now.", **values)
        return self.env._("%(stage)s is deleted, %(count)s contacts have no stage now.", **values)
