"""The echo function and the authorizer."""

import json
from typing import Any

import pytest

from backend_lambda import authorizer, handler

ARN = "arn:aws:execute-api:us-east-1:123456789012:api1234567/dev/GET/lambda/path1"


def event(proxy: str) -> dict[str, Any]:
    """An event as the mapping template makes it, for a path below /lambda/."""
    return {
        "method": "GET",
        "authcontext": "",
        "body-json": {},
        "params": {"path": {"proxy": proxy}, "querystring": {}, "header": {}},
    }


def test_the_event_is_printed_and_returned(capsys: pytest.CaptureFixture[str]) -> None:
    received = event("path1/path2")
    assert handler.lambda_handler(received, None) == {"statusCode": 200, "body": json.dumps(received)}
    assert capsys.readouterr().out == f"{received}\n"


def test_credentials_are_returned_and_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    received = event("path1")
    names = ["Authorization", "X-API-Key", "cookie", "X-Amz-Security-Token", "Proxy-Authorization"]
    received["params"]["header"] = {**dict.fromkeys(names, "s3cr3t"), "header1": "value1"}
    received["params"]["querystring"] = {"X-Amz-Signature": "s3cr3t", "X-Amz-Security-Token": "s3cr3t"}
    assert handler.lambda_handler(received, None)["body"] == json.dumps(received)
    printed = capsys.readouterr().out
    assert "s3cr3t" not in printed
    assert "'Authorization': 'REDACTED'" in printed
    assert "'header1': 'value1'" in printed


@pytest.mark.parametrize(
    ("code", "message"),
    [(404, "[404] Not Found"), (500, "[500] Internal Server Error"), (499, "[499] Status 499")],
)
def test_a_status_path_raises_an_error_that_begins_with_the_status(code: int, message: str) -> None:
    with pytest.raises(handler.StatusError) as raised:
        handler.lambda_handler(event(f"status/{code}"), None)
    assert str(raised.value) == message


@pytest.mark.parametrize("path", ["status/200", "status/4040", "status/404/x", "a/status/404", "status/", "status/abc"])
def test_another_path_is_echoed(path: str) -> None:
    assert handler.lambda_handler(event(path), None)["statusCode"] == 200


@pytest.mark.parametrize(
    "received",
    [
        {},
        [],
        "text",
        None,
        1,
        {"params": {"path": {}}},
        {"params": {"path": {"proxy": 1}, "header": 1}},
        {"params": []},
    ],
)
def test_any_json_is_an_event(received: Any) -> None:
    assert handler.lambda_handler(received, None)["body"] == json.dumps(received)


def test_the_token_lets_in_and_names_its_bearer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    answer = authorizer.lambda_handler({"authorizationToken": "Bearer secret", "methodArn": ARN}, None)
    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == "arn:aws:execute-api:us-east-1:123456789012:api1234567/dev/*"
    assert answer["context"] == {"stringkey": answer["principalId"]}
    assert "secret" not in json.dumps(answer)


def test_nothing_in_the_answer_depends_on_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = []
    for token in ("secret", "another secret"):
        monkeypatch.setenv("TOKEN", token)
        answers.append(authorizer.lambda_handler({"authorizationToken": f"Bearer {token}", "methodArn": ARN}, None))
    assert answers[0] == answers[1]


@pytest.mark.parametrize("given", ["Bearer wrong", "Bearer ", "secret", "Basic secret", "", "Bearer sécret"])
def test_another_token_is_unauthorized(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorizer.lambda_handler({"authorizationToken": given, "methodArn": ARN}, None)


def test_nobody_is_let_in_without_a_token_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKEN", raising=False)
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorizer.lambda_handler({"authorizationToken": "Bearer ", "methodArn": ARN}, None)
