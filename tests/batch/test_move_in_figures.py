import random
from datetime import datetime, timedelta

from odoo.tests import tagged

from ..common_dashboard import DashboardCase
from ..common_move_in import MoveInCase
from ..scripts import move_in_files


@tagged("post_install", "-at_install")
class TestMoveInFigures(MoveInCase, DashboardCase):
    """D2: figures are those of a database in which the same moves were made on the days."""

    def read_stays(self, contacts):
        places = {contact.id: place for place, contact in enumerate(contacts)}
        stays = self.env["lifecycle.funnel.report"].search([("partner_id", "in", contacts.ids)])
        return sorted(
            repr(
                (
                    places[stay.partner_id.id],
                    stay.stage_id.id,
                    stay.date_entered,
                    stay.date_left,
                    stay.outcome,
                    stay.is_passed,
                    stay.next_stage_id.id,
                    stay.conversion_rate,
                )
            )
            for stay in stays
        )

    def test_figures_count_from_the_day_it_happened(self):
        """D2, M3, M6"""
        people = move_in_files.make_people("respondio", 25, seed=7)
        moving = self.move_in("respondio", move_in_files.write_respondio(people))
        stages = {line.value: line.stage_id for line in moving.stage_ids}
        imported = self.Partner.union(*(self.find("respondio", person.id) for person in people))
        twins = self.make_contacts_without_stage(len(people))
        moves = [
            (when, twin, stages[stage])
            for person, twin in zip(people, twins, strict=True)
            for stage, when in person.moves
        ]
        for when, twin, stage in sorted(moves, key=lambda move: move[0]):
            twin._lifecycle_move_at(stage.id, when)
        self.env.flush_all()
        stays = self.read_stays(imported)
        self.assertGreater(len(stays), 40)
        self.assertEqual(stays, self.read_stays(twins))
        self.assertEqual(imported.mapped("duration_tracking"), twins.mapped("duration_tracking"))
        dashboard = self.Dashboard.with_user(self.manager)
        rng = random.Random(7)
        (self.Partner.search([]) - imported - twins).filtered("lifecycle_stage_id").lifecycle_stage_id = False
        for _period in range(3):
            start = datetime(2024, 1, 1) + timedelta(days=rng.randrange(500))
            period = [moment.strftime("%Y-%m-%d") for moment in (start, start + timedelta(days=300))]
            figures = []
            for absent, present in ((twins, imported), (imported, twins)):
                present.active, absent.active = True, False
                self.env.flush_all()
                self.env.invalidate_all()
                figures.append(dashboard.get_funnel(*period))
            self.assertEqual(figures[0], figures[1])
