from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .gathering import Gathering


class MailMessage(models.Model):
    """The notes on moves. They are not listed for who may not see the stage: to them they would be empty, which the web
    client shows as messages that somebody has removed (P1).
    """

    _inherit = "mail.message"

    def unlink(self):
        """Delete messages, also notes to which what waits is to be added."""
        Gathering.write_waiting(self.env)
        return super().unlink()

    @api.model
    def _message_fetch(self, domain, **kwargs):
        domain = Domain.TRUE if domain is None else Domain(domain)
        return super()._message_fetch(domain & self._lifecycle_telling_domain(), **kwargs)

    @api.model
    def _lifecycle_telling_domain(self):
        """:return: domain without the messages of contacts that tell of nothing but fields that the user may not read"""
        Partner = self.env["res.partner"]
        if Partner._has_field_access(Partner._fields["lifecycle_stage_id"], "read"):
            return Domain.TRUE
        get_field = self.env["ir.model.fields"]._get
        hidden = tuple(
            get_field(Partner._name, field.name).id
            for field in Partner._fields.values()
            if field.store and not Partner._has_field_access(field, "read")
        )
        self.flush_model(["attachment_ids", "body", "model", "subtype_id"])
        self.env["mail.tracking.value"].flush_model(["field_id", "mail_message_id"])
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """
                NOT COALESCE(
                    %(message)s.model = 'res.partner'
                    AND COALESCE(%(message)s.body, '') = ''
                    AND NOT EXISTS (
                        SELECT FROM message_attachment_rel WHERE message_id = %(message)s.id
                    )
                    AND NOT EXISTS (
                        SELECT FROM mail_message_subtype
                         WHERE id = %(message)s.subtype_id AND COALESCE(description->>'en_US', '') != ''
                    )
                    AND (
                        SELECT bool_and(field_id IN %(hidden)s)
                          FROM mail_tracking_value WHERE mail_message_id = %(message)s.id
                    ),
                    FALSE
                )
                """,
                message=SQL.identifier(alias),
                hidden=hidden,
            )
        )
