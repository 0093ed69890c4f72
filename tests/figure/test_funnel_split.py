from collections import Counter, defaultdict
from datetime import timedelta
from statistics import median
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.figure.lifecycle_dashboard_split import MAX_VALUES, SPLITS
from ..common_funnel import PERIOD, START, FunnelCase

NUMBERS = ("entered", "converted", "lost", "remaining", "merged")


@tagged("post_install", "-at_install")
class TestFunnelSplit(FunnelCase):
    """The funnel and the drop-off by where contacts came from, and whose they are (M3, M4, M7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.countries = cls.env["res.country"].search([], limit=MAX_VALUES + 5)
        cls.sources = cls.env["utm.source"].create([{"name": "Fair"}, {"name": "Flyer"}])
        cls.medium = cls.env["utm.medium"].create({"name": "Paper"})
        cls.livechat = cls.env["im_livechat.channel"].create({"name": "Shop"})
        cls.no_response = cls.LostStage.create({"name": "No Response"}).stage_id

    def make_lead(self, contact, **vals):
        return self.env["crm.lead"].create({"name": "Lead", "partner_id": contact.id, **vals})

    def split(self, split, stage=None, period=PERIOD, dashboard=None):
        """:return: dict value -> the row of get_funnel_split"""
        dashboard = self.Dashboard if dashboard is None else dashboard
        result = dashboard.get_funnel_split(*period, (stage or self.hot_lead).id, split)
        return {row["value"]: row for row in result["rows"]}

    def assertValue(self, split, contact, expected):
        """The report and the split say that ``expected`` is what ``contact`` has."""
        [stay] = self.Report.search([("partner_id", "=", contact.id), ("stage_id", "=", self.hot_lead.id)])
        value = stay[split]
        self.assertEqual(value.id if self.Report._fields[split].type == "many2one" else value, expected)
        self.assertEqual(self.split(split)[expected]["entered"], 1)
        self.assertEqual(self.Report.search([(split, "=", expected), ("id", "=", stay.id)]), stay)

    def make_crowd(self):
        """:return: dict contact -> dict split -> value, of contacts that differ in everything"""
        values = {}
        users = self.manager | self.agent
        ways = [
            ((self.hot_lead, 0), (self.payment, 1)),
            ((self.hot_lead, 0), (self.payment, 4)),
            ((self.hot_lead, 0), (self.cold, 2)),
            ((self.hot_lead, -40), (self.no_response, 2)),
            ((self.hot_lead, 0),),
            ((self.new_lead, 0), (self.customer, 2)),
            ((self.hot_lead, 0), (self.new_lead, 1), (self.hot_lead, 2), (self.payment, 9)),
        ]
        for number in range(21):
            contact = self.make_history(*ways[number % len(ways)])
            contact.user_id = users[number % 3 : number % 3 + 1]
            contact.country_id = self.countries[number % 4] if number % 5 else False
            source = self.sources[number % 3 : number % 3 + 1]
            if number % 4:
                self.make_lead(contact, source_id=source.id, medium_id=bool(source) and self.medium.id)
            values[contact] = {
                "first_source": "manual",
                "utm_source_id": number % 4 and source.id,
                "utm_medium_id": bool(number % 4 and source) and self.medium.id,
                "livechat_channel_id": False,
                "salesperson_id": contact.user_id.id,
                "country_id": contact.country_id.id,
                "company_id": False,
            }
        return values

    def expect(self, values, split):
        """Count as the requirement says it, from the log, one contact after the other.

        :return: dict value -> the numbers, the conversion, the median days and the drop-off
        """
        order = [self.new_lead, self.hot_lead, self.payment, self.customer]
        start, end = self.Dashboard._funnel_period(*PERIOD)
        figures, times, drop_off = defaultdict(Counter), defaultdict(list), defaultdict(Counter)
        for contact, parts in values.items():
            value = parts[split] or False
            moves = self.get_log(contact).sorted("date")
            for move, following in zip(moves, [*moves[1:], None], strict=True):
                before, stage = move.from_stage_id, move.to_stage_id
                if before == self.hot_lead and stage.is_lost and start <= move.date < end:
                    drop_off[value][str(stage.id)] += 1
                if not start <= move.date < end:
                    continue
                passes = before in order and stage in order
                if passes and order.index(before) < order.index(self.hot_lead) < order.index(stage):
                    figures[value].update(("entered", "converted"))
                if stage == self.hot_lead:
                    figures[value]["entered"] += 1
                    if not following:
                        figures[value]["remaining"] += 1
                    elif following.to_stage_id.is_lost:
                        figures[value]["lost"] += 1
                    elif order.index(following.to_stage_id) > order.index(stage):
                        figures[value]["converted"] += 1
                        times[value].append((following.date - move.date).days)
        result = {}
        for value in {*figures, *drop_off}:
            numbers = figures[value]
            ended = numbers["entered"] - numbers["remaining"]
            result[value] = {
                **{name: numbers[name] for name in NUMBERS},
                "conversion": numbers["converted"] / ended if ended else None,
                "median_days": median(times[value]) if times[value] else None,
                "drop_off": dict(drop_off[value]),
            }
        return result

    # Each of them

    def test_first_source(self):
        """M3: of the first move, by its date"""
        contact = self.make_history((self.new_lead, 0), (self.hot_lead, 1))
        late = self.get_log(contact).sorted("date")[0]
        self.env.flush_all()
        self.cr.execute("UPDATE lifecycle_transition SET source = 'import' WHERE id = %s", [late.id])
        self.env.invalidate_all()
        self.assertValue("first_source", contact, "import")

    def test_utm_of_the_first_lead_that_has_one(self):
        """M3: also where the manager sees no lead"""
        contact = self.make_history((self.hot_lead, 0))
        self.make_lead(contact)
        self.make_lead(contact, source_id=self.sources[1].id, active=False)
        self.make_lead(contact, source_id=self.sources[0].id, medium_id=self.medium.id)
        self.assertValue("utm_source_id", contact, self.sources[1].id)
        self.assertValue("utm_medium_id", contact, self.medium.id)
        self.manager.group_ids = self.env.ref("contact_lifecycle.group_manager") + self.env.ref(
            "base.group_user"
        )
        self.assertFalse(self.env["crm.lead"].with_user(self.manager).has_access("read"))
        self.assertValue("utm_source_id", contact, self.sources[1].id)

    def test_leads_of_other_companies_say_nothing(self):
        """M3, P1"""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        contact = self.make_history((self.hot_lead, 0))
        self.make_lead(contact, source_id=self.sources[0].id, company_id=company.id)
        self.assertValue("utm_source_id", contact, False)
        self.manager.company_ids += company
        both = self.Dashboard.with_context(allowed_company_ids=(self.env.company | company).ids)
        self.assertEqual(list(self.split("utm_source_id", dashboard=both)), [self.sources[0].id])

    def test_channel_of_the_first_live_chat(self):
        """M3: its name is shown to managers who see no live chat channel"""
        contact = self.make_history((self.hot_lead, 0))
        for channel in (False, self.livechat, self.env["im_livechat.channel"].create({"name": "Later"})):
            chat = self.make_livechat(self.make_guest())
            chat._lifecycle_write_protected({"lifecycle_partner_id": contact.id})
            chat.livechat_channel_id = channel
        self.assertFalse(self.env["im_livechat.channel"].with_user(self.manager).has_access("read"))
        self.assertValue("livechat_channel_id", contact, self.livechat.id)
        self.assertEqual(self.split("livechat_channel_id")[self.livechat.id]["name"], "Shop")
        [group] = self.Report.formatted_read_group(
            [("partner_id", "=", contact.id)], ["livechat_channel_id"], ["__count"]
        )
        self.assertEqual(group["livechat_channel_id"], (self.livechat.id, "Shop"))

    def test_salesperson_country_and_company(self):
        """M3: those of the contact"""
        contact = self.make_history((self.hot_lead, 0))
        contact.write(
            {
                "user_id": self.agent.id,
                "country_id": self.countries[0].id,
                "company_id": self.env.company.id,
            }
        )
        self.assertValue("salesperson_id", contact, self.agent.id)
        self.assertValue("country_id", contact, self.countries[0].id)
        self.assertValue("company_id", contact, self.env.company.id)
        self.assertEqual(self.split("salesperson_id")[self.agent.id]["name"], self.agent.name)

    # All of them

    def test_split_equals_an_independent_count(self):
        """M3, M4, M7: by each of them"""
        values = self.make_crowd()
        for split in SPLITS:
            with self.subTest(split=split):
                actual = {
                    value: {name: row[name] for name in (*NUMBERS, "conversion", "median_days", "drop_off")}
                    for value, row in self.split(split).items()
                }
                self.assertEqual(actual, self.expect(values, split))
        self.assertGreater(len(self.split("country_id")), 3)

    def test_sums_over_the_split_are_the_funnel(self):
        """M7: of each stage"""
        self.make_crowd()
        funnel = self.Dashboard.get_funnel(*PERIOD)
        self.assertEqual(len(funnel["drop_off"]), 2)
        for stage in funnel["stages"]:
            drop_off = {
                str(drop["to_id"]): drop["count"]
                for drop in funnel["drop_off"]
                if drop["from_id"] == stage["id"]
            }
            for split in SPLITS:
                rows = self.split(split, self.Stage.browse(stage["id"])).values()
                self.assertEqual(
                    {name: sum(row[name] for row in rows) for name in NUMBERS},
                    {name: stage[name] for name in NUMBERS},
                    (stage["name"], split),
                )
                self.assertEqual(sum((Counter(row["drop_off"]) for row in rows), Counter()), drop_off)

    def test_each_number_opens_what_it_counts(self):
        """M7: of the others as well"""
        self.make_crowd()
        with patch("odoo.addons.contact_lifecycle.models.figure.lifecycle_dashboard_split.MAX_VALUES", 2):
            for split in ("country_id", "first_source", "utm_source_id"):
                result = self.Dashboard.get_funnel_split(*PERIOD, self.hot_lead.id, split)
                for row in result["rows"]:
                    for number in NUMBERS:
                        action = self.Dashboard.action_open_stays(
                            self.hot_lead.id, number, *PERIOD, split, row["value"]
                        )
                        self.assertEqual(self.count_behind(action), row[number], (split, row["name"], number))
                    for lost in result["lost_stages"]:
                        action = self.Dashboard.action_open_lost_stays(
                            self.hot_lead.id, lost["id"], *PERIOD, split, row["value"]
                        )
                        count = row["drop_off"].get(str(lost["id"]), 0)
                        self.assertEqual(self.count_behind(action), count, (split, row["name"], lost["name"]))
                self.assertEqual(len(result["rows"]), 3 if split != "first_source" else 1)
        self.assertIn(
            self.countries[0].name,
            self.Dashboard.action_open_stays(
                self.hot_lead.id, "entered", *PERIOD, "country_id", self.countries[0].id
            )["name"],
        )

    def test_drop_off_of_a_stage_opens_what_it_counts(self):
        """M4, M7: without a split, what get_funnel says"""
        self.make_crowd()
        for drop in self.Dashboard.get_funnel(*PERIOD)["drop_off"]:
            action = self.Dashboard.action_open_lost_stays(drop["from_id"], drop["to_id"], *PERIOD)
            self.assertEqual(self.count_behind(action), drop["count"])

    def test_others_are_together(self):
        """M3: those with most contacts have a row of their own"""
        for number, country in enumerate(self.countries):
            for _contact in range(1 + (number == MAX_VALUES + 4)):
                contact = self.make_history((self.hot_lead, 0), (self.payment, 1))
                contact.country_id = country
        rows = list(self.split("country_id").values())
        self.assertEqual(len(rows), MAX_VALUES + 1)
        self.assertEqual((rows[0]["name"], rows[0]["entered"]), (self.countries[-1].name, 2))
        others = rows[-1]
        self.assertEqual((others["value"], others["name"], others["entered"]), ("others", "Others (5)", 5))
        self.assertEqual((others["conversion"], others["median_days"]), (1.0, None))

    def test_nothing_while_stages_are_not_shown(self):
        """S2, M3"""
        self.make_history((self.hot_lead, 0), (self.cold, 1))
        self.env["res.config.settings"].create({"group_use_lifecycle": False}).execute()
        self.assertEqual(self.split("country_id"), {})

    # Who may ask, and for what

    def test_agents_are_refused(self):
        """P1"""
        for user in (self.agent, self.internal, self.portal, self.env.ref("base.public_user")):
            dashboard = self.Dashboard.with_user(user)
            for call in (
                lambda d=dashboard: d.get_funnel_split(*PERIOD, self.hot_lead.id, "country_id"),
                lambda d=dashboard: d.action_open_lost_stays(self.hot_lead.id, self.cold.id, *PERIOD),
            ):
                with self.assertRaisesRegex(AccessError, "Only lifecycle managers see these figures"):
                    call()

    def test_bad_splits_and_values_are_refused(self):
        """M3, P5"""
        for split, value, message in (
            ("partner_id", 1, "cannot be split by “partner_id”: choose one of first_source, utm_source_id"),
            ("country_id.code", "DE", "cannot be split by “country_id.code”"),
            ([], 1, "cannot be split by"),
            ("country_id", 2**31 - 1, "is no part of the funnel any more: reload the page"),
            ("country_id", "DE", "“DE” is no part of the funnel"),
            ("country_id", True, "“True” is no part of the funnel"),
            ("country_id", [1], "is no part of the funnel"),
            ("first_source", "pigeon", "“pigeon” is no part of the funnel"),
            ("first_source", 3, "is no part of the funnel"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self.Dashboard.action_open_stays(self.hot_lead.id, "entered", *PERIOD, split, value)
            with self.assertRaisesRegex(UserError, message):
                self.Dashboard.action_open_lost_stays(self.hot_lead.id, self.cold.id, *PERIOD, split, value)
        with self.assertRaisesRegex(UserError, "cannot be split by “partner_id”"):
            self.Dashboard.get_funnel_split(*PERIOD, self.hot_lead.id, "partner_id")
        with self.assertRaisesRegex(UserError, "This stage has been deleted"):
            self.Dashboard.get_funnel_split(*PERIOD, 0, "country_id")

    # Speed

    def test_queries_do_not_grow_with_contacts_and_values(self):
        """M3, M8"""

        def count(number):
            contacts = self.make_contacts_without_stage(number)
            for day, stage in enumerate((self.hot_lead, self.payment, self.hot_lead, self.cold)):
                contacts._lifecycle_move_at(stage.id, START + timedelta(days=day))
            for position, contact in enumerate(contacts):
                contact.country_id = self.countries[position % len(self.countries)]
            self.env.flush_all()
            self.env.invalidate_all()
            with patch("random.random", lambda: 1):
                before = self.cr.sql_log_count
                self.split("country_id")
                return self.cr.sql_log_count - before

        count(1)
        few, many = count(3), count(40)
        self.assertEqual(few, many)
        self.assertLessEqual(few, 12)

    def explain(self, *names):
        """:return: text, how the database goes about these columns of the stays in a period"""
        query = self.Report._search(self.Dashboard._stays_domain(*self.Dashboard._funnel_period(*PERIOD)))
        columns = [self.Report._field_to_sql(query.table, name, query) for name in names]
        return str(self.env.execute_query(SQL("EXPLAIN %s", query.select(*columns))))

    def test_what_is_not_asked_for_is_not_looked_up(self):
        """M8: neither by the database, nor when another field of a stay is read"""
        stay = self.Report.search(
            [("partner_id", "=", self.make_history((self.hot_lead, 0), (self.payment, 1)).id)], limit=1
        )
        lookups = {
            "first_source": "lifecycle_transition first",
            "utm_source_id": "crm_lead first",
            "utm_medium_id": "crm_lead first",
            "livechat_channel_id": "discuss_channel first",
            "salesperson_id": "res_partner contact",
            "country_id": "res_partner contact",
        }
        self.assertEqual({*lookups, "company_id"}, set(SPLITS))
        others = [name for name, field in self.Report._fields.items() if field.store and name not in lookups]
        plan = self.explain(*others)
        for name, lookup in lookups.items():
            self.assertIn(lookup, self.explain(name))
            self.assertNotIn(lookup, plan)
        self.env.invalidate_all()
        self.assertTrue(stay.outcome)
        self.assertIn("source", stay._cache)
        self.assertFalse(set(stay._cache) & set(lookups))
