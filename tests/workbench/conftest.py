"""The workbench of a small program, served for a test."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio

from parity.local.session import Session
from parity.local.session_options import SessionOptions
from parity.workbench.serving import serving_workbench
from tests.workbench.program import write_program


@dataclass
class Bench:
    """A running workbench: its URL, its program's folder and the URL of the API's stage."""

    url: str
    folder: Path
    api: str

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        """The status and JSON of a page."""
        async with aiohttp.ClientSession() as client, client.get(self.url + path, headers=headers) as answer:
            return answer.status, await answer.json()

    async def post(self, path: str, **body: str) -> tuple[int, Any]:
        """The status and JSON of what the page would send."""
        async with aiohttp.ClientSession() as client, client.post(self.url + path, json=body) as answer:
            return answer.status, await answer.json()

    async def call(self, path: str) -> tuple[int, str]:
        """A request to the API: its status and id."""
        async with aiohttp.ClientSession() as client, client.get(self.api + path) as answer:
            return answer.status, answer.headers["x-amzn-RequestId"]

    async def slot(self, route: str) -> dict[str, Any]:
        """The request template of a route."""
        _, found = await self.get("api/state")
        return next(slot for slot in found["slots"] if slot["route"] == route and slot["direction"] == "request")


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    session = Session(SessionOptions(program=write_program(tmp_path), config={}, record=True))
    await session.start()
    try:
        async with serving_workbench(session) as url:
            yield Bench(url, tmp_path, session.apis[0].url("dev"))
    finally:
        await asyncio.shield(session.aclose())
