"""A room for each topic, in the order of loading: where two rooms override one method of a model, the later one's
runs outside and calls the earlier one's. In a room, a file is named after its model, or ``<model>_<topic>.py`` where
the model has several topics.

Where to begin: ``contact/res_partner.py``, the gate that every move passes.
"""

from . import lifecycle_live  # others inherit it
from . import guard  # it stands before everything, and its mixins are inherited
from . import stage
from . import contact  # contacts have a stage
from . import conversation  # a conversation has a contact, and shows and moves its stage
from . import rule  # rules move contacts
from . import event  # rules are told of events, after the gate and the conversations have done their part
from . import automation
from . import batch
from . import figure  # it reads all the others, and nobody calls it
from . import lifecycle_settings_mixin
from . import lifecycle_first_steps  # what to do first, in every room
from . import res_config_settings  # it has settings of every room
