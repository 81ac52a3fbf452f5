"""The table, JSON and JUnit: the same comparison for a reader and for programs."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len

from parity.compare.case import Case
from parity.compare.comparison import Comparison
from parity.compare.output.json_output import comparison_to_json
from parity.compare.output.junit import junit_xml
from parity.compare.output.latency import Latency
from parity.compare.output.progress import progress_on
from parity.compare.output.table import Detail, console_for, print_comparison, print_drift
from parity.compare.recording import Drift
from parity.compare.requests.case_file import load_cases
from tests.compare.conftest import CompareFake
from tests.compare.fake_api import FakeApi

CASES = load_cases()


def table(comparison: Comparison, detail: Detail = "verbose") -> str:
    out = io.StringIO()
    print_comparison(comparison, console_for(out), detail=detail)
    return out.getvalue()


def test_the_table_fits_80_columns_and_has_no_colour_in_a_pipe(compare_fake: CompareFake) -> None:
    text = table(compare_fake(*CASES))

    assert [line for line in text.splitlines() if cell_len(line) > 80] == []
    assert "\x1b" not in text


class Terminal(io.StringIO):
    """Text that a terminal would show."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_colour_and_progress(compare_fake: CompareFake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out, err = Terminal(), Terminal()

    with progress_on(err) as progress:
        count = progress.counting(1)
        comparison = compare_fake(CASES[0])
        count(comparison.results[0])
    print_comparison(comparison, console_for(out))

    assert "\x1b[" in out.getvalue()
    assert "comparing 1/1 article" in err.getvalue()
    assert err.getvalue().endswith("\r\x1b[2K")


