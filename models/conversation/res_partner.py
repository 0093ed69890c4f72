from odoo import api, fields, models


class ResPartner(models.Model):
    """The way from a contact to its conversations (I6)."""

    _inherit = "res.partner"

    lifecycle_conversation_count = fields.Integer(
        string="Conversations",
        compute="_compute_lifecycle_conversation_count",
        groups="contact_lifecycle.group_agent",
    )
    lifecycle_in_conversation = fields.Boolean(
        string="In an Open Conversation",
        compute="_compute_lifecycle_in_conversation",
        groups="contact_lifecycle.group_agent",
        help="Whether a conversation with this contact that you may read is open.",
    )

    def _compute_lifecycle_conversation_count(self):
        """Those the user may read; zero, which hides the button, while stages are not shown at all (S2)."""
        counts = {}
        if self.env["lifecycle.stage"]._are_shown():
            domain = [("lifecycle_partner_id", "in", self.ids)]
            counts = dict(
                self.env["discuss.channel"]._read_group(domain, ["lifecycle_partner_id"], ["__count"])
            )
        for partner in self:
            partner.lifecycle_conversation_count = counts.get(partner._origin, 0)

    def _compute_lifecycle_in_conversation(self):
        Channel = self.env["discuss.channel"]
        domain = [("lifecycle_partner_id", "in", self.ids), *Channel._lifecycle_open_domain()]
        talking = {partner.id for (partner,) in Channel._read_group(domain, ["lifecycle_partner_id"])}
        for partner in self:
            partner.lifecycle_in_conversation = partner._origin.id in talking

    @api.readonly
    def action_lifecycle_conversations(self):
        """Open the conversations with this contact, open, snoozed and closed ones (I6).

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no agent, or may not read the contact
        """
        self._check_field_access(self._fields["lifecycle_conversation_count"], "read")
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "contact_lifecycle.discuss_channel_action_lifecycle"
        )
        return {
            **action,
            "display_name": self.env._("Conversations of %(contact)s", contact=self.display_name),
            "domain": [("lifecycle_is_conversation", "=", True), ("lifecycle_partner_id", "=", self.id)],
            "context": {"im_livechat_hide_partner_company": True},
        }
