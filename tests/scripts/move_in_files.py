"""Makes realistic files of the systems that people come from, by chance from a seed: plain Python.

Run: ``python move_in_files.py FOLDER [COUNT]`` writes one file, or two, for each source. Who imports it gets the people as
well, with all their moves, to compare with.
"""

import csv
import io
import json
import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

START, END = datetime(2024, 1, 1), datetime(2026, 6, 1)
FIRST = [
    "Ana",
    "José",
    "Zoë",
    "山田",
    "Мария",
    "ליאור",
    "فاطمة",
    "Søren",
    "Chloé",
    "Łukasz",
    "🦊Fox",
    "O'Neil",
]
LAST = [
    "Silva",
    "Müller",
    "Nguyễn",
    "太郎",
    "Иванова",
    "כהן",
    "الزهراء",
    "Ørsted",
    "D'Arc",
    "Wójcik",
    "Smith-Jones",
    "=Formula",
]
COUNTRIES = {"DE": "+4930", "BR": "+551199", "FR": "+33142", "US": "+1415555"}
LANGUAGES = ("de", "pt", "fr", "en")
TAGS = ("Newsletter", "VIP", "Fair 2025")
STAGES = {
    "respondio": ["New Lead", "Hot Lead", "Payment", "Customer", "Cold Lead"],
    "hubspot": [
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
        "evangelist",
        "other",
    ],
    "chatwoot": ["new lead", "hot lead", "customer"],
    "file": ["New Lead", "Hot Lead", "Payment", "Customer"],
}
LABELS = {
    "subscriber": "Subscriber",
    "lead": "Lead",
    "marketingqualifiedlead": "Marketing Qualified Lead",
    "salesqualifiedlead": "Sales Qualified Lead",
    "opportunity": "Opportunity",
    "customer": "Customer",
    "evangelist": "Evangelist",
    "other": "Other",
}


