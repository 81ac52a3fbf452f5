"""How a report is printed, written as JSON, and written as a case file."""

import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from parity.compare.case import Case
from parity.compare.requests.case_file import parse_cases
from parity.fuzz.output import findings_yaml, print_report, report_to_json
from parity.fuzz.search import FuzzReport, fuzz
from tests.fuzz.fuzz_gateway import ARTICLE_TEMPLATE, GatewayInProcess, function


@pytest.fixture(scope="module")
def report() -> FuzzReport:
    return fuzz(GatewayInProcess(function(ARTICLE_TEMPLATE)), seed=1, requests=60)


@pytest.fixture(scope="module")
def printed(report: FuzzReport) -> str:
    file = io.StringIO()
    print_report(report, file)
    return file.getvalue()


def test_a_finding_shows_where_the_output_breaks_and_what_rendered_it(printed: str) -> None:
    assert "· the request template for application/json renders no JSON\n  small · 1 finding\n" in printed
    assert '      7 | ,"querystring" : {\n      8 | """ : ""\n        |   ^\n' in printed
    assert "$paramName (line 14, column 2 of the template) rendered\n" in printed


def test_a_finding_ends_with_a_curl_line_and_a_case(printed: str) -> None:
    assert "    curl -i --path-as-is -X GET 'http://small.test:8000/dev/a?%22='\n" in printed
    assert "      path: /a\n      query: '%22='\n" in printed


def test_all_but_what_is_pasted_fits_80_columns_without_colour(printed: str) -> None:
    assert "\x1b" not in printed
    assert [line for line in printed.splitlines() if len(line) > 80 and "curl" not in line] == []


def test_the_summary_tells_counts_and_the_seed(report: FuzzReport, printed: str) -> None:
    assert "✗ 60 requests in " in printed
    assert f"(and {report.shrinking_requests} to shrink): {len(report.findings)} finding" in printed
    assert "  --seed 1 sends the same requests again\n" in printed
    assert "  'parity serve --port 8000' serves the API again for the curl lines\n" in printed


def test_a_search_that_found_nothing_says_so(report: FuzzReport) -> None:
    file = io.StringIO()

    print_report(replace(report, findings=(), shrinking_requests=0), file)

    assert ": nothing found\n" in file.getvalue()


def test_the_case_file_can_be_read_again(report: FuzzReport) -> None:
    cases = parse_cases(findings_yaml(report), Path("found.yaml"))

    assert {(case.name, case.path, case.query_string, case.headers) for case in cases} == {
        (found.case.name, found.case.path, found.case.query_string, found.case.headers) for found in report.findings
    }


def test_json_has_the_request_the_template_and_the_reference(report: FuzzReport) -> None:
    document = json.loads(json.dumps(report_to_json(report)))

    (finding,) = [each for each in document["findings"] if each["request"]["query_string"] == "%22="]
    assert (finding["kind"], finding["integration"], finding["reproduced"]) == ("template", "small", True)
    assert finding["request"] == {"method": "GET", "path": "/a", "query_string": "%22=", "headers": [], "body": None}
    assert finding["template"]["reference"] == {"text": "$paramName", "line": 14, "column": 2}
    assert (finding["template"]["line"], finding["template"]["column"]) == (8, 3)
    assert document["seed"] == 1


@pytest.mark.parametrize("body", [b"\xff{}", b"a\0b", b"@a", b'{"a":"\\\'"}'])
def test_the_curl_line_sends_the_body_to_its_last_byte(body: bytes, tmp_path: Path) -> None:
    fake = tmp_path / "curl"
    fake.write_text('#!/bin/sh\nfor last; do :; done\nif [ "$last" = @- ]; then cat; else printf %s "$last"; fi\n')
    fake.chmod(0o755)
    line = Case(name="a", method="POST", body=body).curl("http://small.test/dev")

    done = subprocess.run(
        ["sh", "-c", line], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, check=True
    )

    assert done.stdout == body
