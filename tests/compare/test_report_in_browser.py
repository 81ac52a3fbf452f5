"""The report as a reader uses it, in a real browser."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from parity.compare.case import Case
from parity.compare.comparison import compare
from parity.compare.report import report_html
from parity.compare.requests.case_file import load_cases
from parity.compare.target import url_target
from tests.compare.browser import CHROMIUM, Page, open_page, running_browser
from tests.compare.fake_api import API_ID, FakeApi, fake_api

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the PATH"),
]

BROKEN = Case(name="broken", path="/broken", query_string="query1=%3Cscript%3Efail()%3C/script%3E")
MUTE = Case(name="mute", path="/mute", query_string="query2=two")
VISIBLE = "[...document.querySelectorAll('.case')].filter((one) => one.checkVisibility()).map((one) => one.id.slice(5))"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with two failing cases at its end."""

    def break_one(event: dict[str, dict[str, dict[str, str]]]) -> None:
        if event["params"]["path"]["proxy"] == "broken":
            event["params"]["querystring"]["query1"] = "<b>changed</b>"
        if event["params"]["path"]["proxy"] == "mute":
            event.clear()

    cases = [*load_cases(only=["article", "query-", "status-4"]), MUTE, BROKEN]
    with fake_api(FakeApi(change_event=break_one)) as api:
        comparison = compare(url_target(api.url, {"apiId": API_ID}), cases)
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_html(comparison))
    return file


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_browser(tmp_path_factory.mktemp("profile")) as address:
        yield address


@pytest_asyncio.fixture
async def page(browser: str, report: Path) -> AsyncIterator[Page]:
    async with open_page(browser, report.as_uri()) as opened:
        yield opened


async def test_the_page_needs_no_network_and_has_no_error(page: Page, report: Path) -> None:
    assert [url for url in page.requests if not url.startswith(("data:", "about:"))] == [report.as_uri()]
    assert page.errors == []


async def test_the_verdict_is_on_top_and_the_failing_request_is_open(page: Page) -> None:
    assert (await page.value("document.querySelector('h1').innerText")).endswith(
        "2 of 20 requests differ without a known reason"
    )
    assert await page.value("[...document.querySelectorAll('.case[open]')].map((one) => one.id)") == [
        "case-mute",
        "case-broken",
    ]


async def test_what_a_client_sent_is_text_and_never_markup(page: Page) -> None:
    row = (
        "[...document.querySelectorAll('#case-broken .received tr')].find((one) => one.innerText.startsWith('query1'))"
    )

    assert await page.value(f"[...{row}.querySelectorAll('td')].map((one) => one.innerText)") == [
        "<script>fail()</script>",
        "<b>changed</b>",
        "<script>fail()</script>",
    ]
    assert await page.value(f"{row}.nextElementSibling.innerText.trim()") == "Lambda no known reason"


async def test_each_value_stands_in_the_column_of_its_backend(page: Page) -> None:
    heads = "[...document.querySelectorAll('#case-mute .received thead th')].map((one) => one.innerText)"
    rows = "[...document.querySelectorAll('#case-mute .received tbody tr')]"
    row = f"{rows}.find((one) => one.innerText.startsWith('query2'))"

    assert await page.value(heads) == ["", "client sent", "Lambda received", "HTTP received"]
    assert await page.value(f"[...{row}.querySelectorAll('td')].map((one) => one.innerText)") == ["two", "", "two"]


async def test_filters_show_what_differs_and_what_fails(page: Page) -> None:
    await page.value("document.querySelector('input[value=failing]').click()")
    assert await page.value(VISIBLE) == ["mute", "broken"]
    assert await page.value("document.getElementById('shown').value") == "2 of 20 requests"

    await page.value("document.querySelector('input[value=different]').click()")
    shown = await page.value(VISIBLE)
    assert "article" in shown
    assert "broken" in shown
    assert "query-plus" not in shown


async def test_search_finds_requests_by_any_text_in_them(page: Page) -> None:
    await page.press("/")
    await page.type("header1 not mapped")

    assert await page.value(VISIBLE) == ["article"]


async def test_the_keyboard_goes_through_the_requests_and_opens_them(page: Page) -> None:
    focused = "document.activeElement.closest('.case')?.id"

    await page.press("j")
    assert await page.value(focused) == "case-mute"  # those that fail come first
    await page.press("j")
    await page.press("k")
    assert await page.value(focused) == "case-mute"
    await page.press("Enter")
    assert await page.value("document.getElementById('case-mute').open") is False


async def test_the_theme_follows_the_system_until_it_is_switched(page: Page) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    await page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    dark = await page.value(background)
    await page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    light = await page.value(background)

    await page.press("t")

    assert dark != light
    assert await page.value(background) == dark


@pytest.mark.parametrize("width", [360, 800, 1600])
async def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    await page.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    await page.value("document.querySelectorAll('.case').forEach((one) => { one.open = true; })")

    assert await page.value("document.documentElement.scrollWidth") <= width


async def test_print_shows_the_requests_without_the_controls(page: Page) -> None:
    await page.call("Emulation.setEmulatedMedia", media="print")

    assert await page.value("getComputedStyle(document.querySelector('.filters')).display") == "none"
    printed = await page.call("Page.printToPDF")
    assert len(printed["data"]) > 10_000


async def test_every_chart_and_mark_has_a_name_for_those_who_do_not_see_it(page: Page) -> None:
    unnamed = "[...document.querySelectorAll('[role=img]')].filter((one) => !one.getAttribute('aria-label')).length"

    assert await page.value(unnamed) == 0
    assert await page.value("document.querySelectorAll('svg.chart').length") == 2
