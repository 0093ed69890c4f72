{
    "name": "Contact Lifecycle: neighbours",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "summary": "The addon together with others that change contacts and conversations: only tests",
    "author": "Contact Lifecycle contributors",
    "license": "AGPL-3",
    "depends": [
        "contact_lifecycle_gateway",
        "helpdesk_mgmt",
        "hr_livechat",
        "mail_gateway",
        "mass_mailing",
        "partner_stage",
        "sale_crm",
        "website_livechat",
    ],
}
