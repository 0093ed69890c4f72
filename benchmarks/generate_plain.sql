-- The contacts of generate.sql without the addon, with the line that Odoo logs for each.
-- Variables of psql: contacts, conversations (none are made).
BEGIN;
SELECT setseed(0.5) \g /dev/null

CREATE TEMPORARY TABLE industry AS
SELECT id, row_number() OVER (ORDER BY id) AS number FROM res_partner_industry ORDER BY id LIMIT 5;

INSERT INTO res_partner (name, complete_name, email, type, active, partner_share, create_date, write_date, industry_id)
SELECT 'Contact ' || n, 'Contact ' || n, 'contact' || n || '@example.com', 'contact', n % 50 <> 0, TRUE, moment, moment,
       industry.id
  FROM (
           SELECT n, now()::timestamp(0) - random() * interval '400 days' AS moment, 1 + floor(random() * 6) AS number
             FROM generate_series(1, :contacts) n
       ) AS contact
       LEFT JOIN industry ON industry.number = contact.number;
CREATE INDEX bench_industry_idx ON res_partner (industry_id) WHERE industry_id IS NOT NULL;
UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;

\ir generate_messages.sql
COMMIT;

VACUUM ANALYZE;
