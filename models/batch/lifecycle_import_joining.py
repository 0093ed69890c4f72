from odoo import models
from odoo.tools import SQL

from ...tools.move_in.rows import FIELDS


class LifecycleImport(models.Model):
    """Rows that are about one contact become one row, and the stages in them are counted, by SQL for all of them at once."""

    _inherit = "lifecycle.import"

    def _join_rows(self):
        """Make one row of those that are about one contact: what the first says, and the moves of all of them."""
        self.env.cr.execute("ANALYZE lifecycle_import_row")  # or the planner takes it for empty
        self.env.cr.execute(
            SQL(
                """
                WITH own AS (
                    SELECT *, min(id) OVER (PARTITION BY key) AS first_id, count(*) OVER (PARTITION BY key) AS count
                      FROM lifecycle_import_row
                     WHERE import_id = %(id)s AND key IS NOT NULL
                ), joined AS (
                    SELECT first_id,
                           (array_agg(stages ORDER BY id DESC) FILTER (WHERE stages != '[]'))[1] AS stages,
                           %(firsts)s
                      FROM own
                     WHERE count > 1
                  GROUP BY first_id
                ), tagged AS (
                    SELECT first_id, jsonb_agg(tag ORDER BY id, place) AS tags
                      FROM (
                            SELECT DISTINCT ON (first_id, tag) first_id, tag, id, place
                              FROM own, jsonb_array_elements(tags) WITH ORDINALITY AS tagged(tag, place)
                             WHERE count > 1
                          ORDER BY first_id, tag, id, place
                           ) AS once
                  GROUP BY first_id
                ), moved AS (
                    SELECT first_id, jsonb_agg(move ORDER BY move ->> 1, id, place) AS moves
                      FROM own, jsonb_array_elements(moves) WITH ORDINALITY AS moved(move, place)
                     WHERE count > 1
                  GROUP BY first_id
                ), gone AS (
                    DELETE FROM lifecycle_import_row USING own
                     WHERE lifecycle_import_row.id = own.id AND own.id != own.first_id
                )
                UPDATE lifecycle_import_row
                   SET stages = coalesce(joined.stages, '[]'),
                       tags = coalesce(tagged.tags, '[]'),
                       moves = coalesce(moved.moves, '[]'),
                       %(names)s
                  FROM joined
             LEFT JOIN tagged USING (first_id)
             LEFT JOIN moved USING (first_id)
                 WHERE lifecycle_import_row.id = joined.first_id
                """,
                id=self.id,
                names=SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), SQL.identifier("joined", name)) for name in FIELDS
                ),
                firsts=SQL(", ").join(
                    SQL(
                        "(array_agg(%(name)s ORDER BY id) FILTER (WHERE %(name)s IS NOT NULL))[1] AS %(name)s",
                        name=SQL.identifier(name),
                    )
                    for name in FIELDS
                ),
            )
        )
        self.env["lifecycle.import.row"].invalidate_model()

    def _count_stages(self):
        """:return: list of (value, number of contacts that are in it), in the order in which they appear"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT value, count(DISTINCT id) FILTER (WHERE is_there)
                  FROM (
                        SELECT id, value, TRUE AS is_there, 0 AS place
                          FROM lifecycle_import_row, jsonb_array_elements_text(stages) AS value
                         WHERE import_id = %(id)s AND state = 'waiting'
                     UNION ALL
                        SELECT id, move.value ->> 0, stages = '[]' AND place = jsonb_array_length(moves), place
                          FROM lifecycle_import_row, jsonb_array_elements(moves) WITH ORDINALITY AS move(value, place)
                         WHERE import_id = %(id)s AND state = 'waiting'
                       ) AS seen
                 WHERE value != ''
              GROUP BY value
              ORDER BY min(id), min(place), value
                """,
                id=self.id,
            )
        )
        return rows
