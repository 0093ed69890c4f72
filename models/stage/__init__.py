"""What a stage is: its name, its texts, its segments, and where else it is named."""

# Lost stages delegate to a stage; the others wrap its ``create`` and ``write``.
from . import lifecycle_stage
from . import lifecycle_stage_name
from . import lifecycle_stage_order
from . import lifecycle_stage_segment
from . import ir_filters
from . import lifecycle_stage_template
from . import lifecycle_stage_mention
from . import lifecycle_stage_page
from . import lifecycle_lost_stage
