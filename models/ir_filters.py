import ast
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .search_guard import RELATIONAL_OPERATORS


class IrFilters(models.Model):
    """Favourites: the segments that come with each stage (P3), and those that somebody may not use any more (P2)."""

    _name = "ir.filters"
    _inherit = ["ir.filters", "lifecycle.protected.mixin"]

    lifecycle_stage_id = fields.Many2one(
        "lifecycle.stage",
        string="Segment of Stage",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        help="The stage that this favourite came with: it is renamed and deleted with it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._lifecycle_without_protected(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._lifecycle_without_protected(vals))

    @api.model
    def _lifecycle_protected_fields(self):
        return super()._lifecycle_protected_fields() | {"lifecycle_stage_id"}

    def _lifecycle_write_protected(self, vals):
        """Write the columns that ``write`` ignores."""
        return super().write(vals)

    @api.model
    def get_filters(self, model, *args, **kwargs):
        """List the favourites, without those that would be refused, and name the ready-made segments as their stages.

        A page that opens with a refused one opens without it, and the user is told (P2, P3).
        """
        favourites = super().get_filters(model, *args, **kwargs)
        if model not in self.env or not favourites:
            return favourites
        refused = [favourite for favourite in favourites if self._is_refused(self.env[model], favourite)]
        self._tell_refused([favourite["name"] for favourite in refused if favourite["is_default"]])
        favourites = [favourite for favourite in favourites if favourite not in refused]
        return self._name_segments(favourites) if model == "res.partner" else favourites

    @api.model
    def _name_segments(self, favourites):
        """:return: the favourites, the ready-made segments last, in the order and by the names of their stages"""
        segments = self.search_fetch(
            [
                ("id", "in", [favourite["id"] for favourite in favourites]),
                ("lifecycle_stage_id", "!=", False),
            ],
            ["lifecycle_stage_id"],
        )
        by_id = {favourite["id"]: favourite for favourite in favourites}
        own = [favourite for favourite in favourites if favourite["id"] not in segments.ids]
        if not self.env["res.partner"]._lifecycle_is_enabled():
            return own
        return own + [
            {**by_id[segment.id], "name": segment.lifecycle_stage_id.display_name}
            for segment in segments.sorted(
                lambda s: (s.lifecycle_stage_id.is_lost, s.lifecycle_stage_id.sequence)
            )
        ]

    @api.model
    def _tell_refused(self, names):
        if names:
            message = self.env._(
                "“%(favourites)s” was left out, as it uses stages: ask an administrator for the role of a lifecycle "
                "manager, or choose another default favourite.",
                favourites=", ".join(names),
            )
            self.env.user._bus_send(
                "simple_notification", {"type": "warning", "message": message, "sticky": True}
            )

    @api.model
    def _is_refused(self, model, favourite):
        """Whether the user may not use what this favourite filters, groups or sorts by.

        :param model: the model, an empty recordset
        :param dict favourite: as ``get_filters`` returns it; the web client evaluates it, so it may hold any expression
        """
        try:
            self._check_expression(model, ast.parse(favourite["domain"].strip(), mode="eval").body)
            for node in ast.walk(ast.parse(favourite["context"].strip(), mode="eval")):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
                    model._check_search_path(node.value.partition(":")[0])
            for order in json.loads(favourite["sort"]):
                model._check_search_path(order.split()[0])
        except AccessError:
            return True
        except (AttributeError, IndexError, SyntaxError, TypeError, ValueError):
            return False  # not for this to say what is wrong with it
        return False

    @api.model
    def _check_expression(self, model, node, elsewhere=False):
        """Check each condition of a domain that is not evaluated yet.

        :raises AccessError: when the user may not use one of its fields
        """
        if isinstance(node, ast.List | ast.Tuple):
            match node.elts:
                case [ast.Constant(value=str(path)), ast.Constant(value=str(operator)), value]:
                    comodel = model._check_search_path(path, elsewhere)
                    if operator in RELATIONAL_OPERATORS and comodel is not None:
                        self._check_expression(comodel, value, elsewhere=True)
                case elements:
                    for element in elements:
                        self._check_expression(model, element, elsewhere)
        elif isinstance(node, ast.BinOp):
            self._check_expression(model, node.left, elsewhere)
            self._check_expression(model, node.right, elsewhere)
