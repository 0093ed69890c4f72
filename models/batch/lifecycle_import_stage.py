from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.move_in.columns import HUBSPOT_STAGES, get_label
from ...tools.remote_input import shorten
from ..stage.lifecycle_stage import MAX_STAGES
from ..stage.lifecycle_stage_name import MAX_NAME_LENGTH, normalize_name

MADE = ("lifecycle", "lost")
PLACES = {value: place for place, value in enumerate(HUBSPOT_STAGES)}


class LifecycleImportStage(models.Model):
    """What becomes of a stage of the source (D1, D3)."""

    _name = "lifecycle.import.stage"
    _inherit = ["lifecycle.import.line.mixin"]
    _description = "Stage that Moves In"
    _order = "sequence, id"
    _rec_name = "label"

    sequence = fields.Integer(help="Of several labels of a contact, the first in this list is its stage.")
    value = fields.Char(required=True)
    label = fields.Char(string="Stage over There", required=True)
    contact_count = fields.Integer(string="Contacts")
    outcome = fields.Selection(
        [
            ("use", "Is one of ours"),
            ("lifecycle", "Make a lifecycle stage"),
            ("lost", "Make a lost stage"),
            ("empty", "Leave empty"),
        ],
        string="What Happens",
        required=True,
        default="empty",
    )
    stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Ours",
        domain="[('deletion_pending', '=', False)]",
        ondelete="set null",
    )
    after_stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Placed After",
        domain="[('is_lost', '=', False), ('deletion_pending', '=', False)]",
        ondelete="set null",
        help="Empty: before the first won stage.",
    )

    @api.model
    def _suggest(self, moving, counts):
        """Make the lines of an import: what has a name of ours is that stage, whatever the language.

        :param list counts: tuples of the value of the source and the number of contacts that are in it
        """
        labels = any(column.target == "stage_labels" for column in moving.column_ids)
        counts = sorted(counts, key=lambda pair: PLACES.get(pair[0], len(PLACES)))
        kept = {line.value: line for line in moving.stage_ids}
        gone = moving.stage_ids - self.union(*(kept[value] for value, _count in counts if value in kept))
        gone._lifecycle_unlink_lines()
        names = self._get_names_of_ours()
        vals_list = []
        for sequence, (value, count) in enumerate(counts):
            if line := kept.get(value):
                line._lifecycle_write_lines({"contact_count": count})
                continue
            label = get_label(moving.source, value)
            called = (label, value, label[:MAX_NAME_LENGTH])
            stage_id = next((names[name] for name in map(normalize_name, called) if name in names), None)
            vals_list.append(
                {
                    "import_id": moving.id,
                    "sequence": sequence,
                    "value": value,
                    "label": label,
                    "contact_count": count,
                    "outcome": "use" if stage_id else "empty" if labels else "lifecycle",
                    "stage_id": stage_id,
                }
            )
        self._lifecycle_create_lines(vals_list)

    @api.model
    def _get_names_of_ours(self):
        """:return: dict normalised name in any language, without and with the emoji -> id of the stage"""
        Stage = self.env["lifecycle.stage"]
        names = {}
        for code in Stage._get_languages():
            for id_, own in Stage._get_names(code):
                for name in own:
                    names.setdefault(name, id_)
        return names

    def _get_key(self):
        """:return: what a timeline calls the stage that this becomes: its id, or a text while it is not made yet;
        None where it is left empty
        """
        if self.outcome == "use":
            return self.stage_id.id or None
        return None if self.outcome == "empty" else self._get_new_key()

    def _get_keys(self):
        """:return: dict value -> key, of those that are not left empty; what would have one name is one stage"""
        made, keys = {}, {}
        for line in self:
            if line.outcome in MADE:
                keys[line.value] = made.setdefault(line._get_new_name(), line._get_new_key())
            elif key := line._get_key():
                keys[line.value] = key
        return keys

    def _get_new_name(self):
        """:return: the name of the stage that is made, as names are compared"""
        return normalize_name(self.label[:MAX_NAME_LENGTH])

    def _get_new_key(self):
        return f"new:{self.id}"

    @api.model
    def _get_order(self, lines):
        """:return: dict key -> place, of the lifecycle stages as they would be in order with those to be made"""
        stages = self.env["lifecycle.stage"].search([("is_lost", "=", False)])
        keys = list(stages.ids)
        won = next((place for place, stage in enumerate(stages) if stage.is_won), len(keys))
        for line in lines.filtered(lambda line: line.outcome == "lifecycle"):
            if line.after_stage_id.id in keys:
                keys.insert(keys.index(line.after_stage_id.id) + 1, line._get_key())
            else:
                keys.insert(won, line._get_key())
                won += 1
        return {key: place for place, key in enumerate(keys)}

    def _make_stages(self):
        """Make the stages that are to be made, and let the lines use them.

        :raises UserError: when there would be more than twenty (S7), or a line does not say which stage it is
        """
        if undecided := self.filtered(lambda line: line.outcome == "use" and not line.stage_id):
            raise UserError(
                self.env._(
                    "Choose which stage of ours “%(stage)s” is, or leave it empty.",
                    stage=shorten(undecided[0].label),
                )
            )
        self._check_limit()
        Stage = self.env["lifecycle.stage"]
        made = {}
        after = {}  # several are placed after one stage in the order of the list
        for line in self.filtered(lambda line: line.outcome in MADE):
            name = line.label[:MAX_NAME_LENGTH]
            if stage := made.get(line._get_new_name()):
                pass  # the same, written otherwise
            elif line.outcome == "lost":
                stage = self.env["lifecycle.lost.stage"].create({"name": name}).stage_id
            else:
                stage = Stage.create({"name": name})
                if line.after_stage_id:
                    before = after.get(line.after_stage_id, line.after_stage_id)
                    stages = Stage.search([("is_lost", "=", False)]) - stage
                    place = stages.ids.index(before.id) + 1
                    (stages[:place] + stage + stages[place:])._put_in_this_order()
                    after[line.after_stage_id] = stage
            made[line._get_new_name()] = stage
            line.write({"outcome": "use", "stage_id": stage.id})

    def _count_made(self):
        """:return: how many stages would be made"""
        return len({line._get_new_name() for line in self if line.outcome in MADE})

    def _count_excess(self):
        """:return: how many stages would be too many"""
        made = self._count_made()
        return self.env["lifecycle.stage"].search_count([]) + made - MAX_STAGES if made else 0

    def _check_limit(self):
        if (excess := self._count_excess()) > 0:
            raise UserError(
                self.env._(
                    "There can be at most %(max)s stages, lifecycle and lost ones together: use one of ours, or leave "
                    "empty, for %(excess)s more.",
                    max=MAX_STAGES,
                    excess=excess,
                )
            )
