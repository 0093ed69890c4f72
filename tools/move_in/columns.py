"""What the columns of a table are, by their headers; people may say otherwise."""

import re

from .column_words import WORDS
from .fitting import fits

# HubSpot's, and the labels that it comes with. Accounts rename labels and add values, which are numbers.
HUBSPOT_STAGES = {
    "subscriber": "Subscriber",
    "lead": "Lead",
    "marketingqualifiedlead": "Marketing Qualified Lead",
    "salesqualifiedlead": "Sales Qualified Lead",
    "opportunity": "Opportunity",
    "customer": "Customer",
    "evangelist": "Evangelist",
    "other": "Other",
}
ENTERED = (
    re.compile(r"hs_(?:v2_)?date_entered_(?P<stage>\w+)"),
    re.compile(r"hs_lifecyclestage_(?P<stage>\w+)_date"),
    re.compile(r"became an? (?P<stage>.+?)(?: lifecycle)?(?: stage)? date"),
    re.compile(r'date entered ["“](?P<stage>.+?) \(lifecycle stage pipeline\)["”]'),
)
NO_STAGE = ("current_stage",)
UTC = re.compile(r"\s*\((?:gmt|utc)\)$")
ALIASES = {
    "external_id": ("id", "external id", "record id", "contact id", "hs_object_id", "vid", "identifier"),
    "name": ("name", "full name", "contact", "contact name", "display name"),
    "first_name": ("first name", "firstname", "given name"),
    "last_name": ("last name", "lastname", "surname", "family name"),
    "company": ("company", "company name", "company_name", "associated company"),
    "phone": ("phone", "phone number", "phone_number", "phone no.", "mobile", "mobile phone number"),
    "email": ("email", "e-mail", "email address", "mail"),
    "language": ("language", "preferred language", "hs_language"),
    "country": ("country", "country/region", "countrycode", "country code"),
    "tags": ("tags", "tag", "labels"),
    "owner": ("contact owner", "owner", "assignee", "salesperson", "hubspot_owner_id", "assignee email"),
    "stage": ("stage", "lifecycle stage", "lifecyclestage", "lifecycle"),
    "stage_date": ("stage date", "date", "entered", "date entered", "moved on", "last stage change"),
}
# header -> target
HEADERS = {
    header: target
    for names in (ALIASES, *WORDS.values())
    for target, headers in names.items()
    for header in headers
}
# by source, what stands against the aliases above; without a dash or an underscore
OF_SOURCE = {"chatwoot": {"labels": "stage_labels"}}
# words that mean something else in one of the other languages: without a value nobody can tell
DOUBTFUL = {"data", "firma", "handy", "land", "nombre", "pays", "phase", "stadium", "tag"}
# what is taken for a column only where its values are such
CHECKED = DOUBTFUL | HEADERS.keys() - {header for headers in ALIASES.values() for header in headers}
# in some languages the word for the name, and for the part of it that has no word of its own
BARE = {"name", "nom", "nombre", "nome", "naam"}
TARGETS = (*ALIASES, "stage_labels", "entered")
ONCE = set(TARGETS) - {"entered", "tags", "phone"}


def normalize(header):
    return " ".join(header.replace("\ufeff", "").casefold().split())


def recognise(source, headers, rows=None):
    """
    :param str source: a value of ``lifecycle.import.source``
    :param headers: list of the headers of a file
    :param rows: list of the cells of some rows, where they are known
    :return: list, for each of the headers (target or None, stage that the column is the date of, whether in UTC)
    """
    names = [normalize(header) for header in headers]
    candidates = []
    for place, name in enumerate(names):
        target, stage = recognise_one(source, UTC.sub("", name))
        if rows is not None and name in CHECKED and not _is_believed(name, target, rows, place):
            target = None
        candidates.append((name, target, stage))
    found, used, targets = [], set(), {target for _name, target, _stage in candidates}
    part = "first_name" if "last_name" in targets else "last_name" if "first_name" in targets else None
    for name, target, stage in candidates:
        if name in BARE and part and part not in targets:
            target = part
        if target in ONCE and target in used:
            target = None
        used.add(target)
        found.append((target, stage, bool(UTC.search(name))))
    return found


def _is_believed(name, target, rows, place):
    cells = [cells[place] for cells in rows if cells[place] not in (None, "")]
    return fits(target, cells) if cells else name not in DOUBTFUL


def recognise_one(source, name):
    if source == "hubspot":
        for pattern in ENTERED:
            if (match := pattern.fullmatch(name)) and match["stage"] not in NO_STAGE:
                return "entered", match["stage"]
    if target := OF_SOURCE.get(source, {}).get(name):
        return target, ""
    return HEADERS.get(name), ""


def get_label(source, value):
    """:return: what people call a stage of the source; a value that nobody has told the label of is itself"""
    return HUBSPOT_STAGES.get(value.casefold(), value) if source == "hubspot" else value


def get_value(source, text):
    """:return: one name for the label, the label in a header, and the internal value of a stage"""
    if source == "hubspot":
        return HUBSPOT_VALUES.get("".join(text.casefold().split()), text)
    return text


HUBSPOT_VALUES = {
    key: value
    for value, label in HUBSPOT_STAGES.items()
    for key in (value, "".join(label.casefold().split()))
}
