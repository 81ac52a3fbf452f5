"""The workbench as one uses it, in a real browser: a template is broken, seen to be, repaired and saved."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.compare.browser import CHROMIUM, Page, open_page, running_browser
from tests.workbench.conftest import Bench
from tests.workbench.program import BROKEN

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the PATH")]

VERDICT = "document.querySelector('.pane .verdict').textContent"


@pytest_asyncio.fixture
async def page(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Page]:
    await bench.call("/old?name=Ann")
    with running_browser(tmp_path_factory.mktemp("profile")) as address:
        async with open_page(address, bench.url) as opened:
            yield opened


async def eventually(page: Page, expression: str, wanted: Any) -> None:
    """Waits until an expression has a value."""
    found = None
    for _ in range(200):
        found = await page.value(expression)
        if found == wanted:
            return
        await asyncio.sleep(0.05)
    assert found == wanted


async def edit(page: Page, text: str) -> None:
    """Replaces the first template by keyboard."""
    await page.press("1")
    await page.value("document.activeElement.select()")
    await page.type(text)


async def test_a_template_is_broken_and_repaired(page: Page, bench: Bench) -> None:
    await eventually(page, VERDICT, "renders")
    await edit(page, BROKEN)
    await eventually(page, f"{VERDICT}.startsWith('not JSON: line 1, column 29')", True)
    await edit(page, """{"statusCode": 200, "hello": "$util.escapeJavaScript($input.params('name'))"}""")
    await eventually(page, VERDICT, "renders")
    assert '"hello": "Ann"' in await page.value("document.querySelector('.pane .output').textContent")
    await page.value("document.querySelector('.pane .save').click()")
    await eventually(page, "document.getElementById('status').textContent.startsWith('saved old.vtl')", True)
    assert "hello" in (bench.folder / "old.vtl").read_text()
    assert page.errors == []


async def test_a_request_that_comes_is_shown_at_once(page: Page, bench: Bench) -> None:
    await eventually(page, "document.querySelectorAll('#list li').length", 1)
    await bench.call("/new?name=%3Cimg+src=x+onerror=alert(1)%3E")
    await eventually(page, "document.querySelectorAll('#list li').length", 2)
    assert await page.value("document.querySelectorAll('#list img').length") == 0
    await page.press("k")
    await eventually(page, "document.querySelector('#list li').getAttribute('aria-selected')", "true")


async def test_a_page_of_another_origin_cannot_use_the_workbench(page: Page, bench: Bench, tmp_path: Path) -> None:
    other = bench.url.replace("127.0.0.1", "localhost")  # another origin, to which the browser resolves just as well
    slot = await bench.slot("GET /old")
    await page.open(other)
    body = f'{{"file": "{slot["file"]}", "source": "x", "version": "{slot["version"]}"}}'
    options = f"{{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: '{body}'}}"
    attempt = f"fetch('{bench.url}api/save', {options}).then((answer) => answer.status, () => 'refused')"
    assert await page.value(attempt) == "refused"
    assert (bench.folder / "old.vtl").read_text() != "x"
