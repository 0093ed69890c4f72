import json
from contextlib import contextmanager
from itertools import islice

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.move_in.addresses import normalize_email
from ...tools.move_in.moments import Moments
from ...tools.move_in.rows import FIELDS, SourceRow, Unreadable, clean
from ...tools.move_in.sources import open_bytes, read_headers, read_rows
from ...tools.remote_input import shorten

MAX_ROWS = 1_000_000
STORED_AT_ONCE = 2000
COLUMNS = (
    "import_id",
    "number",
    "file_name",
    "file_number",
    "key",
    *FIELDS,
    "tags",
    "stages",
    "moves",
    "state",
    "problem",
)


class LifecycleImport(models.Model):
    """The files are read into rows of ours, a row at a time (D1)."""

    _inherit = "lifecycle.import"

    checksums = fields.Char(
        help="Of the files that are being read: whoever goes on goes on with the same.",
        readonly=True,
        copy=False,
    )

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"checksums"}

    def action_read(self):
        """Read the files and try what would happen; nothing but rows of our own is written (D1, D3). What takes longer
        than some seconds goes on in the background.

        :raises UserError: when a file cannot be read, in one sentence
        :raises AccessError: when the user is not an owner, or may not read the files
        """
        self._check_step("files", "check")
        if self.source != "partner_stage" and not self.attachment_ids:
            raise UserError(self.env._("Attach the files first."))
        self._delete_rows()
        headers = self._read_columns()
        known = set(self.column_ids.filtered("target").mapped("header"))
        unknown = [file for file, own in headers.items() if known.isdisjoint(own)]
        if unknown:
            self._ask_for_columns(self._tell_of_file(unknown[0], self._get_problems()["no_columns"]))
        else:
            self._lifecycle_write_protected({"checksums": self._get_checksums()})
            self._begin("read")

    def _get_checksums(self):
        return ",".join(file.checksum or "" for file in self.attachment_ids.sorted("id"))

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
            raise UserError(self._tell_of_file(attachment, self._get_problem(problem))) from None

    @api.model
    def _tell_of_file(self, attachment, problem):
        return self.env._("%(file)s: %(problem)s", file=shorten(attachment.name), problem=problem)

    def _read_columns(self):
        """Recognise the columns of all files; what the owner has said of one stays.

        :return: dict ``ir.attachment`` -> list of its headers, of those that have some
        """
        there, vals_list, seen = set(self.column_ids.mapped("header")), [], {}
        for attachment in self.attachment_ids.sorted("id") if self.source != "partner_stage" else ():
            with self._opened(attachment) as stream:
                headers, found, rows = read_headers(self.source, stream)
            if headers:
                seen[attachment] = headers
            for place, (header, (target, stage, is_utc)) in enumerate(zip(headers, found, strict=True)):
                if header and header not in there:
                    there.add(header)
                    vals_list.append(
                        {
                            "import_id": self.id,
                            "sequence": place,
                            "header": header,
                            "sample": next(
                                (text for cells in rows if (text := clean(cells[place])[:64])), False
                            ),
                            "target": target,
                            "stage_value": stage,
                            "is_utc": is_utc,
                        }
                    )
        headers = {header for own in seen.values() for header in own}
        self.column_ids.filtered(lambda column: column.header not in headers).unlink()
        self.env["lifecycle.import.column"].create(vals_list)
        return seen

    def _read_files(self):
        """Store the rows of all files, from where it was left; yield after each of the many times in which this is done."""
        if self._get_checksums() != (self.checksums or ""):
            raise UserError(self.env._("The files have changed meanwhile: read them again."))
        row_count, place, last = self._get_place()
        if self.source == "partner_stage":
            for _count in self._store_rows(self._read_partner_stages(last), self.attachment_ids.browse(), 0):
                yield
            return
        for number, attachment in enumerate(self.attachment_ids.sorted("id")):
            if number < place:
                continue
            with self._opened(attachment) as stream:
                rows = self._read_rows(stream, last if number == place else 0)
                for count in self._store_rows(rows, attachment, number):
                    row_count += count
                    if row_count > MAX_ROWS:
                        raise UserError(
                            self.env._(
                                "There are more than %(max)s rows: export it in several parts.", max=MAX_ROWS
                            )
                        )
                    yield

    def _get_place(self):
        """:return: tuple of the number of the rows that are stored, of the last file of which some are, and of the last of
        these; of contacts of this database instead the id of the last one
        """
        self.env["lifecycle.import.row"].flush_model()
        [[count, place, last]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), coalesce(max(file_number), 0),
                       coalesce(max(number) FILTER (WHERE file_number = last_number), 0)
                  FROM lifecycle_import_row,
                       (SELECT max(file_number) AS last_number FROM lifecycle_import_row WHERE import_id = %(id)s) AS last
                 WHERE import_id = %(id)s
                """,
                id=self.id,
            )
        )
        return count, place, last

    def _read_rows(self, stream, after):
        zone = self.with_context(tz=self.tz).env.tz
        moments = Moments(zone, self.day_first, fields.Datetime.now())
        columns = self.env["lifecycle.import.column"]._get_columns(self)
        return read_rows(self.source, stream, moments, columns, after)

    def _read_partner_stages(self, last_id):
        """:return: iterator of ``SourceRow``, the contacts of this database that have a stage of ``partner_stage``, in the
        order of their ids
        """
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
                 WHERE partner.id IN %(seen)s AND partner.id > %(last_id)s
              ORDER BY partner.id
                """,
                lang=self.env.lang or "en_US",
                last_id=last_id,
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

    def _store_rows(self, rows, attachment, number):
        """Store rows by SQL, as they are read: neither the file nor the rows are in memory at once.

        :return: iterator of how many have been stored
        """
        while some := list(islice(rows, STORED_AT_ONCE)):
            self._insert_rows([self._get_row_vals(row, attachment, number) for row in some])
            yield len(some)

    def _get_row_vals(self, row, attachment, number):
        problem = self._get_problem(row.problem, row.number) if row.problem else None
        checksum = (attachment.checksum or "")[:16]
        return (
            self.id,
            row.number,
            attachment.name or None,
            number,
            None if problem else _get_key(row) or f"row:{checksum}:{row.number}",
            *(_get_text(row, name) or None for name in FIELDS),
            json.dumps(row.tags),
            json.dumps(row.stages),
            json.dumps([(move.stage, move.when.isoformat(), move.who) for move in row.moves]),
            "unreadable" if problem else "waiting",
            problem,
        )

    def _insert_rows(self, vals_list):
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        query = self.env.cr.mogrify(SQL("INSERT INTO lifecycle_import_row (%s) VALUES ", names)).decode()
        self.env.cr.execute_values(f"{query} %s", vals_list, page_size=STORED_AT_ONCE)


def _get_text(row, name):
    text = getattr(row, name)
    return normalize_email(text) or text if name == "email" else text


def _get_key(row):
    if row.external_id:
        return f"id:{row.external_id}"
    if email := normalize_email(row.email):
        return f"email:{email}"
    digits = "".join(filter(str.isdigit, row.phone))
    return f"phone:{digits}" if len(digits) > 5 else None
