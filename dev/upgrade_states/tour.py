"""The last message of the tour, which is translated in each language that is installed after the upgrade (S6)."""


def make(env):
    return {}


def check(env, made):
    env["res.lang"]._activate_lang("de_DE")
    env["ir.module.module"]._load_module_terms(["contact_lifecycle"], ["de_DE"])
    tour = env.ref("contact_lifecycle.contact_lifecycle_tour").with_context(lang="de_DE")
    assert "<p>Gut gemacht!" in tour.rainbow_man_message, tour.rainbow_man_message
