from odoo import models


class LifecycleStageSetApply(models.TransientModel):
    """The preview: what applying the set would do, and where it suggests that contacts move (S14, S16)."""

    _inherit = "lifecycle.stage.set.apply"

    def _preview_vals(self):
        """:return: list of dict, the values of the lines of the preview"""
        found = self._match()
        matched = self.env["lifecycle.stage"].union(*found.values())
        others = self.env["lifecycle.stage"].search([("deletion_pending", "=", False)]) - matched

        def existing(stage, outcome):
            return {
                "stage_id": stage.id,
                "name": stage.display_name,
                "is_lost": stage.is_lost,
                "is_won": stage.is_won,
                "contact_count": stage.contact_count,
                "outcome": outcome,
                "allowed_outcomes": [outcome],
            }

        def added(template):
            return {
                "name": f"{template['emoji']} {others._template_texts(template)['name']}",
                "is_lost": template.get("is_lost"),
                "is_won": template.get("is_won"),
                "outcome": "add",
                "allowed_outcomes": ["add"],
            }

        vals_list, templates = [], self._get_templates()
        for key, stage in found.items():
            as_in_the_set = stage.is_lost == bool(templates[key].get("is_lost"))
            outcome = "keep" if as_in_the_set else "to_lifecycle" if stage.is_lost else "to_lost"
            vals = existing(stage, outcome) if stage else added(templates[key])
            vals_list.append({**vals, "key": key})
        for stage in others:
            is_empty = stage._is_empty()
            allowed = ["leave"] + ["move"] * (not is_empty)
            allowed += ["to_lost"] * (not stage.is_lost) + ["delete"] * is_empty
            vals_list.append(
                {**existing(stage, "leave"), "allowed_outcomes": allowed, "is_free": len(allowed) > 1}
            )
        return vals_list

    def _suggest_targets(self):
        """Suggest, for each stage that the set does not have, the stage of the set that its contacts move to.

        It is the one as far on the way to the first won stage, rather nearer than further; for a won stage a
        won one, for a lost stage a lost one.
        """
        new, lines = self.line_ids.filtered("key"), self.line_ids
        new_lost = new.filtered(
            lambda line: line.outcome == "to_lost" or (line.is_lost and line.outcome != "to_lifecycle")
        )
        new_won = (new - new_lost).filtered("is_won")
        new_way = new - new_lost - new_won
        old_way = lines.filtered(lambda line: line.stage_id and not (line.is_lost or line.is_won))
        old_way = old_way.sorted(lambda line: (line.stage_id.sequence, line.stage_id.id))
        last = len(new_way) - 1
        for line in lines - new:
            if line.is_lost:
                target = new_lost[:1]
            elif line.is_won:
                target = new_won[:1] or new_way[-1:]
            else:
                place = old_way.ids.index(line.id) * max(last, 0) // max(len(old_way) - 1, 1)
                target = new_way[place : place + 1]
            line.target_line_id = target
