from odoo.tools import SQL

# fields of contacts that do not have "lifecycle" in their names
CONTACT_FIELDS = ("date_last_stage_update", "is_rotting")


def pre_init_hook(env):
    """Make the computed columns of conversations before the models load.

    Odoo computes a new stored field record by record; columns that are there already it leaves to
    ``post_init_hook``, which fills them in one statement each (design decision 7).
    """
    env.cr.execute(
        SQL(
            """
            ALTER TABLE discuss_channel
                ADD COLUMN IF NOT EXISTS lifecycle_status varchar,
                ADD COLUMN IF NOT EXISTS lifecycle_is_unassigned boolean
            """
        )
    )


def post_init_hook(env):
    """Say of the live chats that were there before the addon who the contact is and how they stand.

    Contacts are not touched at all: they stay without a stage until the owner applies the default one.
    """
    env.cr.execute(
        SQL(
            """
            UPDATE discuss_channel
               SET lifecycle_partner_id = customer.partner_id,
                   lifecycle_status = CASE WHEN channel.livechat_end_dt IS NULL THEN 'open' ELSE 'closed' END,
                   lifecycle_is_unassigned = agent.channel_id IS NULL
              FROM discuss_channel channel
         LEFT JOIN (
                    SELECT channel_id, min(partner_id) AS partner_id
                      FROM im_livechat_channel_member_history
                     WHERE livechat_member_type = 'visitor' AND partner_id IS NOT NULL
                  GROUP BY channel_id
                   ) customer ON customer.channel_id = channel.id
         LEFT JOIN (
                    SELECT DISTINCT member.channel_id
                      FROM discuss_channel_member member
                      JOIN res_partner partner ON partner.id = member.partner_id
                 LEFT JOIN im_livechat_channel_member_history history ON history.member_id = member.id
                     WHERE partner.active AND NOT partner.partner_share
                       AND history.livechat_member_type IS DISTINCT FROM 'visitor'
                   ) agent ON agent.channel_id = channel.id
             WHERE discuss_channel.id = channel.id
               AND channel.channel_type IN %s
               AND channel.lifecycle_status IS NULL
            """,
            tuple(env["discuss.channel"]._lifecycle_channel_types()),
        )
    )


def uninstall_hook(env):
    """Take away what Odoo would leave behind, and what would fail without the fields of the addon.

    The chatter of contacts and the leads that rules made stay: they are the people's.
    """
    _delete_favourites(env)
    _switch_off_automations(env)
    env["ir.exports.line"].search([("name", "like", "lifecycle_")]).unlink()
    env["ir.config_parameter"].search([("key", "=like", "contact_lifecycle.%")]).unlink()
    # Odoo knows the foreign keys of an addon, and what others' mixins have to do with its models, but forgets them.
    env["ir.model.constraint"].search(
        [("module.name", "=", "contact_lifecycle"), ("type", "=", "f")]
    ).unlink()
    env["ir.model.data"].search(
        [("name", "=like", "model_inherit__lifecycle_%"), ("module", "!=", "contact_lifecycle")]
    ).unlink()


def _delete_favourites(env):
    """Delete the favourites that name a field of the addon: the page that opens with one would fail."""
    favourites = env["ir.filters"].with_context(active_test=False).search([])
    favourites.filtered(
        lambda favourite: (
            favourite.model_id.startswith("lifecycle.")
            or any(
                name in f"{favourite.domain} {favourite.context} {favourite.sort}"
                for name in ("lifecycle_", *CONTACT_FIELDS * (favourite.model_id == "res.partner"))
            )
        )
    ).unlink()


def _switch_off_automations(env):
    """Switch off the automations that name a field of the addon: each would fail."""
    automations = env["base.automation"].search([])
    automations.filtered(
        lambda automation: (
            any(
                "lifecycle_" in (condition or "") or "date_last_stage_update" in (condition or "")
                for condition in (automation.filter_domain, automation.filter_pre_domain)
            )
            or "contact_lifecycle" in (automation.trg_date_id.modules or "")
        )
    ).action_archive()
