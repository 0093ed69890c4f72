from odoo import api, models, tools
from odoo.fields import Domain

from ...tools.again import coming_back
from ...tools.move import Import, Move, Stay

BATCH_SIZE = 1000
PENDING_PARAMETER = "contact_lifecycle.apply_default_after_id"
BATCH_PARAMETER = "contact_lifecycle.apply_default_batch_id"


class ResPartner(models.Model):
    """When a contact enters the default stage (A1, A2)."""

    _inherit = "res.partner"

    @api.model
    @tools.ormcache(cache="stable")
    def _lifecycle_default_on(self):
        """:return: ``create``, ``message`` or ``never``: when a contact enters the default stage"""
        # sudo: ir.config_parameter - the setting is no secret
        return self.env["ir.config_parameter"].sudo().get_param("contact_lifecycle.default_on", "create")

    def _lifecycle_apply_default(self, trigger, created=None):
        """Let those of these contacts that are in scope and have no stage enter the default one.

        :param str trigger: ``create`` or ``message``; nothing happens unless it is the one in the settings
        :param dict created: see ``tools.move.Move``
        """
        if (
            self.env.context.get("lifecycle_skip_default")
            or not self
            or self._lifecycle_default_on() != trigger
        ):
            return
        if self.env["lifecycle.stage"]._are_shown():
            self._lifecycle_enter_default(created)

    def _lifecycle_enter_default(self, created=None, batch=None):
        importing = Import.of(self.env)  # a row with an empty cell is one of the file as well (D5)
        # sudo: res.partner - whoever makes a contact starts its lifecycle, agent or not
        known = self.sudo()
        without = known.browse(partner.id for partner in known if not partner.lifecycle_stage_id)
        entering = without._lifecycle_filter_counted()
        stage, source = self.env["lifecycle.stage"]._get_default(), "default"
        facts = {"created": created, "batch": importing.batch if importing else batch}
        if not (created and stage and entering and entering._lifecycle_is_written_alone()):
            return entering._lifecycle_move_to(stage, source, **facts)
        # it is part of ``create``, and nobody else has a part in ``write``
        move = Move(entering, source, **facts)
        entering._lifecycle_enter(stage, move, dict.fromkeys(entering.ids, Stay(False, False)), {}, True)
        return move.batch.with_env(self.env)

    @api.model
    def _lifecycle_without_stage_domain(self):
        """:return: ``Domain`` of the contacts in scope that have no stage"""
        return self._lifecycle_scope_domain() & Domain("lifecycle_stage_id", "=", False)

    @api.model
    def _lifecycle_apply_default_later(self):
        """Apply the default stage to all contacts in scope that have none, in the background (A2)."""
        # sudo: ir.config_parameter - only owners reach this method, from the settings
        self.env["ir.config_parameter"].sudo().set_param(PENDING_PARAMETER, "0")
        self.env["ir.config_parameter"].sudo().set_param(BATCH_PARAMETER, False)
        self.env.ref("contact_lifecycle.ir_cron_apply_default").sudo()._trigger()

    @api.model
    @coming_back("contact_lifecycle.ir_cron_apply_default")
    def _cron_lifecycle_apply_default(self):
        """Move on through the contacts, by id and in batches; the parameters remember how far it came, and the batch
        that all the moves belong to (D5).
        """
        parameters, cron = self.env["ir.config_parameter"].sudo(), self.env["ir.cron"]
        Batch = self.env["lifecycle.batch"]
        while (last_id := parameters.get_param(PENDING_PARAMETER)) is not False:
            domain = self._lifecycle_without_stage_domain() & Domain("id", ">", int(last_id))
            partners = self.search(domain, limit=BATCH_SIZE, order="id")
            batch = Batch.browse(int(parameters.get_param(BATCH_PARAMETER) or 0)).exists()
            batch = partners._lifecycle_enter_default(batch=batch) or batch
            parameters.set_param(BATCH_PARAMETER, str(batch.id) if partners and batch else False)
            parameters.set_param(PENDING_PARAMETER, str(partners[-1:].id) if partners else False)
            remaining = (
                self.search_count(domain & Domain("id", ">", partners[-1:].id or 0)) if partners else 0
            )
            if not cron._commit_progress(len(partners), remaining=remaining):
                return
