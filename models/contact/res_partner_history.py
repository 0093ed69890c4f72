from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.move import Stay, plain_sudo, silently
from ...tools.move_in.timeline import Known


class ResPartner(models.Model):
    """A history from elsewhere becomes rows of the log, in order with those that are there (D2).

    The moves are not made here, so they do not pass the gate one by one: what it writes is written for all of them.
    """

    _inherit = "res.partner"

    def _lifecycle_read_history(self):
        """:return: dict contact id -> tuple of the list of ``Known`` and whether the log has moves of several people;
        without those who have no log
        """
        self.env["lifecycle.transition"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, id, date, to_stage_id, to_stage_name, from_stage_id, from_stage_name,
                       date_entered, source
                  FROM lifecycle_transition
                 WHERE partner_id = ANY(%s)
              ORDER BY partner_id, date, id
                """,
                self.ids,
            )
        )
        histories = {}
        for partner_id, row_id, date, to_id, to_name, from_id, from_name, entered, source in rows:
            known, is_merged = histories.setdefault(partner_id, ([], False))
            if source == "merge":
                histories[partner_id] = (known, True)
            else:
                left, to = from_id or from_name or None, to_id or to_name or None
                known.append(Known(row_id, date, to, left, entered, source == "import"))
                histories[partner_id] = (known, is_merged)
        return histories

    @api.model
    def _lifecycle_write_history(self, plans, batch, made=()):
        """Write the log, the stages and what shows them. Whoever calls has checked the right to do so.

        :param dict plans: contact id -> ``tools.move_in.timeline.Plan``
        :param batch: ``lifecycle.batch`` of the moves from where the contacts were
        :param made: ids of those that have just been made: if they are in their stage already, they were in none before
        :return: dict contact id -> id of the last row that it got, of those whose stage is another now
        """
        # sudo: res.partner, lifecycle.transition - the log is written by the addon alone
        partners = silently(plain_sudo(self.browse(plans)))
        for stage in self._lifecycle_stages_of(plan.stage for plan in plans.values()):
            stage._lock_for_entry()
        last_rows = partners.env["lifecycle.transition"]._add_history(plans, batch)
        stays = partners._lifecycle_get_stays()
        placed_before = [id_ for id_ in made if stays[id_] == plans[id_].get_stay()]
        before = {**stays, **dict.fromkeys(placed_before, Stay(False, False))}
        placed = {
            partner.id: stay
            for partner in partners
            if (plan := plans[partner.id]).added or plan.changed
            if not isinstance(plan.stage, str)
            if (stay := plan.get_stay()) != stays[partner.id]
        }
        partners._lifecycle_place(placed)
        now = fields.Datetime.now()
        entered = {
            partner.id: Stay(partner.lifecycle_stage_id.id, now)
            for partner in partners
            if partner.lifecycle_stage_id.id != before[partner.id].stage_id
        }
        moved = partners.browse(entered)
        moved._lifecycle_log_in_chatter(before, entered, {})
        moved._lifecycle_show_in_conversations()
        if last_rows or placed:
            self.env["lifecycle.live.mixin"]._notify_agents()
        return {partner.id: last_rows[partner.id] for partner in moved if partner.id in last_rows}

    @api.model
    def _lifecycle_stages_of(self, keys):
        ids = {key for key in keys if isinstance(key, int)}
        return self.env["lifecycle.stage"].browse(sorted(ids))
