"""A move of contacts without any ORM, to see what the database itself takes for it."""

from odoo.tools import SQL

# the rows that a move adds, and which of their columns leads to the contact, or to the row before
ADDED = {
    "lifecycle_transition": "partner_id",
    "mail_message": "res_id",
    "mail_tracking_value": "mail_message_id",
}
# what each row of the log says of its own contact
STAY = {
    "date_entered": "owner.date_last_stage_update",
    "days_in_stage": "coalesce(extract(epoch FROM kept.date - owner.date_last_stage_update) / 86400, 0)",
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
        self.batch = self.env["lifecycle.batch"]._begin("bulk", stage=stage)
        self._keep_rows(partners[:1])

    def _keep_rows(self, partner):
        """Keep one of each of the rows that a move adds, to copy it."""
        kept = {}
        savepoint = self.env.cr.savepoint(flush=False)
        partner._lifecycle_move_to(self.stage, "bulk", batch=self.batch)
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
                WITH stay AS (
                    SELECT id, date_last_stage_update FROM res_partner WHERE id = ANY(%(ids)s)
                ), moved AS (
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
                log=self._copy_rows("lifecycle_transition", "stay", STAY),
                messages=self._copy_rows("mail_message", "moved"),
                values=self._copy_rows("mail_tracking_value", "messages"),
            )
        )

    def _copy_rows(self, name, owners, values=None):
        """
        :param str owners: the rows that each get one
        :param dict values: column -> SQL, of those that are not the same in all of them
        :return: ``SQL`` that adds the rows
        """
        values = {ADDED[name]: "owner.id", **(values or {})}
        copied = SQL(", ").join(
            SQL.identifier(field.name)
            for field in self.env[name.replace("_", ".")]._fields.values()
            if field.store and field.column_type and field.name not in ("id", *values)
        )
        return SQL(
            """
            INSERT INTO %(table)s (%(names)s, %(copied)s)
                 SELECT %(values)s, %(copied)s
                   FROM %(owners)s owner, (SELECT %(copied)s FROM %(kept)s) kept
              RETURNING id
            """,
            table=SQL.identifier(name),
            names=SQL(", ").join(map(SQL.identifier, values)),
            values=SQL(", ").join(map(SQL, values.values())),
            copied=copied,
            owners=SQL.identifier(owners),
            kept=SQL.identifier(f"kept_{name}"),
        )
