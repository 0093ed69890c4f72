"""What dev/check-replica does in Odoo's shell before the standby is copied: whom the pages show, and who looks at them."""

# ruff: noqa: F821 - env is the shell's

from odoo import Command

watcher = env["res.users"].create(
    {
        "name": "Watcher",
        "login": "watcher",
        "password": "watcher",
        "tz": "UTC",
        "group_ids": [
            Command.set(
                [
                    env.ref("sales_team.group_sale_manager").id,
                    env.ref("im_livechat.im_livechat_group_manager").id,
                ]
            )
        ],
    }
)
new_lead, hot_lead = (
    env.ref(f"contact_lifecycle.lifecycle_stage_{name}") for name in ("new_lead", "hot_lead")
)
env["res.partner"].create(
    [{"name": f"Moving {number}", "lifecycle_stage_id": hot_lead.id} for number in range(9)]
)
for number in range(9):
    guest = env["mail.guest"].create({"name": f"Visitor {number}"})
    env["discuss.channel"].create(
        {
            "name": f"Visitor {number}",
            "channel_type": "livechat",
            "livechat_operator_id": watcher.partner_id.id,
            "livechat_status": "in_progress",
            "lifecycle_stage_id": new_lead.id,
            "channel_member_ids": [
                Command.create({"partner_id": watcher.partner_id.id, "livechat_member_type": "agent"}),
                Command.create({"guest_id": guest.id, "livechat_member_type": "visitor"}),
            ],
        }
    )
env.cr.commit()
