"""What AWS answered to integrations with its services, as LocalStack's snapshot tests recorded it.

Each file in `recorded` is an API with the resources that it calls, and requests with what was answered;
`recorded_from` names the test. In an expectation `$regex`, `$any` and `$has` (a subset) are matchers.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from parity.local import running
from tests.local.running_programs import PROGRAMS

CASES = sorted((Path(__file__).parent / "recorded").glob("*.json"))


@pytest.fixture(scope="module")
def urls() -> Iterator[Mapping[str, str]]:
    with running(PROGRAMS / "recorded_services") as session:
        yield session.outputs


@pytest.mark.parametrize("file", CASES, ids=[file.stem for file in CASES])
def test_it_answers_as_aws_did(file: Path, urls: Mapping[str, str]) -> None:
    wrong = []
    for request in json.loads(file.read_text())["requests"]:
        query = f"?{request['query']}" if "query" in request else ""
        answer = requests.request(
            request["method"],
            f"{urls[file.stem]}{request['path']}{query}",
            headers={"Accept": None, **request.get("headers", {})},
            data=base64.b64decode(request["base64"])
            if "base64" in request
            else request.get("body", "").encode() or None,
            timeout=60,
        )
        wrong += [f"{request['id']}: {each}" for each in differences(request["expect"], answer)]
    assert wrong == []


def differences(expected: Mapping[str, Any], answer: requests.Response) -> Iterator[str]:
    """What an answer has otherwise than expected."""
    found: dict[str, Any] = {
        "status": answer.status_code,
        "text": answer.text,
        "base64": base64.b64encode(answer.content).decode(),
        "headers": {name.lower(): value for name, value in answer.headers.items()},
    }
    if "json" in expected:
        try:
            found["json"] = answer.json()
        except ValueError:
            found["json"] = answer.text
    for name, value in expected.items():
        if not matches({"$has": value} if name == "headers" else value, found[name]):
            yield f"{name} is {found[name]!r}, not {value!r}"


def matches(expected: Any, actual: Any) -> bool:
    """Whether a value is as expected."""
    if isinstance(expected, dict):
        if "$any" in expected:
            return actual is not None
        if "$regex" in expected:
            return re.fullmatch(expected["$regex"], str(actual)) is not None
        wanted = expected.get("$has", expected)
        if not isinstance(actual, dict) or ("$has" not in expected and set(actual) != set(wanted)):
            return False
        return all(matches(value, actual.get(name)) for name, value in wanted.items())
    if isinstance(expected, list):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(matches(each, other) for each, other in zip(expected, actual, strict=True))
        )
    return bool(expected == actual)
