"""`parity compare` with two routes, one of which has a request template that does not give JSON."""

import json
from pathlib import Path

import pytest

from parity.cli import main


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of `parity init`, whose template prints a name as it comes."""
    folder = tmp_path_factory.mktemp("made") / "api"
    assert main(["init", str(folder)]) == 0
    template = folder / "templates" / "greeting.vtl"
    template.write_text('#set($name = $input.path(\'$.name\'))\n{\n  "name": $name,\n  "language": ""\n}\n')
    return folder


def test_the_template_is_named_with_its_file_line_and_fault(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, page = program / "out.json", program / "report.html"
    assert main(["compare", str(program), "--only", "quotes", "--json", str(file), "--report", str(page)]) == 1

    out = capsys.readouterr().out
    assert "  POST /greetings: the request template for application/json does not give JSON: " in out
    assert "\n    templates/greeting.vtl:3: $name rendered Mary " in out
    assert "POST /v2/greetings: the request template" not in out
    assert "templates/greeting.vtl:3: $name rendered Mary " in page.read_text()
    reasons = [
        reason
        for each in json.loads(file.read_text())["cases"][0]["differences"]
        for reason in each["reasons"].values()
    ]
    assert "not passed on: the request template of POST /greetings does not give JSON" in reasons
    assert not any(reason and "does not print it" in reason for reason in reasons)


def test_two_routes_that_both_send_a_function_what_is_not_json_are_not_alike(
    program: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ("--left", "POST /greetings", "--right", "POST /greetings stage=dev")
    cases = ("--cases", str(program / "greetings.parity.yaml"), "--only", "quotes")
    assert main(["compare", str(program), *both, *cases]) == 1

    out = capsys.readouterr().out
    assert "  status: no backend answered\n" in out
    assert "\n    templates/greeting.vtl:3: $name rendered Mary " in out
