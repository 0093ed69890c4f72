from itertools import takewhile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.stage.lifecycle_stage import MAX_STAGES
from ..tools.remote_input import readable
from ..tools.shared_text import shared
from .lifecycle_stage_sets import STAGE_SETS


class LifecycleStageSetApply(models.TransientModel):
    """Applies a ready-made stage set, step by step: choose one, see what it will do, apply it (S14).

    What the set has is added or put in order; what it does not have is left, unless the owner says
    otherwise. The preview is only what the owner has seen: what is done follows from the stages there
    are when it is applied.
    """

    _name = "lifecycle.stage.set.apply"
    _description = "Apply a Stage Set"

    step = fields.Selection([("choose", "Choose"), ("preview", "Preview")], default="choose", readonly=True)
    stage_set = fields.Selection(
        lambda self: [
            (key, self.env["lifecycle.stage"]._template_texts(stage_set)["name"])
            for key, stage_set in self._get_stage_sets().items()
        ],
        required=True,
        default=next(iter(STAGE_SETS)),
    )
    description = fields.Text(compute="_compute_description")
    stage_names = fields.Char(string="Stages", compute="_compute_description")
    lost_stage_names = fields.Char(string="Lost Stages", compute="_compute_description")
    line_ids = fields.One2many("lifecycle.stage.set.apply.line", "wizard_id", string="Stages in the Preview")
    uncounted = fields.Char(string="Also There", compute="_compute_uncounted")
    set_default = fields.Boolean(string="Start new contacts in the first stage", default=True)
    new_default_name = fields.Char(compute="_compute_new_default_name")
    excess = fields.Integer(compute="_compute_excess")

    @api.depends("stage_set")
    def _compute_description(self):
        texts = self.env["lifecycle.stage"]._template_texts
        for wizard in self:
            labels = {False: [], True: []}
            for template in wizard._get_templates().values():
                labels[bool(template.get("is_lost"))].append(f"{template['emoji']} {texts(template)['name']}")
            wizard.stage_names = " → ".join(labels[False])
            wizard.lost_stage_names = ", ".join(labels[True])
            stage_set = self._get_stage_sets().get(wizard.stage_set)
            wizard.description = stage_set and texts(stage_set)["description"]

    @api.depends("stage_set", "line_ids")
    def _compute_new_default_name(self):
        """Empty where the set's first stage is the default already: then there is nothing to choose."""
        for wizard in self:
            first = wizard.line_ids[:1]
            wizard.new_default_name = not first.stage_id.is_default and first.name

    @api.depends("line_ids.stage_id")
    def _compute_uncounted(self):
        for wizard in self:
            _count, wizard.uncounted = self.env["res.partner"]._lifecycle_describe_uncounted(
                wizard._in_stages()
            )

    @api.depends("line_ids.outcome")
    def _compute_excess(self):
        for wizard in self:
            outcomes = wizard.line_ids.mapped("outcome")
            wizard.excess = wizard._count_excess(outcomes.count("add"), outcomes.count("delete"))

    def action_preview(self):
        """Show what applying the set will do, each stage that it does not have being left for now.

        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.act_window`` dictionary, this dialog again
        """
        self.ensure_one()
        self.env["lifecycle.stage"].check_access("write")
        lines = [
            Command.create({"sequence": sequence, **vals})
            for sequence, vals in enumerate(self._preview_vals())
        ]
        self.write({"step": "preview", "line_ids": [Command.clear(), *lines]})
        self._suggest_targets()
        return self._reopen()

    @api.readonly
    def action_open_uncounted(self):
        """Open the contacts in the stages of the preview that it does not count.

        :return: an ``ir.actions.act_window`` dictionary
        :raises AccessError: when the user is no manager
        """
        self.ensure_one()
        self.env["lifecycle.stage"]._check_manager()
        return self.env["res.partner"]._lifecycle_uncounted_action(self._in_stages())

    def action_back(self):
        """Choose again.

        :return: an ``ir.actions.act_window`` dictionary, this dialog again
        """
        self.ensure_one()
        self.write({"step": "choose", "line_ids": [Command.clear()]})
        return self._reopen()

    def action_apply(self):
        """Apply the set: what it has is added or put in order, the rest is done as chosen in the preview (S14, S16).

        Contacts whose stage goes move as when it is deleted by itself, large numbers in the background.

        :raises UserError: when there would be more than twenty stages (S7), a stage to delete is in use, or it is
            not said which stage of the set its contacts move to
        :raises AccessError: when the user is not an owner
        :return: an ``ir.actions.client`` dictionary, the page of stages
        """
        self.ensure_one()
        Stage = self.env["lifecycle.stage"]
        Stage.check_access("create")
        Stage._lock_structure()
        found, templates = self._match(), self._get_templates()
        matched = Stage.union(*found.values())
        chosen = {line.stage_id: line.outcome for line in self.line_ids if line.stage_id}
        others = Stage.search([("deletion_pending", "=", False)]) - matched
        to_delete = others.filtered(lambda stage: chosen.get(stage) == "delete")
        lost = others.filtered(lambda stage: chosen.get(stage) == "to_lost" and not stage.is_lost)
        self._check_deletable(to_delete)
        targets = self._get_targets(others, found)
        self._check_limit(sum(not stage for stage in found.values()), len(to_delete))
        # to make room for the new ones, but never all that contacts can start in (S12)
        last = to_delete.filtered(lambda stage: not stage.is_lost)[-1:]
        kept = Stage if to_delete._remaining_lifecycle_stages() else last
        for stage in to_delete - kept:
            stage._delete_emptied()
        for key, stage in found.items():
            if not stage:
                found[key] = Stage._create_from_template(key, templates[key])
            elif bool(templates[key].get("is_lost")) != stage.is_lost:
                self._convert(stage)
        self._convert(lost)
        self._put_in_order(Stage.union(*found.values()))
        if self.set_default:
            next(iter(found.values()))._make_default()
        for stage in kept:
            stage._delete_emptied()
        name = shared(self)._get_set_name()
        with self.env["lifecycle.batch"]._of("stage_deletion", name=name) as batch:
            for stage, key in targets.items():
                stage._move_contacts_and_delete(found[key], batch)
        self._add_standard_rules(found)
        self.env["lifecycle.first.steps"]._note("stages")
        return Stage._get_page_action()

    @api.model
    def _get_stage_sets(self):
        """The sets to choose from; addons add theirs.

        :return: dict key -> dict with ``name``, ``description`` and ``stages``: a dict, in their order, of the
            last part of a stage's XML ID, which is the same stage in every set, -> values of the stage, with
            ``is_lost`` where it is a lost one. Texts may be lazily translated.
        """
        return STAGE_SETS

    def _get_set_name(self):
        return self.env["lifecycle.stage"]._template_texts(self._get_stage_sets()[self.stage_set])["name"]

    def _get_templates(self):
        """:return: dict key -> values of the stages of the chosen set"""
        return self._get_stage_sets()[self.stage_set]["stages"] if self.stage_set else {}

    def _match(self):
        """Find the stages of the set in this database: by name, in any language, however it is written, else by
        what they were made of, as they may have been renamed. No stage is two of the set.

        :return: dict key -> ``lifecycle.stage``, one record or none, in the order of the set
        """
        stages = self.env["lifecycle.stage"].search([("deletion_pending", "=", False)])
        templates = self._get_templates()

        def called(key):
            return stages._find_called(templates[key])

        def made_of(key):
            return self.env["lifecycle.stage"]._find_from_template(key, templates[key]) & stages

        found = dict.fromkeys(templates, self.env["lifecycle.stage"])
        for candidates in (called, made_of):
            for key in found:
                free = candidates(key) - self.env["lifecycle.stage"].union(*found.values())
                found[key] = found[key] or free[:1]
        return found

    def _in_stages(self):
        """:return: domain of the contacts in the stages of the preview"""
        return [("lifecycle_stage_id", "in", readable(self.line_ids.stage_id).ids)]

    def _count_excess(self, added, deleted):
        return self.env["lifecycle.stage"].search_count([]) + added - deleted - MAX_STAGES

    def _check_limit(self, added, deleted):
        excess = self._count_excess(added, deleted)
        if excess > 0:
            raise UserError(
                self.env._(
                    "There can be at most %(max)s stages, lifecycle and lost ones together, and the set would "
                    "bring them to %(count)s: delete %(excess)s of the others first.",
                    max=MAX_STAGES,
                    count=MAX_STAGES + excess,
                    excess=excess,
                )
            )

    def _check_deletable(self, stages):
        if used := stages.filtered(lambda stage: not stage._is_empty()):
            raise UserError(
                self.env._(
                    "There are contacts in %(stages)s: leave it, or move them to a stage of the set.",
                    stages=", ".join(used.mapped("display_name")),
                )
            )

    def _get_targets(self, stages, found):
        """:return: dict stage whose contacts move -> the key of the stage of the set that they move to"""
        moving = self.line_ids.filtered(lambda line: line.outcome == "move" and line.stage_id in stages)
        if undecided := moving.filtered(lambda line: line.target_line_id.key not in found):
            raise UserError(
                self.env._(
                    "Choose where the contacts in %(stages)s move: to a stage of the set.",
                    stages=", ".join(undecided.stage_id.mapped("display_name")),
                )
            )
        return {line.stage_id: line.target_line_id.key for line in moving}

    def _convert(self, stages):
        """Turn lifecycle stages into lost ones and the other way round (S13)."""
        lost = stages.lost_stage_ids
        stages.filtered(lambda stage: not stage.is_lost).action_convert_to_lost()
        if lost:
            lost.action_convert_to_lifecycle()

    def _put_in_order(self, stages):
        """Put the stages of the set first, in its order, and the others after them, in theirs; but before the set's
        first won stage those that are not won (S16).
        """
        others = self.env["lifecycle.stage"].search([], limit=MAX_STAGES) - stages
        lost = stages.filtered("is_lost")
        way = stages - lost
        before_won = way.browse(stage.id for stage in takewhile(lambda stage: not stage.is_won, way))
        if before_won != way:
            before_won += others.filtered(lambda stage: not (stage.is_won or stage.is_lost))
        (before_won | way | lost | others)._put_in_this_order()

    def _add_standard_rules(self, found):
        """The lead pipeline brings the two rules that move contacts on by themselves (T3)."""
        if self.stage_set == "lead_pipeline":
            self.env["lifecycle.rule"]._create_standard_rules(found["attempting"], found["connected"])

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply a Stage Set"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
