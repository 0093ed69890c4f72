"""Pages in Chromium that a test opens and looks at, and people who work in them with real keys and clicks."""

import json
import time
from concurrent.futures import Future
from contextlib import contextmanager

from odoo.tests.common import HOST, TEST_CURSOR_COOKIE_NAME, ChromeBrowser

DESKTOP = {"width": 1400, "height": 900, "deviceScaleFactor": 1, "mobile": False}
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}

MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}
# name -> its number, and what it types
KEYS = {
    "Enter": (13, "\r"),
    "Tab": (9, ""),
    "Escape": (27, ""),
    " ": (32, " "),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
    "Alt": (18, ""),
    "Control": (17, ""),
    "Shift": (16, ""),
}
# ``person.rest()``: until nothing more is asked of the server; ``person.find()``: an element that is seen;
# ``person.insist()``: once more what was overtaken
HELPER = """
window.person ??= (() => {
    const { rpcBus } = odoo.loader.modules.get("@web/core/network/rpc");
    const pending = new Set();
    rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => pending.add(detail.data.id));
    rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => pending.delete(detail.data.id));
    const style = document.createElement("style");
    style.textContent = "* { transition: none !important; animation: none !important; }";
    document.head.append(style);
    return {
        action: odoo.__WOWL_DEBUG__.root.env.services.action,
        dialog: odoo.__WOWL_DEBUG__.root.env.services.dialog,
        store: odoo.__WOWL_DEBUG__.root.env.services["mail.store"],
        find: (selector, text) =>
            [...document.querySelectorAll(selector)].find(
                (el) => el.textContent.includes(text) && el.checkVisibility()
            ),
        async rest() {
            for (let still = 0; still < 3; still = pending.size ? 0 : still + 1) {
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
        },
        // Odoo never answers for an action that another one overtakes while it loads
        async insist(open) {
            for (let tries = 0; tries < 3; tries++) {
                const late = new Promise((resolve) => setTimeout(resolve, 20000, "late"));
                if ((await Promise.race([open(), late])) !== "late") {
                    return;
                }
            }
            throw new Error("Nothing has been opened.");
        },
    };
})();
"""


