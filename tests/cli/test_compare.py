"""`parity compare`, called as its user calls it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from parity.cli import main
from tests.compare.fake_api import API_ID, FakeApi, fake_api


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with fake_api() as fake:
        yield fake


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, api: FakeApi) -> Path:
    """A Pulumi CLI that knows the stack `prod`, first on the PATH, and a program with that stack's configuration."""
    outputs = {"url": api.url, "lambda_url": f"{api.url}/lambda", "http_url": f"{api.url}/http", "api_id": API_ID}
    cli = tmp_path / "bin" / "pulumi"
    cli.parent.mkdir()
    cli.write_text(
        "#!/bin/sh\n"
        "if [ \"$*\" = 'stack output --json --stack prod' ]; then\n"
        f"  echo '{json.dumps(outputs)}'\n"
        "else\n"
        "  echo \"error: no stack named '$5' found\" >&2; exit 255\n"
        "fi\n"
    )
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", f"{cli.parent}:/usr/bin:/bin")
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: parity\nruntime: python\n")
    (program / "Pulumi.prod.yaml").write_text("config:\n  parity:headers: [header1]\n")
    return program


def test_a_url_is_compared_and_explained(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["compare", "--url", api.url, "--only", "article"])

    out = capsys.readouterr().out
    assert status == 0
    assert "HTTP: not mapped: header header1 is not in parity:headers" in out


def test_a_difference_without_a_reason_is_status_1(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    api.change_event = lambda event: event["params"]["querystring"].clear()

    status = main(["compare", "--url", api.url, "--only", "article"])

    assert status == 1
    assert "  query string query1: no known reason" in capsys.readouterr().out


def test_cases_come_from_a_file_of_the_users_own(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text("- {name: mine, path: /mine}\n")

    assert main(["compare", "--url", api.url, "--cases", str(file)]) == 0
    assert "✓ 1 alike" in capsys.readouterr().out


def test_json_takes_the_place_of_the_table(api: FakeApi, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--url", api.url, "--only", "article", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["cases"][0]["name"] == "article"


def test_every_file_that_is_asked_for_is_written(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {option: tmp_path / f"out.{option}" for option in ("json", "junit", "record", "report")}
    arguments = [word for option, file in files.items() for word in (f"--{option}", str(file))]

    assert main(["compare", "--url", api.url, "--only", "article", *arguments]) == 0

    assert json.loads(files["json"].read_text())["passed"] is True
    assert files["junit"].read_text().startswith("<?xml")
    assert "article" in json.loads(files["record"].read_text())["cases"]
    assert files["report"].read_text().startswith("<!doctype html>")
    assert "request" in capsys.readouterr().out


def test_a_replay_fails_when_an_answer_has_changed(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "aws.json")
    assert main(["compare", "--url", api.url, "--only", "article", "--record", file]) == 0
    assert main(["compare", "--url", api.url, "--only", "article", "--replay", file]) == 0
    api.headers = ("header1",)

    assert (
        main(["compare", "--url", api.url, "--config", "headers=header1", "--only", "article", "--replay", file]) == 1
    )

    assert "article: HTTP received headers header1\n  recorded –\n" in capsys.readouterr().out


def test_a_stack_is_found_through_the_pulumi_cli(
    pulumi: Path, api: FakeApi, capsys: pytest.CaptureFixture[str]
) -> None:
    api.headers = ("header1",)

    status = main(["compare", str(pulumi), "--deployed", "--stack", "prod", "--only", "article"])

    out = capsys.readouterr().out
    assert status == 0
    assert "stack prod on AWS" in out
    assert "header header1" not in out
    assert "HTTP: not mapped: header header2 is not in parity:headers" in out


def test_a_stack_that_the_cli_does_not_know_is_told(pulumi: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(pulumi), "--deployed", "--stack", "none"]) == 1

    error = capsys.readouterr().err
    assert "error: no stack named 'none' found" in error
    assert "--deployed" in error


def test_without_the_cli_a_stack_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")

    assert main(["compare", "--deployed", "--stack", "prod"]) == 1

    error = capsys.readouterr().err
    assert "Pulumi CLI" in error
    assert "--deployed" in error
    assert "--url" in error


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--url", "nonsense"], "is not the URL of a stage"),
        (["--url", "http://a/dev", "--stack", "dev"], "leave out --stack"),
        (["--config", "backend"], "--config backend: write KEY=VALUE"),
        (["--report", "/nowhere/at/all.html"], "its folder does not exist"),
    ],
)
def test_wrong_arguments_are_usage_errors(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_recording_is_told_before_anything_is_sent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "--url", "http://127.0.0.1:9/dev", "--replay", str(tmp_path / "none.json")]) == 1
    assert "make one with --record" in capsys.readouterr().err


def test_an_api_that_answers_nothing_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--url", "http://127.0.0.1:9/dev"]) == 1

    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    assert "no request was answered: ConnectionRefusedError" in captured.err


def test_help_says_which_api_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["compare", "--help"])

    assert "parity compare --stack prod --deployed" in capsys.readouterr().out
