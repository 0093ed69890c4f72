from . import models


def post_init_hook(env):
    """Take in the conversations that are there already."""
    env["discuss.channel"]._lifecycle_take_in()
