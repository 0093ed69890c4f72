import json
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize

from ...tools.move_in.moments import Moments
from ...tools.move_in.rows import FIELDS, SourceRow, Unreadable, clean
from ...tools.move_in.sources import open_bytes, read_headers, read_rows
from ...tools.move_in.table import read_table
from ...tools.remote_input import shorten

MAX_ROWS = 1_000_000
STORED_AT_ONCE = 2000
COLUMNS = ("import_id", "number", "file_name", "key", *FIELDS, "tags", "stages", "moves", "state", "problem")


class LifecycleImport(models.Model):
    """The files are read into rows of ours, a row at a time (D1)."""

    _inherit = "lifecycle.import"

    def action_read(self):
        """Read the files and try what would happen; nothing but rows of our own is written (D1, D3).

        :raises UserError: when a file cannot be read, in one sentence
        :raises AccessError: when the user is not an owner, or may not read the files
        """
        self._check_step("files", "check")
        if self.source != "partner_stage" and not self.attachment_ids:
            raise UserError(self.env._("Attach the files first."))
        # sudo: lifecycle.import.row - nobody but the addon writes them
        self.env["lifecycle.import.row"].sudo().search([("import_id", "=", self.id)]).unlink()
        self._read_columns()
        if self.source == "partner_stage":
            self._store_rows(self._read_partner_stages(), False)
        for attachment in self.attachment_ids:
            self._read_file(attachment)
        self._join_rows()
        self._lifecycle_write_protected({"state": "check"})
        self.env["lifecycle.import.stage"]._suggest(self, self._count_stages())
        self._try()

    @contextmanager
    def _opened(self, attachment):
        """:return: context manager of a file that can be sought in; what is wrong with it is said with its name"""
        attachment.check_access("read")
        try:
            if attachment.store_fname:
                with open(attachment._full_path(attachment.store_fname), "rb") as stream:
                    yield stream
            else:
                yield open_bytes(attachment.raw)
        except Unreadable as problem:
            raise UserError(
                self.env._(
                    "%(file)s: %(problem)s", file=shorten(attachment.name), problem=self._get_problem(problem)
                )
            ) from None

    def _read_columns(self):
        """Recognise the columns of all files; what the owner has said of one stays."""
        there, vals_list = set(self.column_ids.mapped("header")), []
        for attachment in self.attachment_ids if self.source != "partner_stage" else ():
            with self._opened(attachment) as stream:
                headers, found = read_headers(self.source, stream)
                stream.seek(0)
                sample = next(read_table(stream)[1], (0, []))[1] if headers else []
            for place, (header, (target, stage, is_utc)) in enumerate(zip(headers, found, strict=True)):
                if header and header not in there:
                    there.add(header)
                    vals_list.append(
                        {
                            "import_id": self.id,
                            "sequence": place,
                            "header": header,
                            "sample": clean(sample[place])[:64] if place < len(sample) else False,
                            "target": target,
                            "stage_value": stage,
                            "is_utc": is_utc,
                        }
                    )
        self.env["lifecycle.import.column"].create(vals_list)

    def _read_file(self, attachment):
        zone = self.with_context(tz=self.tz).env.tz
        moments = Moments(zone, self.day_first, fields.Datetime.now())
        columns = self.env["lifecycle.import.column"]._get_columns(self)
        with self._opened(attachment) as stream:
            self._store_rows(read_rows(self.source, stream, moments, columns), attachment.name)

    def _read_partner_stages(self):
        """:return: iterator of ``SourceRow``, the contacts of this database that have a stage of ``partner_stage``"""
        self.env["res.partner"].flush_model()
        if not self._has_partner_stages():
            raise UserError(
                self.env._("There are no stages of Partner Stage in this database: choose another source.")
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id, partner.name,
                       coalesce(to_jsonb(stage.name) ->> %(lang)s, to_jsonb(stage.name) ->> 'en_US',
                                to_jsonb(stage.name) #>> '{}')
                  FROM res_partner partner
                  JOIN res_partner_stage stage ON stage.id = partner.stage_id
                 WHERE partner.id IN %(seen)s
              ORDER BY partner.id
                """,
                lang=self.env.lang or "en_US",
                seen=self.env["res.partner"].with_context(active_test=False)._search([]).subselect(),
            )
        )
        for partner_id, name, stage in rows:
            yield SourceRow(partner_id, external_id=str(partner_id), name=clean(name), stages=[clean(stage)])

    @api.model
    def _has_partner_stages(self):
        [[count]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM information_schema.columns
                 WHERE table_schema = current_schema
                   AND (table_name, column_name) IN (('res_partner', 'stage_id'), ('res_partner_stage', 'name'))
                """
            )
        )
        return count == 2

    def _store_rows(self, rows, file_name):
        """Store rows by SQL, as they are read: neither the file nor the rows are in memory at once."""
        waiting = []
        for count, row in enumerate(rows, 1):
            if count > MAX_ROWS:
                raise UserError(
                    self.env._("There are more than %(max)s rows: export it in several parts.", max=MAX_ROWS)
                )
            waiting.append(self._get_row_vals(row, file_name))
            if len(waiting) == STORED_AT_ONCE:
                self._insert_rows(waiting)
                waiting = []
        self._insert_rows(waiting)

    def _get_row_vals(self, row, file_name):
        problem = self._get_problem(row.problem, row.number) if row.problem else None
        return (
            self.id,
            row.number,
            file_name or None,
            None if problem else _get_key(row),
            *(_get_text(row, name) or None for name in FIELDS),
            json.dumps(row.tags),
            json.dumps(row.stages),
            json.dumps([(move.stage, move.when.isoformat(), move.who) for move in row.moves]),
            "unreadable" if problem else "waiting",
            problem,
        )

    def _insert_rows(self, vals_list):
        if vals_list:
            names = SQL(", ").join(map(SQL.identifier, COLUMNS))
            query = self.env.cr.mogrify(SQL("INSERT INTO lifecycle_import_row (%s) VALUES ", names)).decode()
            self.env.cr.execute_values(f"{query} %s", vals_list, page_size=STORED_AT_ONCE)

    def _join_rows(self):
        """Make one row of those that are about one contact: what the first says, and the moves of all of them."""
        self.env.cr.execute(
            SQL(
                """
                WITH joined AS (
                    SELECT %(firsts)s,
                           min(id) AS id,
                           array_agg(id) AS ids,
                           (array_agg(stages ORDER BY id DESC) FILTER (WHERE stages != '[]'))[1] AS stages
                      FROM lifecycle_import_row
                     WHERE import_id = %(id)s AND key IS NOT NULL
                  GROUP BY key
                    HAVING count(*) > 1
                ), gone AS (
                    DELETE FROM lifecycle_import_row USING joined
                     WHERE lifecycle_import_row.id = ANY(joined.ids) AND lifecycle_import_row.id != joined.id
                )
                UPDATE lifecycle_import_row
                   SET (%(names)s, stages, moves) = (
                       SELECT %(joined)s,
                              coalesce(joined.stages, '[]'),
                              (
                                  SELECT coalesce(jsonb_agg(move.value ORDER BY move.value ->> 1, other.id, move.place), '[]')
                                    FROM lifecycle_import_row other,
                                         jsonb_array_elements(other.moves) WITH ORDINALITY AS move(value, place)
                                   WHERE other.id = ANY(joined.ids)
                              )
                   )
                  FROM joined
                 WHERE lifecycle_import_row.id = joined.id
                """,
                id=self.id,
                names=SQL(", ").join(map(SQL.identifier, FIELDS)),
                joined=SQL(", ").join(SQL.identifier("joined", name) for name in FIELDS),
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


def _get_text(row, name):
    text = getattr(row, name)
    return email_normalize(text) or text if name == "email" else text


def _get_key(row):
    if row.external_id:
        return f"id:{row.external_id}"
    if email := email_normalize(row.email):
        return f"email:{email}"
    digits = "".join(filter(str.isdigit, row.phone))
    return f"phone:{digits}" if len(digits) > 5 else None
