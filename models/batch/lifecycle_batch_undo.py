import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.again import coming_back
from ...tools.move import silently
from ...tools.try_each import try_each
from ..contact.res_partner_default import BATCH_PARAMETER
from ..contact.res_partner_lock import BY_PEOPLE

_logger = logging.getLogger(__name__)

BATCH_SIZE = 1000
OWNER = "contact_lifecycle.group_owner"


class LifecycleBatch(models.Model):
    """Undoing a batch: its contacts go back to where they were, by moves that are a batch themselves, so that it can be
    undone in turn (D5). Nothing follows these moves: no rule, no automation.

    Contacts that an import has made are archived with it where that is asked for, also those that it has not moved
    (``lifecycle_batch_unmoved.py``).

    Whoever has moved on since, and whoever came from a stage that is gone, stays. Archived contacts go back like others.
    Locks are about rules, and do not stop a person who takes something back; a lock that the batch itself has brought
    goes with it, and comes again when that is undone.

    The first contacts move at once. When others are left, the batch is marked and a scheduled action does the rest,
    committing after each thousand: what it has still to do is exactly those whose last move is one of the batch that it
    undoes, and those that are not archived yet, so a killed server loses and repeats nothing (decision 8).
    """

    _inherit = "lifecycle.batch"

    is_running = fields.Boolean(readonly=True, help="Its contacts are still moving, in the background.")
    archives_new = fields.Boolean(
        string="Archives New Contacts",
        readonly=True,
        help="The contacts that the import has made are archived as it is undone.",
    )

    _running_idx = models.Index("(id) WHERE is_running")

    def _undo(self, archive_new=False):
        """Undo this batch as the user, who has been checked to be allowed to; large numbers in the background.

        :param bool archive_new: whether contacts that an import has made are archived
        :return: the ``lifecycle.batch`` of the moves back
        :raises UserError: when its contacts are still moving
        """
        self.ensure_one()
        if self._is_moving():
            raise UserError(
                self.env._("The contacts of this batch are still moving: wait until that is done.")
            )
        undo = self._begin("undo", undoes_id=self.id, archives_new=archive_new, is_running=True)
        if undo._move_back_some()[BATCH_SIZE - 1 :]:
            # sudo: ir.cron - whoever may undo the first contacts may undo the others
            self.env.ref("contact_lifecycle.ir_cron_undo_batches").sudo()._trigger()
        else:
            undo.is_running = False
        return undo.with_env(self.env)

    def _is_moving(self):
        """:return: whether something in the background still adds moves to this batch, or takes them back"""
        # sudo: lifecycle.batch, lifecycle.import, lifecycle.stage, ir.config_parameter - whoever has begun it
        batch = self.sudo()
        imports, stages = batch.env["lifecycle.import"], batch.env["lifecycle.stage"]
        return bool(
            batch.is_running
            or any(batch.undone_by_ids.mapped("is_running"))
            or imports.search_count([("batch_id", "=", self.id), ("state", "=", "running")], limit=1)
            or stages.search_count([("deletion_batch_id", "=", self.id)], limit=1)
            or batch.env["ir.config_parameter"].get_param(BATCH_PARAMETER) == str(self.id)
        )

    @api.model
    @coming_back("contact_lifecycle.ir_cron_undo_batches")
    def _cron_undo(self):
        """Move the contacts of batches that are being undone, some at a time."""
        for undo in self.search([("is_running", "=", True)], order="id"):
            if not undo._move_back_in_background():
                return

    def _move_back_in_background(self):
        """:return: whether there is time for another one"""
        cron = self.env["ir.cron"]
        count = self.undoes_id.move_count + len(self.undoes_id._get_unmoved_of().unmoved_ids)
        last_id, time_left = 0, cron._commit_progress(remaining=count)
        # whoever began it has been deleted: nobody is left whose rights it would have
        while time_left and self.user_id and (partner_ids := self._move_back_some(last_id)):
            last_id, time_left = partner_ids[-1], cron._commit_progress(len(partner_ids))
        if time_left:
            self.is_running = False
            cron._commit_progress()
        return bool(time_left)

    def _move_back_some(self, after_id=0):
        """Go on through the contacts of the batch that this one undoes, and move those back that can be.

        :param int after_id: id of the last contact that was looked at
        :return: list of the ids of those that have been looked at now, by id
        """
        undone, user_id = self.undoes_id, self.user_id.id
        partner_ids = undone._get_contact_ids(after_id, BATCH_SIZE)
        Partner = silently(self.env(user=user_id, context={})["res.partner"])
        groups, locked, new, unmoved = defaultdict(list), [], [], []
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, stage_id, reason, is_locked, is_new
                  FROM (%s) judged
                 WHERE reason IS NULL OR reason = 'unmoved'
              ORDER BY 1
                """,
                undone._get_judged(user_id, partner_ids),
            )
        )
        for partner_id, stage_id, reason, is_locked, is_new in rows:
            (unmoved if reason else groups[stage_id]).append(partner_id)
            locked += [partner_id] * is_locked
            new += [partner_id] * is_new
        for stage_id, ids in groups.items():
            stage = Partner.env["lifecycle.stage"].browse(stage_id or ())
            for partner, error in try_each(
                Partner.browse(ids), lambda partners, stage=stage: self._move_back(partners, stage)
            ):
                _logger.error("Batch %s could not be undone for %s", undone.id, partner, exc_info=error)
        Partner.browse(locked)._lifecycle_release()
        self._archive_new(Partner.browse(new), Partner.browse(unmoved))
        return partner_ids

    def _get_contact_ids(self, after_id, limit):
        """:return: list of the ids of the next contacts of this batch by id, without those that have moved on"""
        self.env["lifecycle.transition"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id
                  FROM lifecycle_transition move
                 WHERE batch_id = %(batch)s AND partner_id > %(after)s
                   AND NOT EXISTS (SELECT FROM lifecycle_transition later
                                    WHERE later.partner_id = move.partner_id
                                      AND (later.date, later.id) > (move.date, move.id)
                                      AND later.batch_id IS DISTINCT FROM %(batch)s)
                 UNION
                SELECT res_partner_id
                  FROM lifecycle_batch_unmoved_rel
                 WHERE lifecycle_batch_id = %(unmoved_of)s AND res_partner_id > %(after)s
              ORDER BY partner_id
                 LIMIT %(limit)s
                """,
                batch=self.id,
                unmoved_of=self._get_unmoved_of().id,
                after=after_id,
                limit=limit,
            )
        )
        return [partner_id for [partner_id] in rows]

    def _move_back(self, partners, stage):
        origin, is_undone = self._get_origin()
        left = partners.sudo()._lifecycle_get_stays()
        partners._lifecycle_move_to(stage, "undo", batch=self)
        if not is_undone and origin.source in BY_PEOPLE:  # done again
            moved = partners.sudo()  # sudo: res.partner - as what follows any move
            moved._lifecycle_lock_moved_back(left, origin.source)

    def _archive_new(self, partners, unmoved):
        """Archive contacts that an import has made, where its undo shall; or take them out of the archive again.

        :param unmoved: those of them that have no move
        """
        _origin, is_undone = self._get_origin()
        if self.archives_new if is_undone else self.undoes_id.archives_new:
            changing = partners._lifecycle_filter_archivable(is_undone)
            changing.write({"active": not is_undone})
            if is_undone:
                self._add_unmoved(changing & unmoved)

    def _get_origin(self):
        """:return: the ``lifecycle.batch`` that this one undoes, or does again, by whatever undos in between; and
        whether it is undone by now
        """
        origin, is_undone = self, False
        while origin.undoes_id:
            origin, is_undone = origin.undoes_id, not is_undone
        return origin, is_undone

    def _get_judged(self, user_id, partner_ids=None):
        """Say of each contact of this batch whether it would go back, and why not.

        Owners undo whole batches; others move those contacts that they may read, in whichever of their companies.

        :param int user_id: who would undo it
        :param list partner_ids: the contacts that are asked for, all where it is not given
        :return: ``SQL`` of a query with ``partner_id``, ``stage_id`` it came from, ``reason`` or NULL, ``is_active``,
            ``is_locked`` by this batch, ``is_new``: made by the import, in one transaction with a move of it or without a
            stage, and whether it ``is_moved`` by this batch. Of who has no stage to go back from and is new all the same,
            the reason is ``unmoved``.
        """
        self.env["lifecycle.transition"].flush_model()
        self.env["res.partner"].flush_model()
        self.env["lifecycle.stage"].flush_model()
        env = self.env(user=user_id, context={"active_test": False})
        is_seen = SQL("TRUE")
        if not (env.su or env.user.has_group(OWNER)):
            is_seen = SQL("contact.id IN %s", env["res.partner"]._search(Domain.TRUE).subselect())
        # sudo: lifecycle.batch - how this one came about
        origin, is_undone = self.sudo()._get_origin()
        return SQL(
            """
            SELECT contact.id AS partner_id,
                   first_move.from_stage_id AS stage_id,
                   CASE WHEN NOT %(is_seen)s THEN 'no_right'
                        WHEN contact.lifecycle_stage_id IS DISTINCT FROM last_move.to_stage_id
                          OR EXISTS (SELECT FROM lifecycle_transition later
                                      WHERE later.partner_id = contact.id
                                        AND (later.date, later.id) > (last_move.date, last_move.id))
                          OR last_move.id IS NULL
                         AND EXISTS (SELECT FROM lifecycle_transition later
                                      WHERE later.partner_id = contact.id
                                        AND later.batch_id IS DISTINCT FROM %(origin)s)
                        THEN 'moved_on'
                        WHEN first_move.from_stage_name IS NOT NULL
                         AND (stage.id IS NULL OR stage.deletion_pending) THEN 'stage_deleted'
                        WHEN contact.lifecycle_stage_id IS NOT DISTINCT FROM first_move.from_stage_id
                        THEN CASE WHEN moved.is_unmoved THEN 'unmoved' ELSE 'there' END
                   END AS reason,
                   contact.active AS is_active,
                   (contact.lifecycle_locked
                    AND contact.lifecycle_locked_date = last_move.date
                    AND contact.lifecycle_locked_by_id = last_move.user_id) IS TRUE AS is_locked,
                   moved.is_unmoved OR %(is_import)s
                   AND CASE WHEN %(is_undone)s THEN last_move.to_stage_name
                            ELSE first_move.from_stage_name END IS NULL
                   AND EXISTS (SELECT FROM lifecycle_transition made
                                WHERE made.partner_id = contact.id AND made.batch_id = %(origin)s
                                  AND made.create_date = contact.create_date) AS is_new,
                   moved.first_id IS NOT NULL AS is_moved
              FROM (SELECT partner_id, min(move_id) AS first_id, max(move_id) AS last_id,
                           bool_or(move_id IS NULL) AS is_unmoved
                      FROM (SELECT partner_id, id AS move_id
                              FROM lifecycle_transition
                             WHERE batch_id = %(batch)s AND partner_id IS NOT NULL
                         UNION ALL
                            SELECT res_partner_id, NULL
                              FROM lifecycle_batch_unmoved_rel
                             WHERE lifecycle_batch_id = %(unmoved_of)s) contacts
                     WHERE %(asked_for)s
                  GROUP BY partner_id) moved
         LEFT JOIN lifecycle_transition first_move ON first_move.id = moved.first_id
         LEFT JOIN lifecycle_transition last_move ON last_move.id = moved.last_id
              JOIN res_partner contact ON contact.id = moved.partner_id
         LEFT JOIN lifecycle_stage stage ON stage.id = first_move.from_stage_id
            """,
            is_seen=is_seen,
            is_import=origin.source == "import",
            origin=origin.id,
            is_undone=is_undone,
            batch=self.id,
            unmoved_of=self.sudo()._get_unmoved_of().id,
            asked_for=SQL("TRUE") if partner_ids is None else SQL("partner_id = ANY(%s)", partner_ids),
        )

    def _preview_undo(self):
        """Count what the user would do by undoing this batch.

        :return: tuple of a dict ``lifecycle.stage`` or none -> number of contacts that go back to it, a dict reason ->
            number of those that stay, how many of those that go are archived, the ``res.partner`` that the import has
            made and the user may archive, and those that come out of the archive again
        """
        Partner = self.env["res.partner"]
        if not self:
            return {}, defaultdict(int), 0, Partner, Partner
        judged = self._get_judged(self.env.uid)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT reason, stage_id, count(*), count(*) FILTER (WHERE is_active IS NOT TRUE),
                       array_agg(partner_id) FILTER (WHERE is_new)
                  FROM (%s) judged
              GROUP BY reason, stage_id
                """,
                judged,
            )
        )
        going, staying, archived, new = {}, defaultdict(int), 0, []
        # sudo: lifecycle.batch - how this one came about
        _origin, is_undone = self.sudo()._get_origin()
        for reason, stage_id, count, inactive, new_ids in rows:
            if reason in (None, "unmoved"):
                new += new_ids or []
            if reason is None:
                going[self.env["lifecycle.stage"].browse(stage_id or ())] = count
                archived += inactive
            elif reason != "unmoved":
                staying[reason] += count
        if is_undone:
            coming = Partner.browse(new if self.archives_new else ())._lifecycle_filter_archivable(
                active=False
            )
            return going, staying, archived, Partner, coming
        return going, staying, archived, Partner.browse(new)._lifecycle_filter_archivable(), Partner

    def _get_reasons(self, partner_ids=None):
        """:param list partner_ids: the contacts that are asked for, all where it is not given
        :return: dict contact id -> the reason for which the user's undoing would leave it where it is, or None
        """
        judged = self._get_judged(self.env.uid, partner_ids)
        return dict(self.env.execute_query(SQL("SELECT partner_id, reason FROM (%s) judged", judged)))
