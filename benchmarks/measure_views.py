"""The contacts by stage, beside the same views by a field of Odoo's own with the same values and the same index."""

from databases import environment
from lxml import etree
from timing import in_turns

LIMIT = 1.1
ROUNDS = {"small": 100, "large": 21}
RECORDS_OF_LIST, RECORDS_OF_COLUMN = 80, 20


def specification(Partner, xml_id, view_type):
    """:return: what the web client asks for to show the view, as a dict for ``web_read``"""
    arch = Partner.get_view(Partner.env.ref(xml_id).id, view_type)["arch"]
    fields = [Partner._fields[name] for name in dict.fromkeys(etree.fromstring(arch).xpath("//field/@name"))]
    return {
        field.name: {"fields": {"display_name": {}}} if field.type in ("many2one", "many2many") else {}
        for field in fields
    }


def kanban(Partner, field):
    """:return: function that loads the columns, their progress bars and first cards"""
    cards = specification(Partner, "contact_lifecycle.res_partner_view_kanban_lifecycle", "kanban")
    colors = {"planned": "success", "today": "warning", "overdue": "danger"}

    def load():
        Partner.env.invalidate_all()
        Partner.web_read_group(
            [],
            [field],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=cards,
            unfold_read_default_limit=RECORDS_OF_COLUMN,
        )
        Partner.read_progress_bar([], field, {"field": "activity_state", "colors": colors})

    return load


def records(Partner, field):
    """:return: function that loads the first page of the list of those with one value of the field"""
    value = Partner.search([(field, "!=", False)], limit=1)[field].id
    columns = specification(Partner, "base.view_partner_tree", "list")

    def load():
        Partner.env.invalidate_all()
        Partner.web_search_read([(field, "=", value)], columns, limit=RECORDS_OF_LIST, count_limit=10_001)

    return load


def measure(purpose, table):
    with environment(purpose) as env:
        Partner = env(user=env.ref("base.user_admin").id)["res.partner"]
        is_small = Partner.search_count([], limit=100_000) < 100_000
        rounds = ROUNDS["small" if is_small else "large"]
        for name, view in {"kanban by stage": kanban, "list of a stage": records}.items():
            ours, theirs = in_turns(rounds, view(Partner, "lifecycle_stage_id"), view(Partner, "industry_id"))
            table.add(name, ours, "industry", theirs, None if is_small else LIMIT)
