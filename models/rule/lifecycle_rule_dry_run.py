from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class LifecycleRule(models.Model):
    """What a rule would do now, and why it would leave the others: the numbers of the dry run (T14)."""

    _inherit = "lifecycle.rule"

    def _dry_run(self):
        """Count, in as many queries as there are reasons, what this rule would do to every contact (T14).

        :return: tuple of lists: (``lifecycle.stage`` or none that they are in, number of contacts that would
            move), and (reason, number of contacts that would be left)
        """
        self.ensure_one()
        Partner, Stage = self.env["res.partner"], self.env["lifecycle.stage"]
        order, left = Stage._get_order(), []
        everybody = Domain("active", "=", True)
        in_scope = self._get_scope()
        left.append(("out_of_scope", Partner.search_count(everybody) - Partner.search_count(in_scope)))
        if self._makes_leads():
            fitting = in_scope & self._get_domain()
            left.append(("no_match", Partner.search_count(in_scope) - Partner.search_count(fitting)))
            ours = fitting & self._get_company_domain()
            left.append(("other_company", Partner.search_count(fitting) - Partner.search_count(ours)))
            counts = Partner._read_group(ours, ["lifecycle_stage_id"], ["__count"])
            return counts, [(reason, count) for reason, count in left if count]

        stages = [False, *Stage.search([("deletion_pending", "=", False)]).ids]
        spec = self._get_spec()
        covered = [stage_id for stage_id in stages if spec.covers(stage_id)]
        forward = [stage_id for stage_id in covered if spec.may_move(stage_id, order)]
        fitting = in_scope & Domain("lifecycle_stage_id", "in", covered)
        left.append(("no_match_stage", Partner.search_count(in_scope) - Partner.search_count(fitting)))
        matching = fitting & self._get_domain()
        left.append(("no_match", Partner.search_count(fitting) - Partner.search_count(matching)))
        left.append(("locked", Partner.search_count(matching & Domain("lifecycle_locked", "=", True))))
        free = matching & Domain("lifecycle_locked", "!=", True)
        movable = free & Domain("lifecycle_stage_id", "in", forward)
        left.append(("not_forward", Partner.search_count(free) - Partner.search_count(movable)))
        if self.kind == "inactivity":
            query = self._query_movable()
            query.order = None
            rows = self.env.execute_query(
                SQL(
                    "SELECT lifecycle_stage_id, count(*) FROM res_partner WHERE id IN %s GROUP BY lifecycle_stage_id",
                    query.subselect(),
                )
            )
            counts = [(Stage.browse(stage_id or ()), count) for stage_id, count in rows]
            counts.sort(key=lambda pair: (not pair[0], order.get(pair[0].id, len(order))))
            left.append(("active", Partner.search_count(movable) - sum(count for _stage, count in counts)))
        else:
            counts = Partner._read_group(movable, ["lifecycle_stage_id"], ["__count"])
        return counts, [(reason, count) for reason, count in left if count]
