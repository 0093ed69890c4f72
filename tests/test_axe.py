import json
import os
import unittest
from collections import Counter

from odoo.tests import tagged

from .common_axe import AXE, ODOO_HAS_IT_SO, Looker
from .common_browser import DESKTOP, PHONE, Person
from .common_dashboard import DashboardCase
from .common_screens import SHOW_NOTHING_BY_THEMSELVES, find_screens, get_own_class
from .common_two_people import BesideCase, somebody_beside

# which roles look, for whoever mends a screen
ROLES = os.environ.get("CONTACT_LIFECYCLE_ROLES", "agent manager owner plain administrator").split()
PAGE = ".o_action_manager, .o-overlay-container > *"
MENU = ".o-dropdown--menu, .o_bottom_sheet"
# what the addon opens at a click: menus, lists to choose from; not what Odoo has at a message while the mouse is over it
TOGGLERS = f"{get_own_class()}.o-dropdown, {get_own_class()} .o-dropdown:not(.o-mail-Message *)"


@unittest.skipUnless(AXE, "dev/setup installs axe-core, and dev/test says where it is")
@tagged("post_install", "-at_install", "contact_lifecycle_walker")
class TestAxe(BesideCase, DashboardCase):
    """Nobody is kept from the addon's screens by how they are written (WCAG 2.1 A and AA, and good practice)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        livechat, sales = "im_livechat.im_livechat_group_user", "sales_team.group_sale_salesman"
        contacts = "base.group_partner_manager"
        cls.roles = {
            "agent": f"contact_lifecycle.group_agent,{livechat},{sales},{contacts}",
            "manager": f"contact_lifecycle.group_manager,{livechat},{sales},{contacts}",
            "owner": f"contact_lifecycle.group_owner,{livechat},{sales},{contacts}",
            "plain": "base.group_user",
            "administrator": f"base.group_system,{livechat},{sales}",
        }
        cls.people = {role: cls.make_user(f"axe_{role}", groups) for role, groups in cls.roles.items()}
        cls.make_data()
        cls.env.flush_all()

    @classmethod
    def make_data(cls):
        """Let there be something on every screen."""
        for number, stage in enumerate((cls.new_lead, cls.hot_lead, cls.payment, cls.customer)):
            stage.write({"entry_criteria": "Asked for a price.", "description": "Wants to buy."})
            contacts = cls.make_contacts(3 + number)
            contacts.lifecycle_stage_id = stage
        contacts[0].lifecycle_stage_id = cls.cold_lead.stage_id
        cls.hot_lead.rotting_threshold_days = 3
        for role, user in cls.people.items():
            if role != "plain":
                cls.env["mail.presence"]._update_presence(user)
                channel = cls.make_livechat(cls.make_guest(), user)
                channel.lifecycle_stage_id = cls.hot_lead
                channel.message_post(body="Is anybody there?", message_type="comment")
        model = cls.env["ir.model"]._get_id("res.partner")
        cls.env["base.automation"].create(
            {
                "name": "Welcome",
                "model_id": model,
                "trigger": "on_stage_set",
                "lifecycle_trigger": True,
                "trg_field_ref": cls.hot_lead.id,
            }
        )
        cls.env["lifecycle.rule"].create(
            {"name": "We wrote", "on_email_sent": True, "to_stage_id": cls.hot_lead.id, "active": True}
        )
        cls.env["crm.lead"].create(
            [
                {"name": "Engine", "type": kind, "partner_id": cls.contact.id, "user_id": user.id}
                for kind in ("lead", "opportunity")
                for user in cls.people.values()
            ]
        )
        cls.make_background_data(contacts)

    @classmethod
    def make_background_data(cls, contacts):
        """Let there be what comes about by itself: runs of rules, rows of a file."""
        cls.env["lifecycle.rule"]._notify_event("email_sent", contacts[1])
        cls.env.cr.precommit.run()
        owner = cls.env(user=cls.people["owner"])
        rows = b"Id,Name,Stage,Date\n1,Ann,Hot Lead,2025-01-31\n"
        attachment = owner["ir.attachment"].create(
            {"name": "a.csv", "raw": rows, "res_model": "lifecycle.import"}
        )
        moving = owner["lifecycle.import"].create({"source": "file", "attachment_ids": attachment.ids})
        moving.action_read()

    def look_at(self, person, screen, looker):
        """:return: what axe-core finds on a screen, and in each menu that the addon opens there; None if it is empty"""
        options = {"clearBreadcrumbs": True, **screen.options}
        person.ask(
            f"""person.insist(async () => {{
                person.dialog.closeAll();
                await person.action.doAction({json.dumps(screen.action)}, {json.dumps(options)});
                const {{ viewType, props }} = {json.dumps(options)};
                const {{ view }} = person.action.currentController ?? {{}};
                if (viewType && view?.type !== viewType) {{ // a phone begins with another one
                    await person.action.switchView(viewType, props);
                }}
            }})"""
        )
        person.rest()
        if screen.script:
            person.ask(screen.script)
            person.rest()
        problem = person.evaluate("person.find('.o_error_dialog, .modal .o_dialog_warning', '')?.textContent")
        self.assertFalse(problem, screen.name)
        try:
            person.wait(f"person.find({json.dumps(screen.shows)}, '')", seconds=1)
        except AssertionError:
            return None
        found = looker.look(person, screen.parts or PAGE)
        for number in range(person.evaluate(f"document.querySelectorAll({json.dumps(TOGGLERS)}).length")):
            toggler = f"document.querySelectorAll({json.dumps(TOGGLERS)})[{number}]"
            # one of a kind, as rows and cards have one each
            kind = person.evaluate(
                f"{toggler}?.checkVisibility() && !{toggler}.disabled && {toggler}.className"
            )
            if kind and kind not in self.opened:
                self.opened.add(kind)
                person.ask(f"{toggler}.click()")
                person.rest()
                found += looker.look(person, MENU)
                person.press("Escape")
        return found

    def test_every_screen(self):
        """each screen of each role, on a desktop and on a phone"""
        looker, faults, counts = Looker(), {}, Counter()
        menus, empty, seen = set(), set(), set()
        self.make_unassigned()
        self.make_stale(self.Partner.search([("lifecycle_stage_id", "=", self.hot_lead.id)]), 5)
        for role in ROLES:
            user = self.people[role]
            screens = find_screens(self.env(user=user))
            for size in (DESKTOP, PHONE):
                self.opened = set()
                with somebody_beside(self, lambda user=user, size=size: Person(self, user, size)) as person:
                    person.begin("/odoo")
                    for screen in screens:
                        place = f"{screen.name} ({role}, {size['width']})"
                        with self.subTest(place):
                            found = self.look_at(person, screen, looker)
                            (empty if found is None else seen).add((screen.name, size["width"]))
                            for fault in found or ():
                                faults.setdefault(tuple(fault), []).append(place)
                            counts[role, size["width"]] += found is not None
                menus |= self.opened
        self._logger.info(
            "axe-core: %s screens %s, %s kinds of menus; %s of them differ",
            counts.total(),
            dict(counts),
            len(menus),
            len(looker.seen),
        )
        for (rule, impact, element, why), places in faults.items():
            with self.subTest(rule=rule, impact=impact):
                self.fail(f"{element}\n{why}\non {len(places)} screens: {', '.join(places[:3])}")
        if set(ROLES) == set(self.people):
            self.assertEqual({name for name, _width in empty - seen}, SHOW_NOTHING_BY_THEMSELVES)
            self.assertGreater(counts.total(), 200)
            self.assertGreater(len(menus), 5)
            self.assertEqual(looker.used, set(ODOO_HAS_IT_SO), "Odoo has mended it, or it is gone")
