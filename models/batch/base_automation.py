from odoo import models

from odoo.addons.base_automation.models.base_automation import DATE_RANGE


class BaseAutomation(models.Model):
    """An undo is no reason to do once more what was done some time after a stage was entered (D5)."""

    _inherit = "base.automation"

    def _search_time_based_automation_records(self, *, until):
        """Leave out the contacts that an undo has brought back to where they had been for long enough before."""
        records = super()._search_time_based_automation_records(until=until)
        if records._name != "res.partner" or self.trg_date_id.name != "date_last_stage_update":
            return records
        delay = DATE_RANGE[self.trg_date_range_type] * self.trg_date_range
        stays = records._lifecycle_stays_taken_up()
        return records.filtered(
            lambda contact: not any(start + delay <= end for start, end in stays[contact.id])
        )
