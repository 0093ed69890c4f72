"""Let each move say when the stage that it left had been entered, so that it is a whole stay (M8, H5).

19.0.1.0.0 has the days of the stay, and looked up its beginning in the move before. Where contacts became one, the moves
of all of them were one row; now each keeps the stays that it had:

* the contact that remained had entered its stage with the merge: from now on as the one did who was in it;
* the others' open stays, which ended in no move, end in one. When that was is not known, so they take no time.

It starts from moves without ``date_entered``, and a second run changes nothing.
"""

from odoo.tools import sql

# Generated, as that writes the table and its indexes once: half of the time that an UPDATE takes. A millisecond more, as
# the days are rounded.
DATE_ENTERED = """
    CASE WHEN from_stage_name IS NOT NULL
         THEN date_trunc('second', date - coalesce(days_in_stage, 0) * interval '1 day' + interval '1 ms')
    END
"""

# The entries with which a stay began that neither a move has ended nor a contact is in: there are some only where
# contacts became one. Of several of one second in one stage, some may have gone on.
LOST_ENTRIES = """
    SELECT *
      FROM (
               SELECT entry.partner_id, entry.to_stage_id AS stage_id, entry.to_stage_name AS stage_name, entry.date,
                      row_number() OVER (PARTITION BY entry.partner_id, entry.to_stage_id, entry.date ORDER BY entry.id)
                          > (
                                SELECT count(*)
                                  FROM lifecycle_transition exit
                                 WHERE exit.partner_id = entry.partner_id
                                   AND exit.date_entered = date_trunc('second', entry.date)
                                   AND exit.from_stage_id IS NOT DISTINCT FROM entry.to_stage_id
                            )
                          + (contact.lifecycle_stage_id IS NOT DISTINCT FROM entry.to_stage_id
                             AND contact.date_last_stage_update = entry.date)::int AS is_lost
                 FROM lifecycle_transition entry
                 JOIN res_partner contact ON contact.id = entry.partner_id
                WHERE entry.partner_id IN (SELECT id FROM lifecycle_merged)
                  AND entry.to_stage_name IS NOT NULL
                  AND entry.source != 'merge'
           ) entry
     WHERE is_lost
"""

# The first of those who were in the stage into which a merge moved the contact that remained.
PERSONS = f"""
    SELECT move.partner_id, move.to_stage_id AS stage_id, move.date AS date_of_merge, min(lost.date) AS date
      FROM lifecycle_transition move
      JOIN ({LOST_ENTRIES}) lost
        ON lost.partner_id = move.partner_id AND lost.stage_id = move.to_stage_id AND lost.date <= move.date
     WHERE move.source = 'merge'
  GROUP BY move.partner_id, move.to_stage_id, move.date
"""


def migrate(cr, version):
    if sql.column_exists(cr, "lifecycle_transition", "date_entered"):
        return
    # before the column that lets PostgreSQL write the table anew, without them
    cr.execute(
        """
        ALTER TABLE lifecycle_transition
        DROP COLUMN IF EXISTS create_uid, DROP COLUMN IF EXISTS write_uid, DROP COLUMN IF EXISTS write_date
        """
    )
    cr.execute(
        f"ALTER TABLE lifecycle_transition ADD COLUMN date_entered timestamp GENERATED ALWAYS AS ({DATE_ENTERED}) STORED"
    )
    cr.execute("ALTER TABLE lifecycle_transition ALTER COLUMN date_entered DROP EXPRESSION")
    find_merged(cr)
    begin_earlier(cr)
    end_lost_stays(cr)
    cr.execute("DROP TABLE lifecycle_merged")


def find_merged(cr):
    """The contacts of which some move did not begin where the one before had led: only a merge brings that about."""
    cr.execute(
        """
        CREATE TEMPORARY TABLE lifecycle_merged ON COMMIT DROP AS
        SELECT DISTINCT partner_id AS id
          FROM (
                   SELECT partner_id, source, date_entered,
                          lag(date) OVER moves AS date_before,
                          lag(to_stage_name) OVER moves AS name_before
                     FROM lifecycle_transition
                    WHERE partner_id IS NOT NULL
                   WINDOW moves AS (PARTITION BY partner_id ORDER BY date, id)
               ) move
         WHERE source = 'merge'
            OR date_entered IS DISTINCT FROM
               CASE WHEN name_before IS NOT NULL THEN date_trunc('second', date_before) END
        """
    )
    cr.execute("ANALYZE lifecycle_merged")


def begin_earlier(cr):
    """The stay into which a merge had moved a contact goes on since the first of those who were in that stage."""
    cr.execute(
        f"""
        WITH person AS ({PERSONS}),
             ended AS (
                 UPDATE lifecycle_transition exit
                    SET date_entered = person.date,
                        days_in_stage = date_part('epoch', exit.date - person.date) / 86400
                   FROM person
                  WHERE exit.partner_id = person.partner_id
                    AND exit.from_stage_id = person.stage_id
                    AND exit.date_entered = person.date_of_merge
             )
        UPDATE res_partner contact
           SET date_last_stage_update = person.date
          FROM person
         WHERE contact.id = person.partner_id
           AND contact.lifecycle_stage_id = person.stage_id
           AND contact.date_last_stage_update = person.date_of_merge
        """
    )


def end_lost_stays(cr):
    """Say in the log that the others' stays ended, in the stage that the contact is in now."""
    cr.execute(
        f"""
        INSERT INTO lifecycle_transition
                    (partner_id, from_stage_id, from_stage_name, to_stage_id, to_stage_name, date_entered, date,
                     days_in_stage, source, create_date)
             SELECT lost.partner_id, lost.stage_id, lost.stage_name, stage.id,
                    nullif(concat_ws(' ', nullif(stage.emoji, ''), stage.name ->> 'en_US'), ''), lost.date, lost.date,
                    0, 'merge', now() AT TIME ZONE 'UTC'
               FROM ({LOST_ENTRIES}) lost
               JOIN res_partner contact ON contact.id = lost.partner_id
          LEFT JOIN lifecycle_stage stage ON stage.id = contact.lifecycle_stage_id
        """
    )
