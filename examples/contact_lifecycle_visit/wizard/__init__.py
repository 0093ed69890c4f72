from . import lifecycle_stage_set_apply
