"""Chromium without a window, driven through a pipe: what a page shows, asks for and complains about.

Messages are those of the DevTools protocol, each ended by a zero byte (`--remote-debugging-pipe`: 3 is read, 4 is
written). Nothing is listened on, and nothing is asked of a network.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 60.0
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--remote-debugging-pipe",
)
_COMPLAINTS = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")


@dataclass
class Page:
    """One tab."""

    send: Any
    session: str
    events: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """A command of the protocol, and its answer."""
        answer: dict[str, Any] = self.send(method, params, self.session, self.events)
        return answer

    def open(self, path: Path) -> float:
        """Load a file; the seconds until it had loaded, by the browser's own clock."""
        self.events.clear()
        self.call("Page.navigate", url=path.resolve().as_uri())
        until = time.monotonic() + PATIENCE
        while self.run("document.readyState") != "complete" or self.run("location.href") == "about:blank":
            assert time.monotonic() < until, "it never loads"
            time.sleep(0.02)
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        seconds: float = self.run("performance.getEntriesByType('navigation')[0].loadEventEnd") / 1000
        return seconds

    def run(self, script: str) -> Any:
        """What an expression is in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, *keys: str) -> None:
        """Keys by their names; what is one character is typed."""
        for key in keys:
            text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            code = {"Enter": 13, "Escape": 27, "Tab": 9}.get(key, 0)
            self.call("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def look(self, width: int, *, dark: bool = False, height: int = 900) -> None:
        """The size of the window, and what the person prefers."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media="", features=[scheme])

    def shot(self, path: Path) -> None:
        """A picture of all of it."""
        picture = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    @property
    def requests(self) -> list[str]:
        """Whatever it asked for beside itself."""
        asked = (each for each in self.events if each["method"] == "Network.requestWillBeSent")
        urls = [each["params"]["request"]["url"] for each in asked]
        return [url for url in urls[1:] if not url.startswith("data:")]

    @property
    def complaints(self) -> list[dict[str, Any]]:
        """What is on its console."""
        return [each for each in self.events if each["method"] in _COMPLAINTS]


@contextmanager
def browser() -> Iterator[Page]:
    """A tab of a browser of its own, which ends with the block."""
    assert CHROMIUM, "there is no Chromium"
    theirs, ours = os.pipe()
    read, write = os.pipe()
    high = [fcntl.fcntl(each, fcntl.F_DUPFD, 100) for each in (theirs, write)]  # out of the way of 3 and 4
    profile = tempfile.mkdtemp(prefix="chromium-")
    script = f'exec "$@" 3<&{high[0]} 4>&{high[1]}'
    command = ["bash", "-c", script, "bash", CHROMIUM, *_QUIET, f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen(
        command, pass_fds=high, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    for each in (theirs, write, *high):
        os.close(each)
    try:
        yield _tab(_Pipe(read, ours))
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(read)
        os.close(ours)
        shutil.rmtree(profile, ignore_errors=True)


def _tab(send: Any) -> Page:
    target = send("Target.createTarget", {"url": "about:blank"}, "", [])["targetId"]
    session = send("Target.attachToTarget", {"targetId": target, "flatten": True}, "", [])["sessionId"]
    page = Page(send, session)
    for domain in ("Page", "Runtime", "Network", "Log"):
        page.call(f"{domain}.enable")
    return page


@dataclass
class _Pipe:
    """Commands out, answers and events in."""

    read: int
    write: int
    rest: bytes = b""
    number: int = 0

    def __call__(
        self, method: str, params: dict[str, Any], session: str, events: list[dict[str, Any]]
    ) -> dict[str, Any]:
        self.number += 1
        message = {"id": self.number, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self.write, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            if "method" in answer:
                events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.read], [], [], PATIENCE)
            assert ready, "the browser is silent"
            data = os.read(self.read, 1 << 20)
            assert data, "the browser is gone"
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message
