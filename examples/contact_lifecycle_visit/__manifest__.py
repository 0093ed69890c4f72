{
    "name": "Contact Lifecycle: visits",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "Visits to contacts, which move them on: an example of all that an addon can join",
    "author": "Contact Lifecycle contributors",
    "license": "LGPL-3",
    "depends": ["contact_lifecycle"],
    "data": [
        "security/ir.model.access.csv",
        "views/contact_visit_views.xml",
        "views/lifecycle_rule_views.xml",
    ],
}
