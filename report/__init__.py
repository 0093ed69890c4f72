from . import lifecycle_funnel_report
