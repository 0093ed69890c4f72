"""Figures: the dashboard and the digest. Nobody calls them."""

from . import lifecycle_dashboard  # the others below add to it
from . import lifecycle_dashboard_left_out
from . import lifecycle_dashboard_funnel
from . import lifecycle_dashboard_actions
from . import lifecycle_dashboard_split
from . import lifecycle_dashboard_cohorts
from . import lifecycle_dashboard_columns
from . import res_partner_last_contact
from . import digest_digest
