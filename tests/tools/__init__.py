from . import (
    test_domain_text,
)
