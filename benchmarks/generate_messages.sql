-- What Odoo logs for each new contact.
INSERT INTO mail_message (model, res_id, message_type, subtype_id, author_id, email_from, reply_to, date, body,
                          is_internal, message_id, create_uid, create_date, write_uid, write_date)
SELECT 'res.partner', contact.id, 'notification', subtype.res_id, 3, '"Administrator" <admin@example.com>',
       '"Administrator" <admin@example.com>', contact.create_date, '<p>Contact created</p>', TRUE,
       '<bench-' || contact.id || '@example.com>', 2, contact.create_date, 2, contact.create_date
  FROM res_partner contact
       CROSS JOIN (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'mt_note') AS subtype
 WHERE contact.name LIKE 'Contact %';
