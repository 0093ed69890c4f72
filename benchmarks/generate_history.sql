-- Contacts with a real history: ten moves each on average over 900 days, with returns, losses, skips, clearings and merges.
-- Variable of psql: contacts.
BEGIN;
SET LOCAL session_replication_role = replica;
SELECT setseed(0.5) \g /dev/null

CREATE TEMPORARY TABLE stage AS
SELECT id, concat_ws(' ', emoji, name ->> 'en_US') AS name, row_number() OVER (ORDER BY is_lost, sequence, id) AS number
  FROM lifecycle_stage;

INSERT INTO res_partner (name, complete_name, email, type, active, partner_share, create_date, write_date)
SELECT 'Contact ' || n, 'Contact ' || n, 'contact' || n || '@example.com', 'contact', n % 50 <> 0, TRUE, now(), now()
  FROM generate_series(1, :contacts) n;
UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;

-- The stage by its number, 1 to 5, the last one lost; 0 for none. Most moves go one stage on, some skip, return, or lose.
CREATE TEMPORARY TABLE move AS
WITH RECURSIVE step AS (
    SELECT id AS partner_id, 1 AS step, 1 + floor(random() * 19)::int AS steps, 1 AS number, random() AS luck
      FROM res_partner WHERE name LIKE 'Contact %'
 UNION ALL
    SELECT partner_id, step + 1, steps,
           CASE WHEN luck < 0.08 AND number <> 0 THEN 0
                WHEN luck < 0.25 AND number <> 5 THEN 5
                WHEN luck < 0.45 THEN CASE WHEN number = 1 THEN 2 ELSE 1 END
                WHEN luck < 0.60 AND number < 3 THEN number + 2
                WHEN number < 4 THEN number + 1
                ELSE 2
           END,
           random()
      FROM step
     WHERE step < steps
)
SELECT partner_id, step, number,
       now()::timestamp(0) - interval '900 days' + (step - 1 + luck) / steps * interval '899 days' AS date
  FROM step;

-- The indexes are made once all the rows are there, which is ten times as fast.
CREATE TEMPORARY TABLE index AS
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'lifecycle_transition' AND indexname NOT LIKE '%_pkey';
SELECT format('DROP INDEX %I', indexname) FROM index \gexec

INSERT INTO lifecycle_transition (partner_id, from_stage_id, from_stage_name, to_stage_id, to_stage_name, date_entered,
                                  date, days_in_stage, source, user_id, create_date)
SELECT partner_id, origin.id, origin.name, target.id, target.name, CASE WHEN origin.id IS NOT NULL THEN since END, date,
       CASE WHEN origin.id IS NOT NULL THEN date_part('epoch', date - since) / 86400 ELSE 0 END,
       CASE WHEN partner_id % 100 = 0 AND since IS NOT NULL THEN 'merge' ELSE 'manual' END, 2, date
  FROM (
           SELECT partner_id, number, date_trunc('second', date) AS date,
                  lag(number) OVER moves AS number_before,
                  date_trunc('second', lag(date) OVER moves) AS since
             FROM move
           WINDOW moves AS (PARTITION BY partner_id ORDER BY step)
       ) AS row
       LEFT JOIN stage origin ON origin.number = row.number_before
       LEFT JOIN stage target ON target.number = row.number
 ORDER BY date;

SELECT indexdef FROM index \gexec

UPDATE res_partner
   SET lifecycle_stage_id = stage.id, date_last_stage_update = last.date
  FROM (SELECT DISTINCT ON (partner_id) partner_id, number, date_trunc('second', date) AS date FROM move ORDER BY partner_id, step DESC) last
       LEFT JOIN stage ON stage.number = last.number
 WHERE res_partner.id = last.partner_id;
COMMIT;

VACUUM ANALYZE;
