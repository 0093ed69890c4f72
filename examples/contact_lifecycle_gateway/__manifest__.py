{
    "name": "Contact Lifecycle: gateways",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Gateway conversations have a lifecycle stage, a status and an inbox, like live chats",
    "author": "Contact Lifecycle contributors",
    "license": "AGPL-3",
    "depends": ["contact_lifecycle", "mail_gateway"],
    "auto_install": True,
    "post_init_hook": "post_init_hook",
}
