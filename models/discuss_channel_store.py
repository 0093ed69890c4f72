from odoo import models

from odoo.addons.mail.tools.discuss import Store


class DiscussChannel(models.Model):
    """What Discuss knows of a conversation's stage: internal users only, never the visitor (A8)."""

    _inherit = "discuss.channel"

    def _lifecycle_store_fields(self):
        types = self._lifecycle_channel_types()
        enabled = self.env["res.partner"]._lifecycle_is_enabled()

        def is_shown(channel):
            return enabled and channel.channel_type in types

        return [
            # sudo: lifecycle.stage - whoever may see the conversation inside may see its stage
            Store.One(
                "lifecycle_stage_id",
                ["display_name", "emoji", "is_lost", "name"],
                predicate=is_shown,
                sudo=True,
            ),
            # sudo: res.partner - whoever may see the conversation inside may see whose it is
            Store.One("lifecycle_partner_id", ["name"], predicate=is_shown, sudo=True),
            Store.Attr("lifecycle_snoozed_until", predicate=is_shown),
            Store.Attr("lifecycle_status", predicate=is_shown),
        ]

    def _sync_field_names(self):
        field_names = super()._sync_field_names()
        field_names["internal_users"].extend(self._lifecycle_store_fields())
        return field_names

    def _to_store_defaults(self, target):
        defaults = super()._to_store_defaults(target)
        return defaults + self._lifecycle_store_fields() if target.is_internal(self.env) else defaults
