"""A visitor in a browser of his own, beside the agent's tours, and a record of every byte he gets."""

import contextlib
import json
from unittest.mock import patch

import odoo.http
from odoo.tests.common import HOST, _registry_test_lock

from odoo.addons.bus.models.bus import BusBus
from odoo.addons.bus.websocket import CloseCode, Websocket, WebsocketConnectionHandler, _kick_all

from .common_browser import Page
from .common_patient import PatientCase

COOKIE = "lifecycle_visitor"
ROOT = "document.querySelector('.o-livechat-root').shadowRoot"


class Received:
    """Every byte that goes from the server to the visitor's browser, over HTTP and the websocket."""

    def __init__(self):
        self.http = []  # (path, bytes)
        self.frames = []

    @contextlib.contextmanager
    def recording(self):
        answer, send = odoo.http.Application.__call__, Websocket._send
        received = self

        def record_answer(self, environ, start_response):
            chunks = answer(self, environ, start_response)
            if COOKIE not in environ.get("HTTP_COOKIE", "") or environ.get("HTTP_UPGRADE"):
                return chunks
            content = b"".join(chunks)
            if hasattr(chunks, "close"):
                chunks.close()
            if environ["PATH_INFO"] != "/im_livechat/emoji_bundle":  # every emoji there is
                received.http.append((environ["PATH_INFO"], content))
            return [content]

        def record_frame(self, message):
            if COOKIE in self._cookies:
                received.frames.append(
                    message if isinstance(message, str) else json.dumps(message, default=str)
                )
            return send(self, message)

        with (
            patch.object(odoo.http.Application, "__call__", record_answer),
            patch.object(Websocket, "_send", record_frame),
        ):
            yield self

    def find(self, secret):
        """:return: list of where the text ``secret`` is, as it is or escaped as JSON does"""
        forms = {secret, json.dumps(secret)[1:-1]}
        places = [path for path, content in self.http if any(form.encode() in content for form in forms)]
        return places + [frame[:300] for frame in self.frames if any(form in frame for form in forms)]


class Visitor(Page):
    """Somebody on the live chat page who is not logged in."""

    def __init__(self, test_case):
        super().__init__(test_case)
        self.browser.set_cookie(COOKIE, "1", "/", HOST)

    def start_chat(self):
        self.wait(f"{ROOT}.querySelector('.o-livechat-LivechatButton')")
        self.evaluate(f"{ROOT}.querySelector('.o-livechat-LivechatButton').click()")
        self.wait(f"{ROOT}.querySelector('.o-mail-Composer-input')")

    def say(self, text):
        """Type a message and send it, with real keys, and wait until it is there."""
        self.evaluate(f"{ROOT}.querySelector('.o-mail-Composer-input').focus()")
        self.browser._websocket_request("Input.insertText", params={"text": text})
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        for event in ("keyDown", "keyUp"):
            self.browser._websocket_request("Input.dispatchKeyEvent", params={"type": event, **key})
        self.wait_for_message(text)

    def end_chat(self):
        """Close the window, and confirm it."""
        self.evaluate(f"{ROOT}.querySelector('.o-mail-ChatWindow-header [title*=Close]').click()")
        self.wait(f"{ROOT}.querySelector('.o-livechat-CloseConfirmation-leave')")
        self.evaluate(f"{ROOT}.querySelector('.o-livechat-CloseConfirmation-leave').click()")
        self.wait(f"!{ROOT}.querySelector('.o-livechat-CloseConfirmation-leave')")

    def wait_for_message(self, text):
        self.wait(
            f"[...{ROOT}.querySelectorAll('.o-mail-Message[data-persistent]')].some((m) => m.textContent.includes({json.dumps(text)}))"
        )


class Colleague(Visitor):
    """Somebody inside who looks at a page, while the tour of somebody else plays."""

    def __init__(self, test_case, user):
        super().__init__(test_case)
        test_case.authenticate(user.login, user.login, browser=self.browser)
        # whoever plays the tour logs in as well, which would end this session
        test_case.session = None


class BesideCase(PatientCase):
    """Has somebody beside, in a browser of their own, whose websocket may want the cursor at any time."""

    def authenticate(self, *args, **kwargs):
        """Log in with the cursor to ourselves."""
        with _registry_test_lock:
            return super().authenticate(*args, **kwargs)


@contextlib.contextmanager
def somebody_beside(test_case, make_person):
    """:return: whom ``make_person`` makes, while ``start_tour`` plays somebody else in another browser"""
    send_one = BusBus._sendone

    def send_at_once(self, target, notification_type, message):
        send_one(self, target, notification_type, message)
        # in tests nothing is ever committed, which is when the bus tells the browsers
        self.env.cr.precommit.run()
        self.env.cr.postcommit.run()

    with (
        patch.object(BusBus, "_sendone", send_at_once),
        patch.object(WebsocketConnectionHandler, "websocket_allowed", return_value=True),
    ):
        person = make_person()
        try:
            yield person
        finally:
            with test_case.allow_requests(all_requests=True):
                person.browser.stop()
                _kick_all(CloseCode.KILL_NOW)
                test_case._wait_remaining_requests()


@contextlib.contextmanager
def visitor_beside(test_case):
    """:return: a ``Visitor`` and what he ``Received``, while ``start_tour`` plays the agent in another browser"""
    received = Received()
    with received.recording(), somebody_beside(test_case, lambda: Visitor(test_case)) as visitor:
        yield visitor, received
