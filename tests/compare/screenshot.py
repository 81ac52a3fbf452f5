"""Takes the picture of the report that the README shows: `python -m tests.compare.screenshot`."""

import asyncio
import base64
import tempfile
from pathlib import Path

from parity.cli.output.costs import costs_of
from parity.compare.comparison import compare
from parity.compare.report import report_html
from parity.compare.requests.case_file import load_cases
from parity.compare.target import local_target
from tests.compare.browser import open_page, running_browser

PROJECT = Path(__file__).parents[2]
PICTURE = PROJECT / "docs" / "report.png"
WIDTH, HEIGHT = 1280, 1500


def main() -> None:
    """Compares this project's program, writes the report, and keeps what a browser shows of it."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.html"
        with local_target(PROJECT) as target:
            report.write_text(report_html(compare(target, load_cases()), costs=costs_of(target.resources)))
        asyncio.run(_take(report, Path(folder) / "profile"))


async def _take(report: Path, profile: Path) -> None:
    with running_browser(profile) as address:
        async with open_page(address, report.as_uri()) as page:
            metrics = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            await page.call("Emulation.setDeviceMetricsOverride", **metrics)
            await page.call("Emulation.setScrollbarsHidden", hidden=True)
            await page.value("document.getElementById('case-article').open = true")
            picture = await page.call("Page.captureScreenshot", format="png")
    PICTURE.write_bytes(base64.b64decode(picture["data"]))


if __name__ == "__main__":
    main()
