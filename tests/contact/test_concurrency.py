from odoo.tests import tagged

from ...models.stage.lifecycle_stage import MAX_STAGES
from ..common_concurrency import PREFIX, ConcurrencyCase


@tagged("-standard", "-at_install", "post_install", "contact_lifecycle_concurrency")
class TestConcurrency(ConcurrencyCase):
    """Two people at once."""

    def test_twenty_first_stage_added_by_two_people_at_once(self):
        """S7: of both kinds"""
        missing = MAX_STAGES - self.transact(lambda env: env["lifecycle.stage"].search_count([]))
        self.make_stages(missing - 1)
        results = self.run_at_once(
            lambda env: env["lifecycle.stage"].create({"name": f"{PREFIX} a"}).id,
            lambda env: env["lifecycle.lost.stage"].create({"name": f"{PREFIX} b"}).id,
        )
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertRegex(str(errors[0]), "at most 20 stages")
        self.assertEqual(self.transact(lambda env: env["lifecycle.stage"].search_count([])), MAX_STAGES)

    def test_two_people_give_one_name_at_once(self):
        """A12: to two stages, and to a stage and a new one; one of them hears why not"""
        first_id, second_id = self.make_stages(2)

        def rename(env, stage_id, name):
            env["lifecycle.stage"].browse(stage_id).write({"name": f"{PREFIX} {name}"})

        def add(env, name):
            env["lifecycle.stage"].create({"name": f"{PREFIX} {name}"})

        for functions in (
            (lambda env: rename(env, first_id, "Café"), lambda env: rename(env, second_id, "CAFE\u0301")),
            (lambda env: rename(env, first_id, "Bar"), lambda env: add(env, " bar")),
        ):
            results = self.run_at_once(*functions)
            errors = [result for result in results if isinstance(result, Exception)]
            self.assertEqual(len(errors), 1, results)
            self.assertRegex(str(errors[0]), "There is a stage called “.*” already")

    def test_two_people_set_the_default_at_once(self):
        """S10: there is exactly one, and nobody gets an error"""
        stage_ids = self.make_stages(2)
        results = self.run_at_once(
            *(
                lambda env, stage_id=stage_id: env["lifecycle.stage"].browse(stage_id).action_set_default()
                for stage_id in stage_ids
            )
        )
        self.assertEqual(results, [None, None])
        defaults = self.transact(lambda env: env["lifecycle.stage"].search([("is_default", "=", True)]).ids)
        self.assertEqual(len(defaults), 1)
        self.assertIn(defaults[0], stage_ids)

    def test_two_people_delete_the_last_two_stages_at_once(self):
        """S12: one lifecycle stage remains"""
        stage_ids = self.make_stages(2)
        others = self.transact(
            lambda env: (
                env["lifecycle.stage"].search([("is_lost", "=", False), ("id", "not in", stage_ids)]).ids
            )
        )
        # the others are lost for the time being, without any trace of it
        self.transact(
            lambda env: env.cr.execute(
                "UPDATE lifecycle_stage SET deletion_pending = true WHERE id = ANY(%s)", [others]
            )
        )
        self.addCleanup(self.registry.clear_all_caches)
        try:
            results = self.run_at_once(
                *(
                    lambda env, stage_id=stage_id: env["lifecycle.stage"].browse(stage_id).unlink()
                    for stage_id in stage_ids
                )
            )
        finally:
            self.transact(
                lambda env: env.cr.execute(
                    "UPDATE lifecycle_stage SET deletion_pending = NULL WHERE id = ANY(%s)", [others]
                )
            )
        errors = [result for result in results if isinstance(result, Exception)]
        self.assertEqual(len(errors), 1, results)
        self.assertRegex(str(errors[0]), "last lifecycle stage")

    def test_two_owners_apply_a_stage_set_at_once(self):
        """S14: no stage is there twice"""

        def read(env):
            return {stage.id: stage.sequence for stage in env["lifecycle.stage"].search([])}

        def restore(env):
            (env["lifecycle.stage"].search([]) - env["lifecycle.stage"].browse(before)).unlink()
            env["ir.config_parameter"].set_param("contact_lifecycle.first_steps", False)
            for stage_id, sequence in before.items():
                env["lifecycle.stage"].browse(stage_id).sequence = sequence

        def apply(env):
            wizard = env["lifecycle.stage.set.apply"]
            wizard.create({"stage_set": "marketing_funnel", "set_default": False}).action_apply()

        before = self.transact(read)
        self.addCleanup(self.transact, restore)
        results = self.run_at_once(apply, apply)
        self.assertEqual(results, [None, None])
        names = self.transact(lambda env: env["lifecycle.stage"].search([]).mapped("name"))
        self.assertIn("Evangelist", names)
        self.assertEqual(len(names), len(set(names)), names)

    def test_stage_is_deleted_while_a_contact_enters_it(self):
        """S11: the contact is there first; behind the dialog's back the stage stays, else the contact moves on"""
        stage_id, target_id = self.make_stages(2)
        contact_id = self.make_contact(target_id)
        for delete, refused in (
            (lambda env: env["lifecycle.stage"].browse(stage_id).unlink(), True),
            (
                lambda env: (
                    env["lifecycle.stage"].browse(stage_id)._move_contacts_and_delete(env["lifecycle.stage"])
                ),
                False,
            ),
        ):
            self.transact(
                lambda env: env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": target_id})
            )
            entered, deleted = self.run_second_while_first_is_open(
                lambda env: env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": stage_id}),
                delete,
            )
            self.assertTrue(entered)
            self.assertEqual(isinstance(deleted, Exception), refused, deleted)
            self.assertEqual(
                self.assertNothingDangles(contact_id, stage_id),
                (True, stage_id) if refused else (False, False),
            )

    def test_contact_enters_a_stage_while_it_is_deleted(self):
        """S11: the deletion is there first, and the agent gets one clear sentence"""
        target_id, *stage_ids = self.make_stages(3)
        contact_id = self.make_contact(target_id)
        delete_by = (
            lambda stage: stage.unlink(),
            lambda stage: stage._move_contacts_and_delete(stage.browse()),
        )
        for stage_id, delete in zip(stage_ids, delete_by, strict=True):
            _deleted, entered = self.run_second_while_first_is_open(
                lambda env, delete=delete, stage_id=stage_id: delete(env["lifecycle.stage"].browse(stage_id)),
                lambda env, stage_id=stage_id: (
                    env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": stage_id})
                ),
            )
            self.assertRegex(str(entered), "There is no stage|This stage has been deleted")
            self.assertEqual(self.assertNothingDangles(contact_id, stage_id), (False, target_id))

    def test_two_people_delete_the_same_stage_at_once(self):
        """S11: each contact moves and is logged once"""
        stage_id, target_id = self.make_stages(2)
        contact_id = self.make_contact(stage_id)

        def delete(env):
            stage = env["lifecycle.stage"].browse(stage_id).exists()
            if stage:
                stage._move_contacts_and_delete(env["lifecycle.stage"].browse(target_id))

        self.assertEqual(self.run_at_once(delete, delete), [None, None])
        self.assertEqual(self.assertNothingDangles(contact_id, stage_id), (False, target_id))
        self.assertEqual(self.count_moves(contact_id), 2)

    def test_two_agents_move_one_contact_at_once(self):
        """H2: the log is a chain, and the contact is where it ends"""
        stage_ids = self.make_stages(3)
        contact_id = self.make_contact(stage_ids[0])
        results = self.run_at_once(
            *(
                lambda env, stage_id=stage_id: (
                    env["res.partner"].browse(contact_id).write({"lifecycle_stage_id": stage_id})
                )
                for stage_id in stage_ids[1:]
            )
        )
        self.assertEqual(results, [True, True])

        def check(env):
            contact = env["res.partner"].browse(contact_id)
            log = contact.lifecycle_transition_ids.sorted("id")
            self.assertEqual(len(log), 3)
            self.assertEqual(len(log.user_id), 2)
            self.assertEqual(
                [row.from_stage_id for row in log],
                [env["lifecycle.stage"], *(row.to_stage_id for row in log[:-1])],
            )
            self.assertEqual(log[-1].to_stage_id, contact.lifecycle_stage_id)
            values = contact.message_ids.tracking_value_ids.filtered(
                lambda value: value.field_id.name == "lifecycle_stage_id"
            )
            self.assertEqual(len(values), 3)

        self.transact(check)
