import doctest
import re
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons import contact_lifecycle

PAGE = Path(__file__).resolve().parents[3] / "docs" / "integrators.md"
EXAMPLE = Path(__file__).resolve().parents[1]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def squeeze(text):
    return " ".join(text.split())


@tagged("post_install", "-at_install")
class TestIntegratorsPage(HttpCase):
    """What docs/integrators.md says is so: its sessions run, its excerpts are of this addon, its names are there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.text = PAGE.read_text()
        cls.blocks = [(language, block) for language, block in FENCE.findall(cls.text)]

    def commit(self):
        """What a commit does, without ending the transaction of the test."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.cr.postcommit.clear()

    def make_key(self):
        """:return: the key of a user with all roles for the external API"""
        user = new_test_user(
            self.env,
            "api@example.com",
            "base.group_partner_manager,contact_lifecycle.group_owner",
            context={"no_reset_password": True},
        )
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        key = self.env["res.users.apikeys"].with_user(user)._generate("rpc", "Example", tomorrow)
        self.env.flush_all()
        return key

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.xmlrpc")
    def test_sessions(self):
        """All that has prompts, from the top to the bottom, as in Odoo's shell"""
        self.patch(self.env.cr, "commit", self.commit)
        names = {
            "env": self.env,
            "URL": self.base_url(),
            "DATABASE": self.env.cr.dbname,
            "LOGIN": "api@example.com",
            "KEY": self.make_key(),
        }
        # without the fences, which would be expected as output
        session = re.sub(r"^```.*$", "", self.text, flags=re.MULTILINE)
        examples = doctest.DocTestParser().get_doctest(session, names, PAGE.name, str(PAGE), 0)
        report = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        with self.allow_requests(all_requests=True):
            runner.run(examples, out=report.append)
        self.assertFalse(runner.failures, "".join(report))
        self.assertGreater(runner.tries, 40)

    def test_excerpts(self):
        """All that has no prompts is somewhere in this addon, line breaks aside"""
        sources = [
            squeeze(path.read_text()) for path in EXAMPLE.rglob("*.*") if path.suffix in (".py", ".xml")
        ]
        excerpts = [block for language, block in self.blocks if language and ">>>" not in block]
        self.assertGreater(len(excerpts), 4)
        for excerpt in excerpts:
            self.assertTrue(any(squeeze(excerpt) in source for source in sources), excerpt)

    def test_names(self):
        """The tables under a heading that is a model name what it has; those of XML IDs, records; others, what is in
        the code
        """
        addon = Path(contact_lifecycle.__file__).parent
        code = "".join(
            path.read_text()
            for folder in ("models", "static/src")
            for path in (addon / folder).rglob("*.[pj][ys]")
        )
        names = []
        for section in self.text.split("\n### ")[1:]:
            heading, _newline, body = section.partition("\n")
            for cell in re.findall(r"^\| (`.*?) \|", body.split("\n## ")[0], re.MULTILINE):
                names += [(heading.strip("`"), name) for name in re.findall(r"`([^`]+)`", cell)]
        self.assertGreater(len(names), 60)

        def is_there(heading, name):
            if heading in self.env:
                return hasattr(self.env[heading], name.partition("(")[0])
            if heading == "XML IDs":
                return self.env.ref(f"contact_lifecycle.{name}", raise_if_not_found=False)
            return f'"{name}"' in code

        self.assertFalse([name for name in names if not is_there(*name)])
