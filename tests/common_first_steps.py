from .common import LifecycleCase

PARAMETER = "contact_lifecycle.first_steps"


class FourStepsCase(LifecycleCase):
    """A database in which nothing has been done since the addon was installed, with an owner who is no administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Steps = cls.env["lifecycle.first.steps"]
        cls.env["ir.config_parameter"].set_param(PARAMETER, False)
        cls.env["lifecycle.rule"].search([]).active = False
        stages = cls.Stage.search([])
        cls.env.flush_all()
        cls.cr.execute(
            "UPDATE lifecycle_stage SET create_uid = 1, write_uid = 1 WHERE id IN %s", [tuple(stages.ids)]
        )
        cls.env.invalidate_all()
        agents = cls.env.ref("contact_lifecycle.group_agent").id
        owners = cls.env.ref("contact_lifecycle.group_owner").id
        Users = cls.env["res.users"]
        workers = Users.search([("all_group_ids", "in", agents)])
        (workers - Users.search([("all_group_ids", "in", owners)])).active = False
        cls.manager.active = True
        cls.Partner.with_context(active_test=False).search(
            [("lifecycle_stage_id", "!=", False)]
        ).lifecycle_stage_id = False
        cls.counted = cls.env["lifecycle.settings.mixin"]._lifecycle_applied_domain()

    def get_steps(self, user=None):
        """:return: dict name of a step -> what is said of it; empty when no steps are shown"""
        self.env.flush_all()
        return {step["name"]: step for step in self.Steps.with_user(user or self.owner).get_steps()["steps"]}

    def get_done(self, user=None):
        return [name for name, step in self.get_steps(user).items() if step["is_done"]]

    def count_without_stage(self):
        return self.Partner.search_count(self.counted)
