from . import (
    test_command,
    test_conversation_status,
    test_default_stage,
    test_discuss_queries,
    test_gate,
    test_hoot,
    test_import,
    test_lint,
    test_log,
    test_lost_stage,
    test_stage,
    test_stage_deletion,
)
