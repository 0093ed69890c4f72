"""What every source is read into."""

from dataclasses import dataclass, field
from datetime import datetime

MAX_TEXT = (
    1000  # bytes in UTF-8 that are kept of a cell: more than twice as much no index of PostgreSQL takes
)
FIELDS = ("external_id", "name", "company", "phone", "email", "language", "country", "owner")


class Unreadable(Exception):
    """A file or a row that cannot be read.

    :param str reason: a key of ``lifecycle.import._get_problems``, which has the sentence
    :param facts: what the sentence names
    """

    def __init__(self, reason, **facts):
        super().__init__(reason)
        self.reason, self.facts = reason, facts


@dataclass(frozen=True)
class SourceMove:
    """A contact entered a stage, as the source says; an empty stage is none."""

    stage: str
    when: datetime  # naive UTC, whole seconds
    who: str = ""


@dataclass
class SourceRow:
    """What a source says of one contact."""

    number: int  # of the line in the file, or of the contact in it
    external_id: str = ""
    name: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""
    country: str = ""
    owner: str = ""
    tags: list = field(default_factory=list)
    stages: list = field(default_factory=list)  # where the contact is; several where labels are stages
    moves: list = field(default_factory=list)
    problem: Unreadable | None = None


def clean(value):
    """:return: the text of a cell or of a value of JSON: one line, without what no database stores"""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(str(value).replace("\0", "").split())
    return text.encode("utf-8", "ignore")[:MAX_TEXT].decode("utf-8", "ignore").rstrip()


def split(text):
    """:return: list of the names in a cell, which commas or semicolons separate"""
    names = (name.strip() for name in text.replace(";", ",").split(","))
    return list(dict.fromkeys(filter(None, names)))


def escape_formula(value):
    """:return: the text of a cell that no spreadsheet takes for a formula"""
    text = "" if value is None or value is False else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
