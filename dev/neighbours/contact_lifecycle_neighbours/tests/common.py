from odoo.addons.contact_lifecycle.tests.common import LifecycleCase


class NeighboursCase(LifecycleCase):
    """Users as they are where all apps are used, and something to see on each screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls.make_user(
            "neighbours_agent",
            "sales_team.group_sale_salesman,im_livechat.im_livechat_group_user,mail_gateway.gateway_user,"
            "helpdesk_mgmt.group_helpdesk_user_own,mass_mailing.group_mass_mailing_user",
        )
        cls.sales_manager = cls.make_user(
            "neighbours_manager",
            "sales_team.group_sale_manager,im_livechat.im_livechat_group_manager,mail_gateway.gateway_user,"
            "helpdesk_mgmt.group_helpdesk_manager,mass_mailing.group_mass_mailing_user",
        )
        cls.sales_owner = cls.make_user(
            "neighbours_owner", "base.group_partner_manager,contact_lifecycle.group_owner"
        )
        cls.admin = cls.env.ref("base.user_admin")
        cls.everybody = cls.salesman | cls.sales_manager | cls.sales_owner | cls.admin
        # Nobody is guided; with mail_gateway, Discuss goes on rendering for ever where OdooBot has something to say.
        cls.everybody.write({"odoobot_state": "disabled", "tour_enabled": False})
        contacts = cls.make_contacts(3, cls.hot_lead)
        contacts[0].lifecycle_stage_id = cls.cold_lead.stage_id
        cls.make_livechat(contacts[1], cls.salesman)
        cls.make_livechat(cls.make_guest(), cls.salesman)
        cls.env["crm.lead"].create(
            [
                {"name": kind, "type": kind, "partner_id": contacts[2].id, "user_id": cls.salesman.id}
                for kind in ("lead", "opportunity")
            ]
        )
        cls.env["helpdesk.ticket"].create(
            {"name": "Ticket", "description": "A question.", "partner_id": contacts[2].id}
        )
