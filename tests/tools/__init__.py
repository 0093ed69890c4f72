from . import (
    test_bulk_create,
    test_domain_text,
    test_local_time,
    test_move_in_fitting,
    test_move_in_readers,
    test_move_in_workbook,
    test_period_before,
    test_timeline,
)
