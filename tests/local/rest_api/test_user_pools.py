"""A user pool of a program: its keys, and the tokens that `parity token` makes."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import jwt
import pytest

from parity.cli.main import main
from parity.local import running
from tests.local.running_programs import PROGRAMS, write_program

PROGRAM = PROGRAMS / "user_pool"


def get(url: str, token: str = "") -> tuple[int, str]:
    """The status and the text that a URL answers to a request with a token."""
    request = urllib.request.Request(url, headers={"Authorization": token} if token else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_token_of_the_command_is_taken_by_the_served_api(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    tokens = []
    for arguments in ([], ["--use", "access"], ["--expires-in", "-60"], ["--client", "other"]):
        assert main(["token", str(PROGRAM), "--claim", "email=ada@example.com", *arguments]) == 0
        tokens.append(capsys.readouterr().out.strip())
    with running(PROGRAM) as session:
        url = session.apis[0].url("dev") + "/"
        assert [get(url, token)[0] for token in tokens] == [200, 401, 401, 401]
        assert get(url, tokens[0])[1] == '{"email": "ada@example.com"}'
        assert get(url)[0] == 401
        pool, client = session.outputs["pool"], session.outputs["client"]
        status, text = get(f"{session.apis[0].origin}/{pool}/.well-known/jwks.json")
        (key,) = jwt.PyJWKSet.from_dict(json.loads(text)).keys
        claims = jwt.decode(tokens[0], key, algorithms=["RS256"], audience=client)
        assert (status, claims["iss"]) == (200, f"https://cognito-idp.us-east-1.amazonaws.com/{pool}")
        assert get(f"{session.apis[0].origin}/{pool}/other")[0] == 404
        assert (session.unsupported_resources, session.notices) == ({}, [])


def test_a_program_without_a_user_pool(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["token", str(write_program(tmp_path, "import pulumi\n"))]) == 2
    assert "the program declares no aws.cognito.UserPool" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--claim", "email"], ["--pool", "other"]])
def test_arguments_that_cannot_be_used(arguments: list[str]) -> None:
    assert main(["token", str(PROGRAM), *arguments]) == 2
