"""A page in Debian's Chromium, driven through the DevTools protocol."""

import itertools
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


class Page:
    """A page that is open. `requests` are the URLs that it asked for, `errors` what its script failed with."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.requests: list[str] = []
        self.errors: list[str] = []

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Calls a method of the protocol, and keeps what the page reports meanwhile."""
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        while True:
            message = await self._socket.receive_json(timeout=30)
            self._keep(message)
            if message.get("id") == number:
                assert "error" not in message, message
                result: dict[str, Any] = message["result"]
                return result

    def _keep(self, message: dict[str, Any]) -> None:
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(str(message["params"]["exceptionDetails"]))

    async def value(self, expression: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def open(self, url: str) -> None:
        """Opens a page and waits until it is loaded."""
        await self.call("Network.enable")
        await self.call("Runtime.enable")
        await self.call("Page.navigate", url=url)
        await self.value("new Promise((done) => document.readyState === 'complete' ? done() : onload = () => done())")

    async def press(self, key: str) -> None:
        """Presses a key and lets it go."""
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        code = {"Enter": 13}.get(key, 0)
        for kind in ("keyDown", "keyUp"):
            pressed = {"text": text} if kind == "keyDown" and text else {}
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **pressed)

    async def type(self, text: str) -> None:
        """Types a text into what has the focus."""
        await self.call("Input.insertText", text=text)


@contextmanager
def running_browser(profile: Path) -> Iterator[str]:
    """A browser for as long as the context lasts.

    Args:
        profile: an empty folder for its profile.

    Yields:
        The address of its DevTools, `127.0.0.1:PORT`.
    """
    assert CHROMIUM is not None
    browser = subprocess.Popen(
        [CHROMIUM, *FLAGS, "--window-size=1280,900", f"--user-data-dir={profile}", "--remote-debugging-port=0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert browser.stderr is not None
        yield next(match[1] for line in browser.stderr if (match := re.search(r"ws://([^/]+)/", line)))
    finally:
        browser.terminate()
        browser.wait(20)
        if browser.stderr is not None:
            browser.stderr.close()


@asynccontextmanager
async def open_page(address: str, url: str) -> AsyncIterator[Page]:
    """A new page of a running browser; it is closed with the context.

    Args:
        address: the address of the browser's DevTools.
        url: what to open.
    """
    async with aiohttp.ClientSession() as session:
        async with session.put(f"http://{address}/json/new?about:blank") as answer:
            target = await answer.json()
        async with session.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
            page = Page(socket)
            await page.open(url)
            yield page
        async with session.get(f"http://{address}/json/close/{target['id']}"):
            pass
