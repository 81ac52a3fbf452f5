"""What AWS refuses is refused in its words, and what it takes is served: the cases of programs/refusals/cases.yaml."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from parity.errors import UserError
from parity.local import running
from tests.local.running_programs import PROGRAMS

PROGRAM = PROGRAMS / "refusals"
CASES: dict[str, dict[str, Any]] = yaml.safe_load((PROGRAM / "cases.yaml").read_text())


@pytest.fixture(scope="module")
def errors() -> list[str]:
    """The lines of the error with which `parity serve` ends for a program of all cases."""
    with (
        pytest.raises(UserError) as raised,
        running(PROGRAM, config={"cases": str(PROGRAM / "cases.yaml")}),
    ):
        pass
    return str(raised.value).splitlines()


def status(url: str) -> int:
    """The status that a URL answers."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def of_case(errors: list[str], case: str) -> dict[str, str]:
    """The errors of a case: AWS's words by the key of the resource."""
    found = {}
    for line in errors:
        name, quoted, message = line.partition('" (')
        key = name.partition(f' "{case}/')[2]
        if quoted and key:
            found[key] = message.partition("): ")[2].partition(" (AWS refuses it when it is created); ")[0]
    return found


@pytest.mark.parametrize("case", CASES)
def test_what_aws_answers_to_a_definition(errors: list[str], case: str) -> None:
    assert of_case(errors, case) == CASES[case].get("refused", {})
    assert CASES[case]["source"]


def test_each_error_names_a_fix(errors: list[str]) -> None:
    refused = [line for line in errors if "AWS refuses it" in line]
    assert len(refused) == sum(len(case.get("refused", {})) for case in CASES.values())
    assert all(line.rpartition("; ")[2] for line in refused)


def test_what_aws_takes_is_served(tmp_path: Path) -> None:
    """Only its own requests may fail."""
    cases = tmp_path / "cases.yaml"
    cases.write_text(json.dumps(CASES))
    with running(PROGRAM, config={"cases": str(cases), "deploys": "true"}) as session:
        assert len(session.apis) == len([case for case in CASES.values() if "refused" not in case])
        for api in session.apis:
            assert status(api.url("dev")) in (200, 403, 500), api.urn
