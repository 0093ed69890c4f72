"""What is done in the background, a batch after the other."""

from . import lifecycle_stage
