"""A move of contacts without any ORM, to see what the database itself takes for it."""

from odoo.tools import SQL

# the rows that a move adds, and which of their columns leads to the contact, or to the row before
ADDED = {
    "lifecycle_transition": "partner_id",
    "mail_message": "res_id",
    "mail_tracking_value": "mail_message_id",
}


class BareMove:
    """The rows of a move in one statement: called, it writes them."""

    def __init__(self, partners, stage):
        """
        :param partners: ``res.partner``, in other stages
        :param stage: ``lifecycle.stage`` that they move to
        """
        self.env = partners.env
        self.ids = partners.ids
        self.stage = stage
        self._keep_rows(partners[:1])

    def _keep_rows(self, partner):
        """Keep one of each of the rows that a move adds, to copy it."""
        kept = {}
        savepoint = self.env.cr.savepoint(flush=False)
        partner.write({"lifecycle_stage_id": self.stage.id})
        self.env.flush_all()
        for name in ADDED:
            latest = SQL("SELECT to_jsonb(t)::text FROM %s t ORDER BY id DESC LIMIT 1", SQL.identifier(name))
            [[kept[name]]] = self.env.execute_query(latest)
        savepoint.rollback()
        self.env.invalidate_all(flush=False)
        for name, row in kept.items():
            self.env.cr.execute(
                SQL(
                    "CREATE TEMPORARY TABLE %s AS SELECT * FROM jsonb_populate_record(NULL::%s, %s::jsonb)",
                    SQL.identifier(f"kept_{name}"),
                    SQL.identifier(name),
                    row,
                )
            )

    def __call__(self):
        self.env.cr.execute(
            SQL(
                """
                WITH moved AS (
                    UPDATE res_partner
                       SET lifecycle_stage_id = %(to)s, date_last_stage_update = now(), write_uid = 2, write_date = now()
                     WHERE id = ANY(%(ids)s)
                 RETURNING id
                ), shown AS (
                    UPDATE discuss_channel SET lifecycle_stage_id = %(to)s, write_uid = 2, write_date = now()
                     WHERE lifecycle_partner_id = ANY(%(ids)s) AND livechat_end_dt IS NULL
                ), logged AS (%(log)s), messages AS (%(messages)s)
                %(values)s
                """,
                ids=self.ids,
                to=self.stage.id,
                log=self._copy_rows("lifecycle_transition", "moved"),
                messages=self._copy_rows("mail_message", "moved"),
                values=self._copy_rows("mail_tracking_value", "messages"),
            )
        )

    def _copy_rows(self, name, owners):
        """:return: ``SQL`` that adds a row for each of ``owners``"""
        own = ADDED[name]
        columns = SQL(", ").join(
            SQL.identifier(field.name)
            for field in self.env[name.replace("_", ".")]._fields.values()
            if field.store and field.column_type and field.name not in ("id", own)
        )
        return SQL(
            """
            INSERT INTO %(table)s (%(own)s, %(columns)s)
                 SELECT owner.id, %(columns)s
                   FROM %(owners)s owner, (SELECT %(columns)s FROM %(kept)s) kept
              RETURNING id
            """,
            table=SQL.identifier(name),
            own=SQL.identifier(own),
            columns=columns,
            owners=SQL.identifier(owners),
            kept=SQL.identifier(f"kept_{name}"),
        )
