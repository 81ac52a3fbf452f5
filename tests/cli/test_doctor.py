"""`parity doctor`: what it prints, and its exit status."""

import json
from pathlib import Path

import pytest

from parity.cli import main
from tests.compare.fake_api import FakeApi, fake_api


def test_a_sound_api_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    with fake_api() as api:
        assert main(["doctor", "--url", api.url]) == 0
    printed = capsys.readouterr().out
    assert "✓ route lambda: 200 in " in printed
    assert "6 passed, 1 skipped" in printed


def test_a_broken_one_is_1_with_cause_and_fix(capsys: pytest.CaptureFixture[str]) -> None:
    with fake_api(FakeApi(query_strings=())) as api:
        assert main(["doctor", "--url", api.url, "--json"]) == 1
    [failed] = [check for check in json.loads(capsys.readouterr().out) if check["outcome"] == "failed"]
    assert failed["name"] == "route http"
    assert "pulumi config set parity:queryStrings" in failed["fix"]


def test_a_secret_that_authorizes_is_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    token = "t0p-secret-token-of-thirty-two-chars"
    with fake_api(FakeApi(query_strings=())) as api:
        main(["doctor", "--url", api.url, "--config", "authorization=lambda", "--config", f"authorizerToken={token}"])
    assert token not in capsys.readouterr().out


def test_a_url_and_a_stack_contradict_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--url", "https://a.example.com/dev", "--stack", "prod"]) == 2
    assert "leave out --stack" in capsys.readouterr().err


@pytest.mark.parametrize(("cli", "fix"), [("", "or name the API by --url"), ("#!/bin/sh\nexit 1\n", "pulumi up")])
def test_no_option_is_named_that_doctor_does_not_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], cli: str, fix: str
) -> None:
    """With no Pulumi CLI, and with one that knows no such stack."""
    (tmp_path / "Pulumi.yaml").write_text("name: mine\nruntime: python\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    if cli:
        (tmp_path / "pulumi").write_text(cli)
        (tmp_path / "pulumi").chmod(0o755)
    assert main(["doctor", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert fix in error
    assert "--deployed" not in error
