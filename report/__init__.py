from . import lifecycle_stay_mixin  # the reports are made of it
from . import lifecycle_funnel_report, lifecycle_stage_time_report
from . import lifecycle_funnel_report_origin  # adds to the first
from . import lifecycle_funnel_report_order
