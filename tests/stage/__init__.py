from . import (
    test_lost_stage,
    test_segment,
    test_stage,
    test_stage_mention,
    test_stage_name,
    test_stage_name_unique,
    test_stage_page,
    test_stage_set,
    test_stage_set_moves,
    test_stage_tours,
)
