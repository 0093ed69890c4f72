import re
from pathlib import Path

from lxml import etree

from odoo.tests import tagged

import odoo.addons

from .common import LifecycleCase

ADDON = Path(__file__).resolve().parents[1]

# where the list of stages opens by a key, and what Odoo shows around it
MODELS = {"crm.lead", "res.partner", "discuss.channel"}
FRAME = ("web", "mail", "im_livechat")
IN_CODE = re.compile(
    r"""(?:data-hotkey="(?:[^"]*')?|\bhotkey(?:="|["']?: *["'])(?:alt\+)?)([a-z])["']""", re.IGNORECASE
)


def find_addons():
    return [path for folder in odoo.addons.__path__ for path in Path(folder).iterdir() if path.is_dir()]


@tagged("post_install", "-at_install")
class TestHotkeys(LifecycleCase):
    """A3: the key of the list of stages does nothing else there."""

    def test_key_of_the_list_of_stages_is_free(self):
        code = (ADDON / "static/src/stage_picker/stage_picker.js").read_text()
        ours = re.search(r'STAGE_HOTKEY = "(\w)"', code)[1]
        taken = {}
        for addon in find_addons():
            if addon.resolve() == ADDON:
                continue
            for path in (addon / "views").glob("*.xml"):
                if b"data-hotkey" in (text := path.read_bytes()):
                    for record in etree.fromstring(text).iter("record"):
                        if record.findtext("field[@name='model']") in MODELS:
                            for node in record.iterfind(".//*[@data-hotkey]"):
                                taken.setdefault(node.get("data-hotkey").lower(), set()).add(path.name)
        self.assertIn("g", taken, "the button that enriches leads has it")
        for name in FRAME:
            for folder in odoo.addons.__path__:
                for path in (Path(folder) / name / "static/src").rglob("*.[jx][sm]*"):
                    for key in IN_CODE.findall(path.read_text()):
                        taken.setdefault(key.lower(), set()).add(path.name)
        self.assertLessEqual(set("bhmpu"), taken.keys())
        self.assertNotIn(ours, taken, taken.get(ours))