class Person:
    """Somebody in the other system, with the moves that really happened: a list of (stage, when)."""

    def __init__(self, rng, number, source, *, each_stage_once):
        self.number = number
        self.id = str({"hubspot": 10_000_000_000}.get(source, 0) + number)
        self.first, self.last = rng.choice(FIRST), rng.choice(LAST)
        self.country = rng.choice([*COUNTRIES])
        self.phone = f"{COUNTRIES[self.country]}{2000000 + number % 7999999:07}"[:14]
        self.email = f"person{number}@example.com"
        self.language = LANGUAGES[[*COUNTRIES].index(self.country)]
        self.company = rng.choice(["", "Acme GmbH", 'Quote "Inc", Ltd.'])
        self.tags = rng.sample(TAGS, rng.randrange(3))
        self.owner = ""  # an email
        self.moves = self.make_moves(rng, STAGES[source], each_stage_once)

    @property
    def stage(self):
        return self.moves[-1][0] if self.moves else ""

    def make_moves(self, rng, stages, each_stage_once):
        count = rng.randrange(6)
        seconds = sorted(rng.sample(range(int((END - START).total_seconds()) // 60), count))
        moves, former = [], None
        for second in seconds:
            free = [
                stage
                for stage in stages
                if stage != former and not (each_stage_once and stage in dict(moves))
            ]
            if free:
                former = rng.choice(free)
                moves.append((former, START + timedelta(minutes=second)))
        return moves


def make_people(source, count, seed=1, first=1, each_stage_once=False, owner=""):
    """:param str owner: email of somebody who has every third of them"""
    rng = random.Random(seed)
    people = [
        Person(rng, number, source, each_stage_once=each_stage_once) for number in range(first, first + count)
    ]
    for person in people[::3]:
        person.owner = owner
    return people


def _table(header, rows, delimiter=","):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([header, *rows])
    return text.getvalue().encode()


def _iso(moment):
    return moment.replace(tzinfo=timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_respondio(people):
    """:return: dict name -> bytes: the list of contacts in pages, and what its webhook has sent, one line each"""

    def contact(person, stage):
        return {
            "id": int(person.id),
            "firstName": person.first,
            "lastName": person.last,
            "phone": person.phone,
            "email": person.email,
            "language": person.language,
            "countryCode": person.country,
            "tags": person.tags,
            "assignee": {"id": 7, "firstName": "Sal", "email": person.owner} if person.owner else None,
            "lifecycle": stage or None,
            "profilePic": None,
            "locale": None,
            "status": "open",
            "isBlocked": False,
            "created_at": int(START.replace(tzinfo=timezone.utc).timestamp()),
            "custom_fields": [],
        }

    pages = [
        {"items": [contact(person, person.stage) for person in people[place : place + 100]], "pagination": {}}
        for place in range(0, len(people), 100)
    ]
    events = sorted(
        (when, person.number, place) for person in people for place, (_stage, when) in enumerate(person.moves)
    )
    by_number = {person.number: person for person in people}
    lines = []
    for when, number, place in events:
        person = by_number[number]
        stage, former = person.moves[place][0], person.moves[place - 1][0] if place else None
        notice = {
            "event_type": "contact.lifecycle.updated",
            "lifecycle": stage,
            "oldLifecycle": former,
            "action": "update",
            "contact": contact(person, stage),
            "received_at": _iso(when),
        }
        lines.append(json.dumps(notice, ensure_ascii=False))
    return {
        "contacts.json": json.dumps(pages, ensure_ascii=False).encode(),
        "webhooks.jsonl": "\n".join(lines).encode() or b"[]",
    }


def write_hubspot_pages(people):
    """:return: dict name -> bytes: pages of the API with the history of the stage"""
    results = [
        {
            "id": person.id,
            "properties": {
                "firstname": person.first,
                "lastname": person.last,
                "email": person.email,
                "phone": person.phone,
                "company": person.company or None,
                "country": person.country,
                "hs_language": person.language,
                "lifecyclestage": person.stage or None,
            },
            "propertiesWithHistory": {
                "lifecyclestage": [
                    {"value": stage, "timestamp": _iso(when), "sourceType": "CRM_UI", "updatedByUserId": 7}
                    for stage, when in reversed(person.moves)
                ]
            },
        }
        for person in people
    ]
    pages = [json.dumps({"results": results[place : place + 50]}) for place in range(0, len(results), 50)]
    return {"pages.json": "\n".join(pages).encode()}


def write_hubspot_table(people):
    """:return: dict name -> bytes: an export with labels and a date for each stage, in UTC"""
    header = ["Record ID", "First Name", "Last Name", "Email", "Phone Number", "Contact owner", "Lead Status"]
    header += ["Create Date", "Company name", "Country/Region", "Lifecycle Stage"]
    header += [f'Date entered "{label} (Lifecycle Stage Pipeline)"' for label in LABELS.values()]
    rows = [
        [
            *(person.id, person.first, person.last, person.email, person.phone, person.owner, "NEW"),
            *("2024-01-01 00:00", person.company, person.country, LABELS.get(person.stage, "")),
            *(
                dict(person.moves)[stage].strftime("%Y-%m-%d %H:%M") if stage in dict(person.moves) else ""
                for stage in LABELS
            ),
        ]
        for person in people
    ]
    return {"hubspot-crm-exports.csv": _table(header, rows)}


def write_chatwoot(people):
    """:return: dict name -> bytes: contacts with their labels, one of which is the stage"""
    header = ["id", "name", "email", "identifier", "phone_number", "labels", "company_name"]
    rows = [
        [
            person.id,
            f"{person.first} {person.last}",
            person.email,
            "",
            person.phone,
            ",".join([*person.tags, *filter(None, [person.stage])]),
            person.company,
        ]
        for person in people
    ]
    return {"contacts.csv": _table(header, rows)}


def write_file(people):
    """:return: dict name -> bytes: a table with a line for each move, as somebody has kept it in a spreadsheet"""
    header = ["Id", "Name", "E-Mail", "Phone", "Country", "Language", "Salesperson", "Tags", "Stage", "Date"]
    rows = [
        [
            *(person.id, f"{person.first} {person.last}", person.email, person.phone, person.country),
            *(person.language, person.owner, "; ".join(person.tags)),
            *(stage, when and when.strftime("%d.%m.%Y %H:%M")),
        ]
        for person in people
        for stage, when in person.moves or [("", "")]
    ]
    return {"contacts.csv": _table(header, rows, ";")}


WRITERS = {
    "respondio": [write_respondio],
    "hubspot": [write_hubspot_pages, write_hubspot_table],
    "chatwoot": [write_chatwoot],
    "file": [write_file],
}


def main(folder, count=200):
    for source, writers in WRITERS.items():
        for writer in writers:
            people = make_people(source, int(count), each_stage_once=writer is write_hubspot_table)
            for name, data in writer(people).items():
                path = Path(folder, source, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)


if __name__ == "__main__":
    main(*sys.argv[1:])
