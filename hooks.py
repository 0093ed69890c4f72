from odoo.tools import SQL


def post_init_hook(env):
    """Name the contact of the live chats that were there before the addon, in one statement.

    Contacts are not touched at all: they stay without a stage until the owner applies the
    default one (design decision 7).
    """
    env.cr.execute(
        SQL(
            """
            UPDATE discuss_channel
               SET lifecycle_partner_id = history.partner_id
              FROM (
                    SELECT channel_id, min(partner_id) AS partner_id
                      FROM im_livechat_channel_member_history
                     WHERE livechat_member_type = 'visitor' AND partner_id IS NOT NULL
                  GROUP BY channel_id
                   ) history
             WHERE discuss_channel.id = history.channel_id
            """
        )
    )
