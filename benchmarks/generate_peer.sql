-- After generate_plain.sql: its contacts in a stage of the community addon partner_stage.
UPDATE res_partner SET stage_id = (SELECT min(id) FROM res_partner_stage) WHERE name LIKE 'Contact %';

VACUUM ANALYZE;
