from odoo import api, models
from odoo.tools import SQL

from ...tools.bulk_create import create_from_first
from ...tools.move import plain_sudo


class LifecycleTransition(models.Model):
    """Rows of moves that were made elsewhere, on the days on which they were."""

    _inherit = "lifecycle.transition"

    @api.model
    def _add_history(self, plans, batch):
        """Older moves than those that are there belong to no batch: nobody goes back by them.

        :param dict plans: contact id -> ``tools.move_in.timeline.Plan``
        :param batch: ``lifecycle.batch``
        :return: dict contact id -> id of the last of its new rows
        """
        keys = {key for plan in plans.values() for row in plan.added for key in (row.left, row.to)}
        keys |= {stage for plan in plans.values() for stage, _entered in plan.changed.values()}
        # sudo: lifecycle.stage - the log keeps the names
        stages = plain_sudo(self.env["res.partner"]._lifecycle_stages_of(keys))
        names = {stage.id: stage.display_name for stage in stages}
        owners, vals_list = [], []
        for partner_id, plan in plans.items():
            for row in plan.added:
                owners.append(partner_id)
                is_new = row.date >= (plan.known_until or row.date)
                vals_list.append(
                    {
                        **self._get_history_vals(partner_id, row, names),
                        "batch_id": batch.id if is_new else None,
                    }
                )
        alike = {"channel_id": None, "source": "import", "rule_id": None, "rule_name": None}
        own = {name: [vals[name] for vals in vals_list] for name in vals_list[0]} if vals_list else {}
        rows = create_from_first(plain_sudo(self), alike, own) if own else self.browse()
        if count := sum(bool(vals["batch_id"]) for vals in vals_list):
            plain_sudo(batch).move_count += count
        self._change_stays(
            {id_: stay for plan in plans.values() for id_, stay in plan.changed.items()}, names
        )
        return dict(zip(owners, rows.ids, strict=True))

    @api.model
    def _get_history_vals(self, partner_id, row, names):
        entered = row.entered if row.left is not None else None
        return {
            "partner_id": partner_id,
            "from_stage_id": row.left if isinstance(row.left, int) else None,
            "to_stage_id": row.to if isinstance(row.to, int) else None,
            "from_stage_name": names.get(row.left, row.left),
            "to_stage_name": names.get(row.to, row.to),
            "date": row.date,
            "user_id": row.who,
            "date_entered": entered,
            "days_in_stage": (row.date - entered).total_seconds() / 86400 if entered else 0,
        }

    @api.model
    def _change_stays(self, stays, names):
        """Tell rows anew which stage they leave, and since when; all else of them stays as it is.

        :param dict stays: id of a row -> (stage, when it was entered)
        """
        if not stays:
            return
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE lifecycle_transition
                   SET from_stage_id = stay.stage_id,
                       from_stage_name = stay.name,
                       date_entered = stay.entered,
                       days_in_stage = coalesce(date_part('epoch', date - stay.entered) / 86400, 0)
                  FROM unnest(%s::int[], %s::int[], %s::varchar[], %s::timestamp[])
                       AS stay(id, stage_id, name, entered)
                 WHERE lifecycle_transition.id = stay.id
                """,
                list(stays),
                [stage if isinstance(stage, int) else None for stage, _entered in stays.values()],
                [names.get(stage, stage) for stage, _entered in stays.values()],
                [entered for _stage, entered in stays.values()],
            )
        )
        self.browse(stays).invalidate_recordset(flush=False)
