from . import (
    test_domain_text,
    test_local_time,
)
