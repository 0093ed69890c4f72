from odoo.tests import tagged

from ...models.stage.lifecycle_stage import MAX_STAGES
from ..common_concurrency import PREFIX, ConcurrencyCase

CROWD = 16


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_concurrency")
class TestConcurrencyCrowd(ConcurrencyCase):
    """Sixteen people at once: more than Odoo's five attempts let through in step, so they wait as in life."""

    retries_in_step = False

    def count_stages(self):
        return self.transact(lambda env: env["lifecycle.stage"].search_count([]))

    def test_twenty_first_stage_added_by_a_crowd(self):
        """S7: of both kinds; three get in, each of the others hears why not"""
        self.make_stages(MAX_STAGES - 3 - self.count_stages())
        results = self.run_at_once(
            *(
                lambda env, number=number: (
                    env[("lifecycle.stage", "lifecycle.lost.stage")[number % 2]]
                    .create({"name": f"{PREFIX} of {number}"})
                    .id
                )
                for number in range(CROWD)
            )
        )
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), CROWD - 3, results)
        for error in errors:
            self.assertRegex(str(error), "at most 20 stages")
        self.assertEqual(self.count_stages(), MAX_STAGES)

    def test_crowd_sets_the_default(self):
        """S10: there is exactly one, it is one of those chosen, and nobody gets an error"""
        stage_ids = self.make_stages(4)
        results = self.run_at_once(
            *(
                lambda env, stage_id=stage_ids[number % 4]: (
                    env["lifecycle.stage"].browse(stage_id).action_set_default()
                )
                for number in range(CROWD)
            )
        )
        self.assertEqual(results, [None] * CROWD)
        defaults = self.transact(lambda env: env["lifecycle.stage"].search([("is_default", "=", True)]).ids)
        self.assertEqual(len(defaults), 1)
        self.assertIn(defaults[0], stage_ids)
