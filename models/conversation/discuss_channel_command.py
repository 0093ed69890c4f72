import re

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ...tools.remote_input import shorten

COMMAND = re.compile(r"\s*/stage(\s|$)", re.IGNORECASE)


class DiscussChannel(models.Model):
    """``/stage NAME`` in a conversation (A10): the answer is private, and the visitor sees nothing of it."""

    _inherit = "discuss.channel"

    def execute_command_stage(self, **kwargs):
        """Set the stage that the text after ``/stage`` names, and tell the user alone what happened.

        :param str body: what was typed, in ``kwargs``: ``/stage hot``, or ``/stage`` to be told the names
        """
        self.ensure_one()
        try:
            self._lifecycle_check_may_move()
            name = COMMAND.sub("", html2plaintext(str(kwargs.get("body") or "")), count=1).strip()
            answer = self._lifecycle_command(name)
        except (AccessError, UserError) as error:
            answer = str(error)
        self.env.user._bus_send_transient_message(self, answer)

    def _lifecycle_command(self, name):
        """:return: the answer, a sentence"""
        Stage = self.env["lifecycle.stage"]
        names = ", ".join(Stage.search([("deletion_pending", "=", False)]).mapped("display_name"))
        if not name:
            return self.env._("Type /stage and the name of a stage: %(stages)s.", stages=names)
        # whole, else its beginning, else a part of it
        found = Stage._find_named(name, str.__eq__, str.startswith, str.__contains__)
        if not found:
            return self.env._(
                "There is no stage “%(name)s”: choose one of %(stages)s.", name=shorten(name), stages=names
            )
        if len(found) > 1:
            return self.env._(
                "“%(name)s” can be %(stages)s: type more of the name.",
                name=shorten(name),
                stages=", ".join(found.mapped("display_name")),
            )
        # sudo: discuss.channel - the role and the right to read were checked
        self.sudo()._lifecycle_move(found)
        return self.env._("This conversation is now in %(stage)s.", stage=found.display_name)

    def message_post(self, **kwargs):
        """Keep a command from the visitor that a page which does not know it sends as a message (A10).

        :raises UserError: when an internal user posts ``/stage ...`` into a conversation with a customer
        """
        if (
            kwargs.get("message_type") == "comment"
            and self.env.user._is_internal()
            and self.channel_type in self._lifecycle_channel_types()
            and COMMAND.match(html2plaintext(kwargs.get("body") or ""))
        ):
            raise UserError(
                self.env._(
                    "“/stage” is a command, and this page does not know it yet. Nothing was sent: reload the page."
                )
            )
        return super().message_post(**kwargs)
