"""No credential is in what a comparison keeps or shows."""

import json
from pathlib import Path

import pytest

from parity.cli import main
from parity.compare.case import Case
from parity.compare.comparison import compare
from parity.compare.redaction import Redactor, secrets_in
from parity.compare.settings import Side
from parity.compare.target import url_target
from parity.fuzz.subject import compared_integrations
from tests.compare.fake_api import FakeApi

TOKEN = "marked-token-0123456789"
CONFIG = ["--config", "authorization=lambda", "--config", f"authorizerToken={TOKEN}"]


def test_the_token_is_in_no_file_and_in_no_output(
    api: FakeApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api.headers = ("authorization",)
    api.change_event = lambda event: event["params"]["querystring"].update(query1="changed")
    files = {name: tmp_path / name for name in ("report", "json", "junit", "record")}
    options = [word for name, file in files.items() for word in (f"--{name}", str(file))]

    assert main(["compare", "--url", api.url, "--only", "article", "-v", *CONFIG, *options]) == 1

    texts = {name: file.read_text() for name, file in files.items()}
    captured = capsys.readouterr()
    assert {
        name for name, text in (texts | {"out": captured.out, "err": captured.err}).items() if TOKEN in text
    } == set()
    received = json.loads(texts["json"])["cases"][0]["received"]
    assert received["lambda"]["headers"]["authorization"] == ["[redacted]"]
    assert {file.stat().st_mode & 0o777 for file in files.values()} == {0o600}


def test_a_recording_without_its_token_still_matches(api: FakeApi, tmp_path: Path) -> None:
    file = str(tmp_path / "aws.json")
    arguments = ["compare", "--url", api.url, "--only", "article", *CONFIG]

    assert main([*arguments, "--record", file]) == 0
    assert main([*arguments, "--replay", file]) == 0


def test_a_credential_of_a_case_is_compared_and_then_taken_out(api: FakeApi) -> None:
    case = Case(name="a", path="/a", headers=(("X-Api-Key", "marked-key-0123456789"),))

    result = compare(url_target(api.url), [case]).results[0]

    assert "marked-key" not in repr(result)
    assert result.passed


def test_of_a_search_what_the_search_made_up_stays_and_the_token_is_taken_out(api: FakeApi) -> None:
    api.headers = ("x-api-key", "authorization")
    target = url_target(api.url, {"authorization": "lambda", "authorizerToken": TOKEN, "headers": "*"})
    case = Case(name="a", path="/a", headers=(("X-Api-Key", "made-up-key"),))

    with compared_integrations(target) as integrations:
        observation = integrations.observe(0, case)

    assert TOKEN not in repr(observation)
    assert observation.result is not None
    headers = observation.result.received[Side.LAMBDA].headers
    assert (headers["x-api-key"], headers["authorization"]) == (("made-up-key",), ("[redacted]",))


def test_a_signature_is_recognised_by_its_form() -> None:
    signed = f"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20240101/us-east-1/a, Signature={'0a' * 32}"
    shown = Redactor(()).text(f'{{"authorization": "{signed}"}}')
    assert "AKIA" not in shown
    assert "0a0a" not in shown


def test_of_a_bearer_token_the_token_alone_is_a_secret_too() -> None:
    assert secrets_in([("authorization", "Bearer abcdefgh"), ("accept", "a")]) == {"Bearer abcdefgh", "abcdefgh"}
