from . import (
    test_deletion_kill,
    test_stage_deletion,
)
