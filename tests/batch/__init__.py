from . import (
    test_batch,
    test_batch_property,
    test_batch_tours,
    test_batch_undo,
    test_deletion_kill,
    test_move_in,
    test_move_in_kill,
    test_move_in_tours,
    test_move_in_trial,
    test_stage_deletion,
    test_undo_kill,
)