class Page:
    """A page of whom the server answers while they do something, or while a tour plays.

    In between, the test has the only cursor to itself.
    """

    def __init__(self, test_case):
        self.test_case = test_case
        self.browser = ChromeBrowser(test_case)
        self.browser.set_cookie(TEST_CURSOR_COOKIE_NAME, test_case.http_request_key, "/", HOST)

    def open(self, path):
        with self.test_case.allow_requests(all_requests=True):
            self.browser.navigate_to(self.test_case.base_url() + path, wait_stop=True)

    def send(self, method, **params):
        """:return: what the browser answers, a dict"""
        return self.browser._websocket_request(method, params=params, timeout=120)

    def evaluate(self, code):
        """:return: the value of a JavaScript expression
        :raises AssertionError: when it throws
        """
        answer = self.send("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            exception = answer["exceptionDetails"].get("exception", {})
            raise AssertionError(f"{exception.get('description') or answer['exceptionDetails']}\n{code}")
        return answer["result"].get("value")

    def wait(self, condition, seconds=120):
        """:raises AssertionError: when the JavaScript ``condition`` is not met in time"""
        end = time.monotonic() + seconds
        with self.test_case.allow_requests(all_requests=True):
            while time.monotonic() < end:
                # before the page is there, its parts are not
                if self.evaluate(
                    f"(() => {{ try {{ return Boolean({condition}); }} catch {{ return false; }} }})()"
                ):
                    return
                time.sleep(0.1)
        raise AssertionError(f"{type(self).__name__} waited {seconds} s in vain for: {condition}")


class Person(Page):
    """Somebody who is logged in, and works with real keys and clicks, which are counted.

    :param dict size: ``DESKTOP`` or ``PHONE``
    """

    def __init__(self, test_case, user, size=DESKTOP):
        super().__init__(test_case)
        self.size, self.login = size, user.login
        self.send("Emulation.setDeviceMetricsOverride", **size)
        self.send("Emulation.setTouchEmulationEnabled", enabled=size["mobile"])
        test_case.authenticate(user.login, user.login, browser=self.browser)
        # whoever plays a tour beside logs in as well, which would end this session
        test_case.session = None
        self.forget()

    def forget(self):
        """Count anew."""
        self.clicks = self.keys = self.texts = 0

    def begin(self, path):
        """Open a page of the web client, and wait until it is at rest."""
        self.open(path)
        self.wait("odoo.__WOWL_DEBUG__.root.env.services.action && document.querySelector('.o_main_navbar')")
        self.evaluate(f"{HELPER}\n0")  # not the helper itself, which holds the whole client
        self.rest()

    def describe(self):
        """:return: what was counted, as the guide says it"""
        counts = {"click": self.clicks, "key": self.keys, "text": self.texts}
        return ", ".join(f"{n} {name}{'s' * (n > 1)}" for name, n in counts.items() if n)

    def ask(self, code):
        """:return: the value of a JavaScript expression for which the server may be asked"""
        with self.test_case.allow_requests(all_requests=True):
            return self.evaluate(code)

    def rest(self):
        self.ask("person.rest()")

    def see(self, selector, text=""):
        """Wait until it is there and seen.

        :raises AssertionError: when it does not come
        """
        self.wait(f"person.find({json.dumps(selector)}, {json.dumps(text)})", seconds=30)

    def click(self, selector, text="", modifier=""):
        """Click in the middle of an element, with the mouse."""
        self.see(selector, text)
        self.rest()
        x, y = self.evaluate(
            f"""(() => {{
                const el = person.find({json.dumps(selector)}, {json.dumps(text)});
                el.scrollIntoView({{ block: "nearest", inline: "nearest" }});
                const {{ x, y, width, height }} = el.getBoundingClientRect();
                return [x + width / 2, y + height / 2];
            }})()"""
        )
        place = {"x": x, "y": y, "modifiers": MODIFIERS.get(modifier, 0)}
        if modifier:
            self._send_key_event("rawKeyDown", modifier, place["modifiers"])
        self.send("Input.dispatchMouseEvent", type="mouseMoved", **place)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, **place)
        if modifier:
            self._send_key_event("keyUp", modifier, 0)
        self.clicks += 1
        self.rest()

    def press(self, hotkey):
        """Press a key, such as ``Enter``, ``s`` or ``Alt+o``."""
        self._send_key(hotkey)
        self.keys += 1
        self.rest()

    def type(self, text):
        """Type a text where the focus is."""
        for letter in text:
            self._send_key(letter)
        self.texts += 1
        self.rest()

    @contextmanager
    def choosing(self, path):
        """Answer with a file when the browser asks for one, in a dialog of its own that is opened within."""
        asked = Future()
        self.browser._handlers["Page.fileChooserOpened"] = lambda **params: asked.set_result(params)
        self.send("Page.setInterceptFileChooserDialog", enabled=True)
        yield
        node = asked.result(timeout=30)["backendNodeId"]
        with self.test_case.allow_requests(all_requests=True):
            self.send("DOM.setFileInputFiles", files=[str(path)], backendNodeId=node)
        self.rest()

    def _send_key(self, hotkey):
        *modifiers, key = hotkey.split("+") if len(hotkey) > 1 else [hotkey]
        flags = 0
        for name in modifiers:
            flags |= MODIFIERS[name]
            self._send_key_event("rawKeyDown", name, flags)
        self._send_key_event("keyDown", key, flags)
        self._send_key_event("keyUp", key, flags)
        for name in modifiers:
            flags &= ~MODIFIERS[name]
            self._send_key_event("keyUp", name, flags)

    def _send_key_event(self, kind, key, flags):
        is_letter = len(key) == 1 and key.isalpha()
        number, text = KEYS.get(key) or (ord(key.upper()), key)
        params = {
            "key": key,
            "code": f"Key{key.upper()}" if is_letter else key,
            "windowsVirtualKeyCode": number,
            "modifiers": flags,
        }
        if kind == "keyDown" and text and not flags & ~MODIFIERS["Shift"]:
            params["text"] = text
        elif kind == "keyDown":
            kind = "rawKeyDown"
        self.send("Input.dispatchKeyEvent", type=kind, **params)

    def is_at(self, selector, text=""):
        """:return: whether the focus is in such an element"""
        return self.evaluate(
            f"""Boolean(document.activeElement?.closest({json.dumps(selector)})
                ?.textContent.includes({json.dumps(text)}))"""
        )

    def go_to(self, selector, text="", key="Tab", most=80):
        """Press ``key`` until the focus is in such an element.

        :raises AssertionError: when it does not get there
        """
        self.see(selector, text)
        for _ in range(most):
            if self.is_at(selector, text):
                return
            self.press(key)
        where = self.evaluate("document.activeElement.outerHTML.slice(0, 300)")
        raise AssertionError(f"{most} times {key} do not lead to {selector} {text}, but to {where}")
