from . import contact_visit, lifecycle_rule, lifecycle_transition
