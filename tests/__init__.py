from . import test_gate, test_hoot, test_lint, test_log, test_lost_stage, test_stage, test_stage_deletion
