from odoo import api, models

from ...tools.guarded_fields import GuardedBoolean, GuardedDatetime, GuardedMany2one
from ...tools.shared_text import shared
from .res_partner import AGENT, MANAGER

BY_PEOPLE = ("manual", "bulk", "conversation")


class ResPartner(models.Model):
    """The lock: a contact that somebody has moved back by hand is moved by no rule again (T4)."""

    _inherit = "res.partner"

    lifecycle_locked = GuardedBoolean(
        string="Locked for Rules",
        prefetch=False,  # like the fields below: contacts are read with every mail
        readonly=True,
        copy=False,
        groups=AGENT,
        search_groups=MANAGER,
        help="Somebody has moved this contact back to an earlier stage: no rule moves it until it is released.",
    )
    lifecycle_locked_by_id = GuardedMany2one(
        "res.users",
        string="Locked By",
        prefetch=False,
        readonly=True,
        copy=False,
        groups=AGENT,
        search_groups=MANAGER,
        ondelete="set null",
    )
    lifecycle_locked_date = GuardedDatetime(
        string="Locked On",
        prefetch=False,
        readonly=True,
        copy=False,
        groups=AGENT,
        search_groups=MANAGER,
    )

    @api.model
    def _lifecycle_protected_fields(self):
        own = {"lifecycle_locked", "lifecycle_locked_by_id", "lifecycle_locked_date"}
        return super()._lifecycle_protected_fields() | own

    def _lifecycle_lock_moved_back(self, left, source):
        """Lock those of these contacts, which have moved together, that a person has moved to an earlier lifecycle stage.

        :param dict left: contact id -> ``Stay`` that it has left
        :param str source: a value of ``lifecycle.transition.source``
        """
        if source not in BY_PEOPLE:
            return
        ways = {partner.id: (left[partner.id].stage_id, partner.lifecycle_stage_id.id) for partner in self}
        back = self.env["lifecycle.stage"]._get_ways_back(ways.values())
        moved_back = self.filtered(lambda partner: ways[partner.id] in back and not partner.lifecycle_locked)
        if moved_back:
            moved_back._lifecycle_write_protected(
                {
                    "lifecycle_locked": True,
                    "lifecycle_locked_by_id": self.env.uid,
                    "lifecycle_locked_date": moved_back[:1].date_last_stage_update,
                }
            )

    def _lifecycle_release(self):
        self._lifecycle_write_protected(
            {"lifecycle_locked": False, "lifecycle_locked_by_id": False, "lifecycle_locked_date": False}
        )

    def action_lifecycle_unlock(self):
        """Let rules move these contacts again, “Release” (T4).

        :raises AccessError: when the user is no agent, or may not read one of the contacts
        """
        self._check_field_access(self._fields["lifecycle_locked"], "write")
        self.check_access("read")
        # sudo: res.partner - an agent releases contacts that are not theirs to change otherwise, as they move them
        locked = self.sudo().filtered("lifecycle_locked")
        locked._lifecycle_release()
        text = shared(self).env._("Released: rules may move this contact again.")
        locked._message_log_batch(bodies=dict.fromkeys(locked.ids, text))
