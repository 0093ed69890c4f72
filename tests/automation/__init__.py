from . import (
    test_stage_automation,
    test_stage_automation_of_stage,
)
