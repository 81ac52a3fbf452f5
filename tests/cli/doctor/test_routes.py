"""The routes and the error mapping, checked by requests: to the program itself, and to broken APIs."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from parity.compare.client import Answer
from parity.compare.settings import Side
from parity.compare.target import Target, url_target
from parity.doctor import Check, Outcome, check_routes
from parity.doctor.routes import diagnosis
from tests.compare.fake_api import FakeApi, fake_api


@contextmanager
def broken(change: Callable[[FakeApi], object]) -> Iterator[Target]:
    """An API that answers like the deployed one, but for a change."""
    api = FakeApi()
    change(api)
    with fake_api(api):
        yield url_target(api.url)


def failures(checks: list[Check]) -> dict[str, str]:
    """What failed, each with its cause and fix."""
    return {check.name: f"{check.cause}; {check.fix}" for check in checks if check.outcome is Outcome.FAILED}


def test_the_programs_own_api_is_sound(parity_api: Target) -> None:
    checks = check_routes(parity_api)
    assert failures(checks) == {}
    assert [check.name for check in checks] == [
        *("route lambda", "Lambda error 404", "Lambda error 503"),
        *("route http", "HTTP error 404", "HTTP error 503"),
    ]


def test_an_address_where_nothing_answers() -> None:
    with fake_api() as api:
        url = api.url
    assert "the stack is destroyed" in failures(check_routes(url_target(url)))["route lambda"]


def test_a_stage_in_the_path_is_told_from_a_missing_mapping() -> None:
    with broken(
        lambda api: setattr(api, "change_echo", lambda echo: echo.update(path=f"/dev{echo['path']}"))
    ) as target:
        found = failures(check_routes(target))["route http"]
    assert "sends the stage in front of the path" in found
    assert "^/dev/(.*)$ to /$1" in found
    with broken(lambda api: setattr(api, "change_echo", lambda echo: echo.update(path="/"))) as target:
        assert "the path parameter proxy is not mapped" in failures(check_routes(target))["route http"]


def test_a_query_string_that_is_not_mapped() -> None:
    with broken(lambda api: setattr(api, "query_strings", ())) as target:
        assert "parity:queryStrings does not map it" in failures(check_routes(target))["route http"]


def test_a_backend_that_is_not_the_echo() -> None:
    with broken(lambda api: setattr(api, "change_event", lambda event: event.pop("params"))) as target:
        found = failures(check_routes(target))
    assert "another backend answers" in found["route lambda"]
    assert "route http" not in found


def test_a_failure_that_reaches_the_client_as_a_success(monkeypatch: pytest.MonkeyPatch) -> None:
    from parity.compare.client import Client

    send = Client.send

    def without_patterns(client: Client, case: object) -> Answer:
        answer = send(client, case)  # type: ignore[arg-type]
        return replace(answer, status=200) if answer.status >= 400 else answer

    monkeypatch.setattr(Client, "send", without_patterns)
    with fake_api() as api:
        found = failures(check_routes(url_target(api.url)))
    assert found.keys() == {f"{side} error {status}" for side in ("Lambda", "HTTP") for status in (404, 503)}
    assert "no selection pattern matches the backend's failure" in found["Lambda error 404"]


@pytest.mark.parametrize(
    ("side", "status", "message", "words"),
    [
        (Side.LAMBDA, 403, "Missing Authentication Token", "serves no such route"),
        (Side.LAMBDA, 403, "User: anonymous is not authorized … with an explicit deny", "parity:allowedIps"),
        (Side.LAMBDA, 403, "User: arn:aws:iam::1:user/a is not authorized to perform", "execute-api:Invoke"),
        (Side.LAMBDA, 403, "The request signature we calculated does not match", "not signed"),
        (Side.LAMBDA, 403, "Forbidden", "API key"),
        (Side.HTTP, 401, "Unauthorized", "token"),
        (Side.HTTP, 429, "Too Many Requests", "throttling"),
        (Side.LAMBDA, 500, "Internal server error", "may not invoke the function"),
        (Side.HTTP, 503, "Service Unavailable", "60 days"),
        (Side.HTTP, 504, "Endpoint request timed out", "60 days"),
        (Side.LAMBDA, 418, "I'm a teapot", "execution log"),
    ],
)
def test_each_refusal_of_api_gateway_has_its_cause(side: Side, status: int, message: str, words: str) -> None:
    answer = Answer(status=status, body=json.dumps({"message": message}).encode())
    assert words in " ".join(diagnosis(side, answer))
