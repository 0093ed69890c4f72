"""What is done in the background, a batch after the other."""

from . import lifecycle_stage
from . import lifecycle_batch
from . import lifecycle_batch_undo
from . import lifecycle_transition
from . import res_partner
from . import base_automation
