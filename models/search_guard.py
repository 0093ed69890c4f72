"""The classes of guarded fields under the name that integrators import them by."""

from ..tools.guarded_fields import (
    GuardedBoolean,
    GuardedDatetime,
    GuardedHtml,
    GuardedInteger,
    GuardedJson,
    GuardedMany2one,
    GuardedOne2many,
    SearchGuard,
)

__all__ = [
    "GuardedBoolean",
    "GuardedDatetime",
    "GuardedHtml",
    "GuardedInteger",
    "GuardedJson",
    "GuardedMany2one",
    "GuardedOne2many",
    "SearchGuard",
]
