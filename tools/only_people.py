"""Only people count (T17): what tells the messages that no person has written."""

import re
from contextlib import contextmanager
from contextvars import ContextVar

PROGRAMS = {
    "",  # there is no address
    *("bounce", "bounces", "daemon", "mailer-daemon", "mdaemon", "postmaster", "root"),
    *("do-not-reply", "donotreply", "no-reply", "no_reply", "noreply"),
}
AUTOMATIC_PRECEDENCES = {"bulk", "junk", "auto_reply", "auto-reply"}
AUTOMATIC_HEADER = re.compile(
    r"x-(mail-)?auto-?(reply|respond(er)?|generated)(-from)?|x-failed-recipients", re.IGNORECASE
)
# a report of a mail server or of a mail program, a reaction in Gmail
AUTOMATIC_PARTS = {
    "message/delivery-status",
    "message/disposition-notification",
    "text/vnd.google.email-reaction+json",
}

_by_automation = ContextVar("contact_lifecycle_by_automation", default=False)


def is_automatic(mail, sender):
    """Whether a program has sent an incoming mail, as its headers say (RFC 3834 and what is customary beside it).

    What people's mails have as well decides nothing: ``Precedence: list`` and ``List-*`` (they write through lists),
    ``X-Auto-Response-Suppress`` without ``All`` (their Exchange adds it), and the subject. An answer to an invitation
    and a reaction are clicks, in a calendar and in Gmail, as are those in Odoo: the meeting itself counts.

    :param mail: ``email.message.EmailMessage``
    :param str sender: whom the mail is from, as Odoo reads it
    :return: bool
    """
    return (
        _get_local_part(sender) in PROGRAMS
        or any(_get_words(value)[0] not in ("", "no") for value in mail.get_all("Auto-Submitted", ()))
        or any(_get_words(value)[0] in AUTOMATIC_PRECEDENCES for value in mail.get_all("Precedence", ()))
        # by their names: the value of a header is parsed each time that it is asked for
        or any(
            _get_words(value)[0] != "no"
            for name in filter(AUTOMATIC_HEADER.fullmatch, mail.keys())
            for value in mail.get_all(name)
        )
        or any("all" in _get_words(value) for value in mail.get_all("X-Auto-Response-Suppress", ()))
        or any(_get_local_part(value) in ("", "mailer-daemon") for value in mail.get_all("Return-Path", ()))
        or any(_is_of_program(part) for part in _get_parts(mail))
    )


def _get_words(value):
    return re.split(r"[\s,;(]+", value.strip().lower())


def _get_local_part(address):
    """:return: what is before the “@” in an address, without what is after a “+”; it may be empty"""
    return re.split("[@+>]", address.rpartition("<")[2])[0].strip(' "').lower()


def _get_parts(mail):
    """Iterate over the parts that the mail itself consists of, not those of a mail that is attached to it."""
    if mail.get_content_maintype() == "multipart" and mail.is_multipart():
        for part in mail.iter_parts():
            yield from _get_parts(part)
    elif not mail.is_attachment():
        yield mail


def _is_of_program(part):
    kind = part.get_content_type()
    answers = kind == "text/calendar" and str(part.get_param("method", "")).lower() == "reply"
    return answers or kind in AUTOMATIC_PARTS


@contextmanager
def automation(running=True):
    """Say of all that is done within that an automation does it; with ``running=False``, that none does.

    Not in the context of the environment, as callers make that one, and it outlives what is done.
    """
    token = _by_automation.set(running)
    try:
        yield
    finally:
        _by_automation.reset(token)


def is_by_automation():
    """:return: whether an automation is doing what is being done"""
    return _by_automation.get()
