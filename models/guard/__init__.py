"""Who may filter, sort, group and export by what, and who writes what only the addon writes."""

from . import lifecycle_protected  # others inherit it
from . import base
from . import ir_model
from . import ir_filters
