"""`parity fuzz`, called as its user calls it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.cli import main
from parity.compare.requests.case_file import load_cases
from tests.compare.fake_api import API_ID, FakeApi, fake_api

PROJECT = Path(__file__).parents[2]
TWO_APIS = PROJECT / "tests" / "local" / "programs" / "two_apis"


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with fake_api() as fake:
        yield fake


def test_nothing_is_found_in_this_projects_own_program(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["fuzz", str(PROJECT), "--seed", "1", "--requests", "300"])

    out = capsys.readouterr().out
    assert out.splitlines()[0] == "parity, stack dev, locally"
    assert "300 requests in " in out
    assert status == 0, out


def test_each_method_of_any_other_program_is_searched(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["fuzz", str(TWO_APIS), "--seed", "1", "--requests", "100", "--json"])

    report = json.loads(capsys.readouterr().out)
    assert status == 1
    assert report["api"] == "two_apis, stack dev, locally, 3 methods"
    places = {finding["integration"].partition("-")[0] for finding in report["findings"]}
    assert places == {"GET /hello/{who} of pets", "GET /hello/{who} of shops"}
    broken = [finding for finding in report["findings"] if finding["kind"] == "template"]
    assert len(broken) == 2
    for finding in broken:
        assert finding["request"]["path"] in ("/hello/%22", "/hello/%5C")
        assert finding["template"]["reference"]["text"] == '$input.params("who")'


def test_findings_are_written_as_a_case_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "found.yaml"

    status = main(["fuzz", str(TWO_APIS), "--seed", "2", "--requests", "60", "--findings", str(file)])

    assert status == 1
    assert any(case.name.startswith("fuzz-template-") for case in load_cases(file))
    assert f"wrote {file}" in capsys.readouterr().err


def test_a_deployed_api_is_searched_by_its_url(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.change_event = lambda event: event["params"]["querystring"].clear()

    status = main(
        ["fuzz", "--url", api.url, "--config", f"apiId={API_ID}", "--seed", "1", "--requests", "60", "--json"]
    )

    report = json.loads(capsys.readouterr().out)
    assert status == 1
    assert "a difference without a known reason: query string " in {
        finding["title"].rstrip("query1") for finding in report["findings"]
    }


def test_a_seed_is_chosen_and_told(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    main(["fuzz", "--url", api.url, "--requests", "1"])

    assert " sends the same requests again\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--url", "nonsense"], "is not the URL of a stage"),
        (["--url", "http://a/dev", "--stack", "dev"], "leave out --stack"),
        (["--config", "backend"], "--config backend: write KEY=VALUE"),
        (["--findings", "/nowhere/at/all.yaml"], "its folder does not exist"),
        (["no/such/folder"], "no/such/folder"),
    ],
)
def test_wrong_arguments_are_told(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fuzz", *arguments]) in (1, 2)
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--requests", "0"], "0 is not a whole number of 1 or more"),
        (["--seconds", "nan"], "nan is not a number of seconds above 0"),
        (["--seed", "x"], "invalid int value"),
    ],
)
def test_wrong_values_are_usage_errors(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(["fuzz", *arguments])

    assert error.value.code == 2
    assert message in capsys.readouterr().err


def test_help_says_what_is_found_and_when_the_findings_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["fuzz", "--help"])

    out = capsys.readouterr().out
    assert "a 5xx that the request did not ask for" in out
    assert "the same 5000 requests each time" in out
