"""Contacts of the programming interfaces of respond.io and HubSpot."""

from .columns import get_value, normalize, recognise_one
from .rows import SourceMove, SourceRow, Unreadable, clean


def read_objects_of(source, objects, moments):
    """
    :param str source: ``respondio`` or ``hubspot``
    :param objects: iterator of (number, dict)
    :return: iterator of ``SourceRow``; one that cannot be read has its problem
    """
    read = {"respondio": _read_respondio, "hubspot": _read_hubspot}[source]
    for number, value in objects:
        row = SourceRow(number)
        try:
            read(row, value, moments)
            row.moves.sort(key=lambda move: move.when)
            if not (row.external_id or row.email or row.phone):
                raise Unreadable("nobody")
        except Unreadable as problem:
            row.problem = problem
        yield row


def _read_respondio(row, value, moments):
    """A contact of the list, or one notice of its webhook, to which whoever logged it has added when it came."""
    contact = value["contact"] if isinstance(value.get("contact"), dict) else value
    row.external_id = clean(contact.get("id"))
    row.name = clean(f"{clean(contact.get('firstName'))} {clean(contact.get('lastName'))}")
    row.phone, row.email = clean(contact.get("phone")), clean(contact.get("email"))
    row.language, row.country = clean(contact.get("language")), clean(contact.get("countryCode"))
    tags = contact.get("tags")
    row.tags = [clean(tag) for tag in tags if clean(tag)] if isinstance(tags, list) else []
    assignee = contact.get("assignee")
    if isinstance(assignee, dict):
        name = clean(f"{clean(assignee.get('firstName'))} {clean(assignee.get('lastName'))}")
        row.owner = clean(assignee.get("email")) or name
    if contact is value:
        row.stages = [stage] if (stage := clean(value.get("lifecycle"))) else []
        return
    if value.get("event_type") != "contact.lifecycle.updated":
        raise Unreadable("event", value=clean(value.get("event_type"))[:40])
    arrival = next((value[name] for name in ARRIVALS if value.get(name)), None)
    if arrival is None:
        raise Unreadable("arrival")
    row.moves = [SourceMove(clean(value.get("lifecycle")), moments.parse(arrival))]


ARRIVALS = ("received_at", "timestamp", "time", "date", "created_at", "logged_at")


def _read_dates(row, properties, moments):
    """Without the history there may be the dates of entering, under their old names, their new ones, or both."""
    dates = {}
    for name, text in properties.items():
        target, stage = recognise_one("hubspot", normalize(name))
        if target == "entered" and clean(text):
            dates[get_value("hubspot", stage)] = moments.parse(clean(text), is_utc=True)
    row.moves = [SourceMove(stage, when) for stage, when in dates.items()]


def _read_hubspot(row, value, moments):
    properties = value.get("properties")
    if not isinstance(properties, dict):
        raise Unreadable("json_contact")

    def get(*names):
        return next((text for name in names if (text := clean(properties.get(name)))), "")

    row.external_id = clean(value.get("id")) or get("hs_object_id")
    row.name = clean(f"{get('firstname')} {get('lastname')}")
    row.company, row.email = get("company"), get("email")
    row.phone = get("phone", "mobilephone")
    row.language, row.country = get("hs_language"), get("country")
    row.owner = get("hubspot_owner_id")
    if stage := get("lifecyclestage"):
        row.stages = [get_value("hubspot", stage)]
    histories = value.get("propertiesWithHistory")
    history = histories.get("lifecyclestage") if isinstance(histories, dict) else None
    if not history:
        _read_dates(row, properties, moments)
    for entry in reversed(history) if isinstance(history, list) else ():
        if not isinstance(entry, dict):
            raise Unreadable("json_contact")
        who = clean(entry.get("sourceLabel"))
        row.moves.append(
            SourceMove(
                get_value("hubspot", clean(entry.get("value"))),
                moments.parse(entry.get("timestamp") or "", is_utc=True),
                who if "@" in who else clean(entry.get("updatedByUserId")),
            )
        )
