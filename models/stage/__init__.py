"""What a stage is: its name, its texts, its segments, and where else it is named."""

from . import (
    lifecycle_stage,
)  # lost stages delegate to it; the others below wrap its ``create`` and ``write``
from . import lifecycle_stage_name
from . import lifecycle_stage_segment
from . import lifecycle_stage_template
from . import lifecycle_stage_mention
from . import lifecycle_lost_stage
