"""Takes the pictures of the workbench in docs/, of a template broken and repaired.

`python -m tests.workbench.screenshots`, with Chromium.
"""

import asyncio
import base64
import json
import tempfile
from pathlib import Path

from parity.local.session import Session
from parity.local.session_options import SessionOptions
from parity.workbench.serving import serving_workbench
from tests.compare.browser import Page, open_page, running_browser

PROJECT = Path(__file__).parents[2]
TEMPLATE = "infra/templates/lambda_request.vtl"
BODY = '{"say": "a \\\\"quoted\\\\" word"}'


async def shown(page: Page, condition: str) -> None:
    """Waits until the page shows something."""
    while not await page.value(condition):
        await asyncio.sleep(0.1)


async def picture(page: Page, name: str) -> None:
    """Saves what the page shows."""
    shot = await page.call("Page.captureScreenshot", format="png")
    (PROJECT / "docs" / name).write_bytes(base64.b64decode(shot["data"]))


async def take() -> None:
    """Sends a request with quotes in it, breaks the template that passes it on, and repairs it."""
    session = Session(SessionOptions(program=PROJECT, config={}, record=True))
    await session.start()
    source = (PROJECT / TEMPLATE).read_text(encoding="utf-8")
    escaped = '$util.escapeJavaScript($params.get($paramName)).replaceAll("\\\\\'","\'")'
    assert escaped in source
    broken = source.replace(escaped, "$params.get($paramName)")
    try:
        async with serving_workbench(session) as url:
            with tempfile.TemporaryDirectory() as profile, running_browser(Path(profile)) as address:
                async with open_page(address, url) as page:
                    metrics = {"width": 1500, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
                    await page.call("Emulation.setDeviceMetricsOverride", **metrics)
                    base = session.apis[0].url(next(iter(session.apis[0].stages)))
                    for path in ("/lambda/orders?query1=a%20%22quoted%22%20word", "/http/orders?query1=plain"):
                        sent = {"method": "GET", "url": base + path, "body": ""}
                        await page.value(f"api('/api/send', {json.dumps(sent)})")
                    await shown(page, "document.querySelectorAll('#list li').length === 2")
                    await page.value("document.querySelector('#list li:last-child').click()")
                    await page.press("1")
                    await page.value("document.activeElement.select()")
                    await page.type(broken)
                    await shown(page, "document.querySelector('.pane .verdict').textContent.startsWith('not JSON')")
                    await picture(page, "workbench-broken.png")
                    await page.value("document.querySelector('.pane .revert').click()")
                    await shown(page, "document.querySelector('.pane .verdict').textContent === 'renders'")
                    await picture(page, "workbench-repaired.png")
    finally:
        await session.aclose()


if __name__ == "__main__":
    asyncio.run(take())
