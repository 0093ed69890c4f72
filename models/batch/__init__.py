"""What is done in the background, a batch after the other."""

from . import lifecycle_stage
from . import lifecycle_batch
from . import lifecycle_batch_undo
from . import lifecycle_batch_unmoved
from . import lifecycle_transition
from . import res_partner
from . import res_partner_many
from . import base_automation
from . import lifecycle_import  # the topics below own fields of their own
from . import lifecycle_import_line
from . import lifecycle_import_column
from . import lifecycle_import_stage
from . import lifecycle_import_row
from . import lifecycle_import_choice
from . import lifecycle_import_reading
from . import lifecycle_import_joining
from . import lifecycle_import_background
from . import lifecycle_import_matching
from . import lifecycle_import_trial
from . import lifecycle_import_contact
from . import lifecycle_import_running
from . import lifecycle_import_report
from . import lifecycle_import_hints
from . import lifecycle_import_texts
