"""Put right whom 19.0.1.0.0 took for the customer (I8), and channels that are no conversations with customers.

It starts from any of these states, and a second run changes nothing:

* the contact of a conversation is a chatbot, one of the database's own users, a former one who was in the conversation,
  or somebody who was invited into it;
* a channel that is no conversation with a customer, such as #general, has a contact, a stage or a status;
* a conversation is taken to be somebody's who has left the company.

A contact that a person may have chosen stays: somebody outside of the conversation who is no user. Rows of the log stay,
and so do the stages of contacts. It runs at the end, when all addons are loaded that have conversations of their own.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

WRONG = """
    SELECT channel.id
      FROM discuss_channel channel
      JOIN res_partner contact ON contact.id = channel.lifecycle_partner_id
     WHERE channel.channel_type = ANY(%(types)s)
       AND (
               EXISTS (
                   SELECT FROM im_livechat_channel_member_history history
                    WHERE history.channel_id = channel.id
                      AND history.partner_id = contact.id
                      AND history.livechat_member_type IN ('agent', 'bot')
               )
            OR NOT %(outsider)s AND (
                   EXISTS (
                       SELECT FROM discuss_channel_member member
                        WHERE member.channel_id = channel.id AND member.partner_id = contact.id
                   )
                OR EXISTS (
                       SELECT FROM im_livechat_channel_member_history history
                        WHERE history.channel_id = channel.id AND history.partner_id = contact.id
                   )
                OR EXISTS (
                       SELECT FROM res_users colleague
                        WHERE colleague.partner_id = contact.id AND colleague.active AND NOT colleague.share
                   )
                OR EXISTS (SELECT FROM chatbot_script script WHERE script.operator_partner_id = contact.id)
               )
           )
"""


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    clear_other_channels(env)
    put_contacts_right(env)
    env["discuss.channel"]._lifecycle_fill_status()


def clear_other_channels(env):
    """Their status follows in ``_lifecycle_fill_status``."""
    env.cr.execute(
        SQL(
            """
            UPDATE discuss_channel
               SET lifecycle_partner_id = NULL, lifecycle_stage_id = NULL, lifecycle_snoozed_until = NULL
             WHERE channel_type != ALL(%s)
               AND (lifecycle_partner_id IS NOT NULL
                    OR lifecycle_stage_id IS NOT NULL
                    OR lifecycle_snoozed_until IS NOT NULL)
            """,
            env["discuss.channel"]._lifecycle_channel_types(),
        )
    )


def put_contacts_right(env):
    """The conversation gets its customer, with the contact's stage; where nobody knows the customer, the stage that it
    was given itself, and an open one that never was given any starts in the default stage, as it should have.
    """
    Channel = env["discuss.channel"]
    wrong = SQL(
        WRONG,
        types=Channel._lifecycle_channel_types(),
        outsider=env["res.partner"]._lifecycle_outsider_sql(SQL.identifier("contact", "id")),
    )
    rows = env.execute_query(
        SQL(
            """
            UPDATE discuss_channel
               SET lifecycle_partner_id = customer.partner_id,
                   lifecycle_stage_id = CASE
                       WHEN customer.partner_id IS NOT NULL THEN partner.lifecycle_stage_id
                       ELSE (
                           SELECT to_stage_id
                             FROM lifecycle_transition move
                            WHERE move.channel_id = channel.id
                         ORDER BY move.date DESC, move.id DESC
                            LIMIT 1
                       )
                   END
              FROM (%s) channel
         LEFT JOIN (%s) customer ON customer.channel_id = channel.id
         LEFT JOIN res_partner partner ON partner.id = customer.partner_id
             WHERE discuss_channel.id = channel.id
         RETURNING discuss_channel.id
            """,
            wrong,
            Channel._lifecycle_customers_sql(),
        )
    )
    env.invalidate_all()
    channels = Channel.browse([row[0] for row in rows])
    channels.filtered(lambda channel: not channel.livechat_end_dt)._lifecycle_apply_default("create")
