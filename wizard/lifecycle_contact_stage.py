from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.remote_input import browse_untrusted_id, read_ids

MOVES = ("enter", "forward", "back", "returning", "lost", "relost")


class LifecycleContactStage(models.TransientModel):
    """Asks which stage the selected contacts go to, and says before it moves them what that means (A13).

    The action menu offers it to agents (access to this model) while stages are shown at all (groups of
    the action, S2).
    """

    _name = "lifecycle.contact.stage"
    _description = "Set the Stage of Contacts"

    selection = fields.Json(
        default=lambda self: self.env.context.get("active_ids"),
        help="Ids of the contacts. No link to them, as they may be deleted while the dialog is open.",
    )
    stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Lifecycle Stage",
        domain="[('deletion_pending', '=', False)]",
        ondelete="set null",
    )
    effect = fields.Text(compute="_compute_effect")
    left_out = fields.Text(compute="_compute_effect")
    move_count = fields.Integer(compute="_compute_effect")

    @api.depends("selection", "stage_id")
    def _compute_effect(self):
        for wizard in self:
            ways = wizard._get_ways()
            counts = {way: len(contacts) for way, contacts in ways.items()}
            moves, left_out = wizard._tell_moves(counts), wizard._tell_left_out(counts)
            wizard.move_count = len(wizard._get_moving(ways))
            wizard.effect = "\n".join(moves)
            wizard.left_out = "\n".join(left_out)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_stages(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_stages([vals])
        return super().write(vals)

    def action_confirm(self):
        """Set the stage of the contacts, all at once, and say how many have moved (A13).

        :return: an ``ir.actions.client`` dictionary, a notice that closes the dialog; with “Undo” in it where several have moved
        :raises UserError: when no contact is selected, no stage chosen, or none of the contacts can be moved
        :raises AccessError: when the user is no agent
        """
        self.check_access("read")
        if not read_ids(self.selection):
            raise UserError(self.env._("Select the contacts whose stage you want to set."))
        if not self.stage_id:
            raise UserError(self.env._("Choose the stage that the contacts go to."))
        ways = self._get_ways()
        moving = self._get_moving(ways)
        left_out = " ".join(self._tell_left_out({way: len(contacts) for way, contacts in ways.items()}))
        if not moving:
            raise UserError(self.env._("No contact is left to move. %(reasons)s", reasons=left_out))
        batch = moving._lifecycle_move_by_hand(self.stage_id)
        return batch._get_notice(f"{self._tell_moved(self.stage_id, len(moving))} {left_out}".strip())

    def _check_stages(self, vals_list):
        """:raises UserError: when a stage is named that is not there, as it has been deleted since the dialog was opened"""
        self.check_access("create")
        Stage = self.env["lifecycle.stage"]
        stage_ids = [vals["stage_id"] for vals in vals_list if vals.get("stage_id")]
        if not all(browse_untrusted_id(Stage, stage_id) for stage_id in stage_ids):
            raise UserError(self.env._("This stage has been deleted: choose another one."))

    def _get_ways(self):
        """Sort the selected contacts by how they would get into the stage.

        :return: dict name of a way -> the contacts that go it; "selected" are all that the user may read, as long as no
            stage is chosen, and "gone" are ids of those that cannot be found
        """
        ids = read_ids(self.selection)
        Partner = self.env["res.partner"].with_context(active_test=False)
        found = Partner.search([("id", "in", ids)])
        in_scope = Partner.search(Domain("id", "in", found.ids) & Partner._lifecycle_scope_domain())
        ways = defaultdict(Partner.browse, gone=set(ids) - set(found.ids), outside=found - in_scope)
        to_stage = self.stage_id._origin.exists()
        if not to_stage:
            ways["selected"] = in_scope
            return ways
        in_scope.fetch(["lifecycle_stage_id"])
        groups = in_scope.grouped("lifecycle_stage_id")
        back = to_stage._get_ways_back((stage.id, to_stage.id) for stage in groups)
        for stage, contacts in groups.items():
            ways[self._get_way(stage, to_stage, back)] |= contacts
        return ways

    @api.model
    def _get_way(self, stage, to_stage, back):
        if stage == to_stage:
            return "stay"
        if not stage:
            return "enter"
        if to_stage.is_lost:
            return "relost" if stage.is_lost else "lost"
        if stage.is_lost:
            return "returning"
        return "back" if (stage.id, to_stage.id) in back else "forward"

    @api.model
    def _get_moving(self, ways):
        """:return: the contacts that would move"""
        moving = self.env["res.partner"].union(*(ways[way] for way in MOVES))
        return moving.with_env(self.env)

    def _tell_moves(self, counts):
        """:return: list of sentences, what happens to those that move; before a stage is chosen, how many are selected"""
        n = defaultdict(int, counts)
        return self._tell(
            n,
            selected=(
                self.env._("1 contact is selected: choose its stage."),
                self.env._("%(count)s contacts are selected: choose their stage.", count=n["selected"]),
            ),
            enter=(
                self.env._("1 contact without a stage enters it."),
                self.env._("%(count)s contacts without a stage enter it.", count=n["enter"]),
            ),
            forward=(
                self.env._("1 contact goes forward."),
                self.env._("%(count)s contacts go forward.", count=n["forward"]),
            ),
            back=(
                self.env._("1 contact goes back: rules leave it alone from then on."),
                self.env._(
                    "%(count)s contacts go back: rules leave them alone from then on.", count=n["back"]
                ),
            ),
            returning=(
                self.env._("1 contact comes back from a lost stage."),
                self.env._("%(count)s contacts come back from a lost stage.", count=n["returning"]),
            ),
            lost=(
                self.env._("1 contact becomes lost."),
                self.env._("%(count)s contacts become lost.", count=n["lost"]),
            ),
            relost=(
                self.env._("1 contact goes to another lost stage."),
                self.env._("%(count)s contacts go to another lost stage.", count=n["relost"]),
            ),
        )

    def _tell_left_out(self, counts):
        """:return: list of sentences, why the others do not move"""
        n = defaultdict(int, counts)
        return self._tell(
            n,
            stay=(
                self.env._("1 contact is in this stage already."),
                self.env._("%(count)s contacts are in this stage already.", count=n["stay"]),
            ),
            outside=(
                self.env._("1 contact is left out: it has no lifecycle."),
                self.env._("%(count)s contacts are left out: they have no lifecycle.", count=n["outside"]),
            ),
            gone=(
                self.env._("1 of the selected contacts cannot be found any more."),
                self.env._("%(count)s of the selected contacts cannot be found any more.", count=n["gone"]),
            ),
        )

    @api.model
    def _tell_moved(self, stage, count):
        if count == 1:
            return self.env._("1 contact moved to %(stage)s.", stage=stage.display_name)
        return self.env._("%(count)s contacts moved to %(stage)s.", count=count, stage=stage.display_name)

    @api.model
    def _tell(self, counts, **sentences):
        """:return: list of the sentences of those that are there: each is a pair, for one and for many"""
        return [one if counts[way] == 1 else many for way, (one, many) in sentences.items() if counts[way]]
