from . import (
    test_deletion_kill,
    test_move_in,
    test_move_in_kill,
    test_move_in_tours,
    test_move_in_trial,
    test_stage_deletion,
)
