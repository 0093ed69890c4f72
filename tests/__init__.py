"""Tests lie in the rooms of models/; here is what concerns the whole addon, and in common*.py what helps.

Odoo finds test modules by their base names, which are therefore unique in all rooms: of two with one name it would
silently run only one.
"""

from . import (
    test_accessibility,
    test_axe,
    test_documents,
    test_first_steps,
    test_hoot,
    test_hotkeys,
    test_house,
    test_install,
    test_jobs,
    test_jobs_of_owners,
    test_keyboard,
    test_lint,
    test_migration,
    test_migration_of_the_log,
    test_onboarding,
    test_own_settings,
    test_phone_tours,
    test_read_only,
    test_replica,
    test_settings,
    test_shared_text,
    test_tours,
    test_traces,
    test_translations,
    test_two_workers,
)
from .guard import *
from .tools import *
from .stage import *
from .contact import *
from .conversation import *
from .rule import *
from .event import *
from .automation import *
from .batch import *
from .figure import *
