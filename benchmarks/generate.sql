-- Contacts in all stages and in none, their last moves in the log, and their conversations: the same for the same sizes.
-- Variables of psql: contacts, conversations.
BEGIN;
SELECT setseed(0.5) \g /dev/null

CREATE TEMPORARY TABLE stage AS
SELECT id, name ->> 'en_US' AS name, row_number() OVER (ORDER BY is_lost, sequence, id) AS number, count(*) OVER () AS total
  FROM lifecycle_stage;

-- A field of Odoo's own that says the same, to compare with.
CREATE TEMPORARY TABLE industry AS
SELECT id, row_number() OVER (ORDER BY id) AS number FROM res_partner_industry;

INSERT INTO res_partner (name, complete_name, email, type, active, partner_share, create_date, write_date,
                         lifecycle_stage_id, date_last_stage_update, industry_id)
SELECT 'Contact ' || n, 'Contact ' || n, 'contact' || n || '@example.com', 'contact', n % 50 <> 0, TRUE, moment, moment,
       stage.id, CASE WHEN stage.id IS NOT NULL THEN moment END, industry.id
  FROM (
           SELECT n, now()::timestamp(0) - random() * interval '400 days' AS moment, 1 + floor(random() * 6) AS number
             FROM generate_series(1, :contacts) n
       ) AS contact
       LEFT JOIN stage ON stage.number = contact.number
       LEFT JOIN industry ON industry.number = stage.number;
CREATE INDEX bench_industry_idx ON res_partner (industry_id) WHERE industry_id IS NOT NULL;
UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;

\ir generate_messages.sql

INSERT INTO lifecycle_transition (partner_id, to_stage_id, to_stage_name, date, source, user_id, days_in_stage)
SELECT contact.id, stage.id, stage.name, contact.date_last_stage_update, 'manual', 2, 0
  FROM res_partner contact JOIN stage ON stage.id = contact.lifecycle_stage_id;

INSERT INTO discuss_channel (name, channel_type, active, uuid, create_date, write_date, last_interest_dt,
                             livechat_operator_id, livechat_status, livechat_end_dt, lifecycle_partner_id,
                             lifecycle_stage_id, lifecycle_status, lifecycle_is_unassigned, lifecycle_snoozed_until)
SELECT 'Conversation ' || n, 'livechat', TRUE, 'bench' || n, moment, moment, moment, operator.partner_id,
       CASE WHEN status <> 'closed' THEN 'in_progress' END, CASE WHEN status = 'closed' THEN moment END,
       contact.id, contact.lifecycle_stage_id, status, n % 7 = 0,
       CASE WHEN status = 'snoozed' THEN now()::timestamp(0) + interval '7 days' END
  FROM (
           SELECT n, now()::timestamp(0) - random() * interval '400 days' AS moment,
                  (ARRAY['closed', 'closed', 'closed', 'open', 'snoozed'])[1 + floor(random() * 5)] AS status,
                  (SELECT min(id) FROM res_partner WHERE name LIKE 'Contact %') + floor(random() * :contacts) AS contact_id
             FROM generate_series(1, :conversations) n
       ) AS conversation
       JOIN res_partner contact ON contact.id = conversation.contact_id
       CROSS JOIN (SELECT partner_id FROM res_users WHERE id = 2) AS operator;
COMMIT;

VACUUM ANALYZE;