@pytest.mark.parametrize("columns", [60, 80, 100])
def test_the_rows_fit_the_terminal(compare_fake: CompareFake, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    out = Terminal()

    print_comparison(compare_fake(*CASES), console_for(out))

    lines = re.sub("\x1b\\[[0-9;]*m", "", out.getvalue()).splitlines()
    assert [line for line in lines[4:-1] if cell_len(line) > columns] == []


def test_a_pipe_gets_no_progress(compare_fake: CompareFake) -> None:
    err = io.StringIO()

    with progress_on(err) as progress:
        progress.show("running")
        progress.counting(1)(compare_fake(CASES[0]).results[0])

    assert err.getvalue() == ""


def test_the_table_shows_what_each_side_received_and_why_they_differ(compare_fake: CompareFake) -> None:
    lines = table(compare_fake(CASES[0])).splitlines()

    assert "  request                   Lambda received           HTTP received" in lines
    assert "  query1=querystring1       query1=querystring1       query1=querystring1" in lines
    assert "  header1: value1           header1: value1           –" in lines
    assert "  HTTP: not mapped: header header1 is not in parity:headers" in lines
    assert re.fullmatch(r"http://.*: 1 request in \d+\.\d s", lines[0])
    assert lines[-1] == "✓ 1 differs between the backends"


def test_only_what_differs_is_printed_unless_more_is_asked_for(compare_fake: CompareFake) -> None:
    comparison = compare_fake(*CASES)
    lines = table(comparison, "normal").splitlines()

    assert lines[3].startswith("≠ article · ")
    assert lines[4] == "  HTTP: not mapped: header header1 is not in parity:headers"
    assert lines[-1] == "✓ 15 differ between the backends, 5 changed the same way in both, 31 alike"
    assert len(lines) < 60
    assert table(comparison, "quiet").splitlines() == [*lines[:3], lines[-1]]


def test_the_columns_of_the_table_stay_apart_whatever_is_written_in_them(compare_fake: CompareFake) -> None:
    wide = Case(name="wide", path="/a", query_string="query1=" + "日本語".encode().hex("%").join(("%", "")) * 8)

    row = next(line for line in table(compare_fake(wide)).splitlines() if line.startswith("  query1="))

    assert [cell_len(cell.strip()) <= 24 for cell in row.split("  ") if cell.strip()] == [True] * 3


def test_what_api_gateway_adds_to_every_request_is_told_once(compare_fake: CompareFake) -> None:
    text = table(compare_fake(*CASES))

    assert text.count("an HTTP integration sends its own User-Agent") == 2  # once for all, and where a case sends one
    assert text.count("sends the endpoint's Host") == 1


def test_a_failing_case_is_printed_in_full(api: FakeApi, compare_fake: CompareFake) -> None:
    long = "x" * 200
    api.change_event = lambda event: event["params"]["querystring"].update(query1="changed")
    case = Case(name="broken", path="/a", query_string=f"query1={long}", declared_at="mine.yaml:3")

    text = table(compare_fake(case))

    assert f"    sent     {long}\n    Lambda   changed\n    HTTP     {long}\n" in text
    assert "  declared at mine.yaml:3" in text
    assert f"curl -i --path-as-is -X GET '{api.url}/lambda/a?query1=" in text
    assert text.splitlines()[-1] == "✗ 1 differs without a known reason"


def test_a_backend_that_could_not_be_started_is_told_with_the_reason(compare_fake: CompareFake) -> None:
    reason = "container 'echo' ended before it answered; it wrote:\n    no such file"

    lines = table(replace(compare_fake(CASES[0]), unavailable=(reason,))).splitlines()

    assert "  not available: container 'echo' ended before it answered; it wrote:" in lines
    assert "      no such file" in lines


def test_no_control_character_of_a_request_reaches_the_terminal(compare_fake: CompareFake, api: FakeApi) -> None:
    api.change_echo = lambda echo: echo.update(query={})
    case = Case(name="a", path="/a", query_string="query1=%1b%5b31m%07", why="bell")

    text = table(compare_fake(case))

    assert "query1=␛[31m␇" in text
    assert not any(character in text for character in "\x1b\x07")


def test_the_side_that_is_not_there_is_told(compare_fake: CompareFake) -> None:
    text = table(compare_fake(CASES[0], backend="http"))

    assert "  Lambda not part of this stack (parity:backend); only one side is shown" in text
    assert "Lambda received" not in text


def test_drift_is_told_with_both_values() -> None:
    out = io.StringIO()
    drift = Drift(case_name="a", place="Lambda status", recorded=200, now=500)

    print_drift([drift], Path("aws.json"), console_for(out))

    assert out.getvalue().splitlines() == [
        "a: Lambda status",
        "  recorded 200",
        "  now      500",
        "✗ 1 value changed since aws.json",
    ]


def test_json_has_each_case_with_its_differences_and_reasons(compare_fake: CompareFake) -> None:
    told = json.loads(json.dumps(comparison_to_json(compare_fake(*CASES))))

    assert told["passed"] is True
    assert told["counts"]["requests"] == len(CASES)
    assert set(told["latency_ms"]["lambda"]) == {"count", "median", "p95", "p99", "max"}
    article = told["cases"][0]
    assert article["received"]["lambda"]["body"] == {"keybody": "valuebody"}
    assert {
        "field": "header",
        "name": "header1",
        "explained": True,
        "sent": ["value1"],
        "received": {"lambda": ["value1"], "http": None},
        "reasons": {"http": "not mapped: header header1 is not in parity:headers"},
    } in article["differences"]


def test_json_says_null_where_no_reason_is_known(api: FakeApi, compare_fake: CompareFake) -> None:
    api.change_echo = lambda echo: echo.update(method="PUT")

    told = comparison_to_json(compare_fake(CASES[0]))

    assert told["passed"] is False
    assert told["counts"]["failing"] == 1
    assert [each["reasons"] for each in told["cases"][0]["differences"] if not each["explained"]] == [{"http": None}]


def test_junit_has_a_test_case_for_each_request(api: FakeApi, compare_fake: CompareFake) -> None:
    api.change_echo = lambda echo: echo.update(method="PUT") if echo["path"] == "/wrong" else None
    cases = [Case(name="right", path="/right"), Case(name="wrong", path="/wrong", query_string="query1=%00")]

    suite = ET.fromstring(junit_xml(compare_fake(*cases)))[0]

    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    right, wrong = suite.findall("testcase")
    assert right.find("failure") is None
    failure = wrong.find("failure")
    assert failure is not None
    assert failure.get("message") == "no known reason: method"
    assert "HTTP     PUT" in (failure.text or "")


@pytest.mark.parametrize(
    ("percent", "expected"),
    [(50, 50.0), (95, 95.0), (99, 99.0), (100, 100.0)],
)
def test_percentiles_are_by_nearest_rank(percent: float, expected: float) -> None:
    assert Latency.of([float(value) for value in range(100, 0, -1)]).percentile(percent) == expected


def test_one_latency_is_every_percentile_and_none_is_zero() -> None:
    assert Latency.of([7.0]).to_json() == {"count": 1, "median": 7.0, "p95": 7.0, "p99": 7.0, "max": 7.0}
    assert Latency.of([]).median == 0.0
