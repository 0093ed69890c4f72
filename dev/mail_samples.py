"""What dev/check-mail does in Odoo's shell: the mails in the folder SAMPLES answer a mail of ours, one by one.

Each is sent by the contact it was sent to, unless it says that a mail server has sent it.
"""

import email
import email.policy
import os
import re
import sys
from collections import defaultdict
from pathlib import Path

from odoo.tools import mute_logger

env = globals()["env"]

# The packages are about mails that no person has written. These are people's, or cannot be told from those:
PEOPLES = {
    "encoded_spam.txt": "an advertisement, from somebody's own address",
    "groupwise_03.txt": "somebody answers, with a mail attached",
    "ordinary_gmail.txt": "somebody comments, passed on by a list",
}
# A mail server has written these, but as a text from an address like anybody's, with no header that says so. Such
# addresses are no contacts'; here they are, and move them.
NOT_TOLD = {
    "bounce_02.txt",
    "simple_20.txt",
    "simple_22.txt",
    "simple_35.txt",
    "simple_36.txt",
    "simple_43.txt",
}
MAIL_SERVERS = ("bounce", "daemon", "mailer-daemon", "postmaster", "root")
HEADER = re.compile(rb"^(?P<name>[!-9;-~]+):.*\n(?:[ \t].*\n)*", re.MULTILINE)
OURS = {b"from", b"to", b"message-id", b"in-reply-to", b"references"}


def answer(raw, number, parent, contact):
    """:return: bytes, the mail as an answer to ``parent``"""
    raw = raw.replace(b"\r\n", b"\n").lstrip()
    headers, _empty, body = raw.partition(b"\n\n")
    # no standard knows the first line of a file of several mails
    found = [match for match in HEADER.finditer(headers + b"\n") if match["name"].lower() not in OURS]
    sender = str(email.message_from_bytes(raw, policy=email.policy.compat32)["From"])
    if re.split("[@+>]", sender.rpartition("<")[2])[0].strip(' "').lower() not in MAIL_SERVERS:
        sender = contact.email
    own = (
        f"From: {sender}\nTo: catchall@example.com\nMessage-ID: <sample-{number}@example.com>\n"
        f"In-Reply-To: {parent.message_id}\nReferences: {parent.message_id}\n"
    )
    return own.encode("utf-8", "surrogateescape") + b"".join(match[0] for match in found) + b"\n" + body


def receive(path, number):
    """:return: what has become of it: ``moved``, ``posted``, ``taken out`` or the error that Odoo raises"""
    contact = env["res.partner"].create({"name": path.name, "email": f"contact.{number}@example.com"})
    parent = contact.with_user(writer).message_post(
        body="x", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=contact.ids
    )
    env.flush_all()
    env.cr.precommit.run()
    try:
        with env.cr.savepoint(), mute_logger("odoo.addons.mail.models.mail_thread"):
            env["mail.thread"].message_process(None, answer(path.read_bytes(), number, parent, contact))
    except Exception as error:  # noqa: BLE001 - Odoo's, of any kind
        return f"{type(error).__name__}: {error}"
    env.flush_all()
    env.cr.precommit.run()
    env.cr.postcommit.clear()
    if contact.lifecycle_stage_id == replied:
        return "moved"
    return "posted" if contact.message_ids.filtered(lambda m: m.message_type == "email") else "taken out"


writer = env.ref("base.user_admin")
replied = env.ref("contact_lifecycle.lifecycle_stage_hot_lead")
env["lifecycle.rule"].search([]).active = False
env["lifecycle.rule"].create(
    {
        "name": "Replied",
        "kind": "connected",
        "on_email_reply": True,
        "to_stage_id": replied.id,
        "active": True,
    }
)
results = {
    path.name: receive(path, number)
    for number, path in enumerate(sorted(Path(os.environ["SAMPLES"]).glob("*.txt")))
}
env.cr.rollback()

counts = defaultdict(lambda: defaultdict(int))
wrong = []
for name, result in results.items():
    kind = "a person's" if name in PEOPLES else "automatic, not told" if name in NOT_TOLD else "automatic"
    raised = result not in ("moved", "posted", "taken out")
    counts[kind]["Odoo raises" if raised else result] += 1
    if raised:
        print(f"Odoo raises on {name}: {result.splitlines()[0][:120]}")
    elif (result == "moved") != (kind != "automatic"):
        wrong.append(f"{name}, {kind}: {result}")
for kind, numbers in sorted(counts.items()):
    print(f"{kind}: " + ", ".join(f"{number} {result}" for result, number in sorted(numbers.items())))
missing = (PEOPLES.keys() | NOT_TOLD) - results.keys()
wrong += [f"{name}: is not among the mails" for name in sorted(missing)]
print(*[f"FAILED  {line}" for line in wrong], f"{len(results)} mails, {len(wrong)} failed", sep="\n")
sys.stdout.flush()
sys.exit(bool(wrong) or len(results) < 100)
