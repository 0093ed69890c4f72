from . import (
    test_hubspot_table,
    test_rule,
    test_rule_condition,
    test_rule_criteria,
    test_rule_dry_run,
    test_rule_engine,
    test_rule_inactivity,
    test_rule_kill,
    test_rule_lead,
    test_rule_lead_company,
    test_rule_lead_delay,
    test_rule_queries,
)
