from . import (
    test_by_company,
    test_dashboard,
    test_dashboard_property,
    test_dashboard_tours,
    test_digest,
    test_funnel,
    test_funnel_compare,
    test_funnel_property,
    test_funnel_split,
    test_left_out,
    test_periods,
    test_reports,
)
