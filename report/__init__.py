from . import lifecycle_funnel_report, lifecycle_stage_time_report
