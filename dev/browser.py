"""A small driver for Chromium: open a page, wait for an element, click, take a picture (see dev/screenshots.py)."""

import base64
import io
import itertools
import json
import subprocess
import tempfile
import time
from pathlib import Path

import websocket
from PIL import Image

TIMEOUT = 60  # seconds


class Browser:
    """Chromium without a window, spoken to by its DevTools protocol; closed at the end of its ``with``.

    :param str chromium: path of the program
    """

    def __init__(self, chromium):
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--lang=en-US",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={self.folder.name}",
                "about:blank",
            ],
            stderr=subprocess.DEVNULL,
        )
        self.numbers = itertools.count(1)
        self.session = self.socket = None

    def __enter__(self):
        try:
            port_file = Path(self.folder.name, "DevToolsActivePort")
            self._wait(lambda: port_file.exists() and port_file.read_text().count("\n") == 1, "Chromium")
            port, path = port_file.read_text().splitlines()
            self.socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=TIMEOUT)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        if self.socket:
            self.socket.close()
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def send(self, method, **params):
        """:return: what the browser answers, a dict"""
        message = {"id": next(self.numbers), "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]

    def new_page(self):
        """Begin anew, with nothing left of the pages before."""
        self.session = None
        context = self.send("Target.createBrowserContext", disposeOnDetach=True)["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Emulation.setTimezoneOverride", timezoneId="UTC")

    def resize(self, width, height, phone=False):
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=phone)

    def run(self, script):
        """:return: the value of a JavaScript expression"""
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"]["exception"].get("description", script))
        return answer["result"].get("value")

    def open(self, url, selector, text=""):
        self.send("Page.navigate", url=url)
        self.wait_for(selector, text)

    def wait_for(self, selector, text=""):
        """Wait for an element, one with ``text`` in it where that is given."""
        self._wait(lambda: self.run(f"Boolean({self._find(selector, text)})"), f"{selector} {text}")

    def click(self, selector, text=""):
        self.wait_for(selector, text)
        self.run(f"{self._find(selector, text)}.click()")

    def picture(self, path):
        """Save what is seen, once it has come to rest, as a PNG with few colours."""
        self.run("document.activeElement?.blur()")
        images = [self._capture()]

        def is_at_rest():
            images.append(self._capture())
            return images[-1] == images[-2]

        self._wait(is_at_rest, "A page at rest", 0.7)
        image = Image.open(io.BytesIO(images[-1])).convert("RGB")
        image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)

    def _capture(self):
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    @staticmethod
    def _find(selector, text):
        return (
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            f".find((el) => el.textContent.includes({json.dumps(text)}))"
        )

    @staticmethod
    def _wait(is_there, what, pause=0.2):
        end = time.monotonic() + TIMEOUT
        time.sleep(pause)
        while not is_there():
            if time.monotonic() > end:
                raise RuntimeError(f"{what} did not come within {TIMEOUT} seconds")
            time.sleep(pause)
