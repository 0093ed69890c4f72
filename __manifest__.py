{
    "name": "Contact Lifecycle",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "summary": "See where every contact stands: lifecycle stages on contacts and conversations",
    "author": "Contact Lifecycle contributors",
    "license": "LGPL-3",
    "depends": ["base_automation", "contacts", "crm_livechat"],
    "data": [
        "security/lifecycle_security.xml",
        "security/ir.model.access.csv",
        "security/lifecycle_report_rules.xml",
        "data/lifecycle_stage_data.xml",
        "data/ir_cron_data.xml",
        "wizard/lifecycle_stage_delete_views.xml",
        "wizard/lifecycle_lost_stage_suggest_views.xml",
        "wizard/lifecycle_contact_lost_views.xml",
        "wizard/lifecycle_conversation_snooze_views.xml",
        "views/lifecycle_stage_views.xml",
        "views/lifecycle_lost_stage_views.xml",
        "views/lifecycle_transition_views.xml",
        "views/res_partner_views.xml",
        "views/crm_lead_views.xml",
        "views/discuss_channel_views.xml",
        "views/res_config_settings_views.xml",
        "report/lifecycle_funnel_report_views.xml",
        "views/lifecycle_menus.xml",
    ],
    "demo": [
        "data/lifecycle_demo.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "contact_lifecycle/static/src/**/*",
        ],
        "web.assets_tests": [
            "contact_lifecycle/static/tests/tours/**/*",
        ],
        "im_livechat.assets_livechat_support_tours": [
            "contact_lifecycle/static/tests/tours/support/**/*",
        ],
        "im_livechat.embed_assets_unit_tests_setup": [
            ("remove", "contact_lifecycle/static/**/*"),
        ],
        "web.assets_unit_tests": [
            "contact_lifecycle/static/tests/**/*",
            ("remove", "contact_lifecycle/static/tests/tours/**/*"),
        ],
    },
    "application": True,
    "post_init_hook": "post_init_hook",
    "pre_init_hook": "pre_init_hook",
}
