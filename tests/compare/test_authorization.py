"""What is added to a request so that an API which asks for it can be compared."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from parity.compare.authorization import (
    LOCAL_CREDENTIALS,
    Authorization,
    Credentials,
    authorization_from,
    region_of,
    signature_headers,
)
from parity.compare.client import Client
from parity.compare.comparison import compare
from parity.compare.requests.case_file import load_cases
from parity.compare.target import local_target
from tests.compare.fake_api import FakeApi

PROJECT = Path(__file__).parents[2]


def test_a_signature_is_the_one_that_botocore_makes() -> None:
    headers = signature_headers(
        Credentials(access_key="AKIDEXAMPLE", secret_key="secret"),
        "us-east-1",
        "POST",
        "/prod/a%20b?q2=b%20c&q1=a%2Fb",
        "abc.execute-api.us-east-1.amazonaws.com",
        b'{"a":1}',
        datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )

    assert headers == (
        ("X-Amz-Date", "20260102T030405Z"),
        (
            "Authorization",
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/execute-api/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=85e2346f931eae9e919e881f6f138fe796da39e64a2b8998058885cd138c4da0",
        ),
    )


def test_a_session_token_is_sent_and_signed() -> None:
    credentials = Credentials(access_key="AKIDEXAMPLE", secret_key="secret", session_token="token")

    headers = dict(signature_headers(credentials, "us-east-1", "GET", "/prod/a", "example.com", b""))

    assert headers["X-Amz-Security-Token"] == "token"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in headers["Authorization"]


def test_the_key_and_the_token_are_those_of_the_outputs() -> None:
    key = authorization_from({"parity:authorization": "api-key"}, {"api_key": "k"})
    token = authorization_from({"authorization": "lambda"}, {"token": "t"})

    assert key.headers == (("x-api-key", "k"),)
    assert token.headers == (("Authorization", "Bearer t"),)


def test_credentials_are_those_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "mine")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)

    signing = authorization_from({"authorization": "iam"}, {})

    assert signing.credentials == Credentials(access_key="mine", secret_key="secret")


def test_without_credentials_a_request_goes_out_unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)

    unsigned = authorization_from({"authorization": "iam"}, {})

    assert unsigned.headers_for("GET", "/prod/a", "example.com", b"") == ()


def test_the_region_is_in_the_url_of_a_deployed_api() -> None:
    assert region_of("https://abc.execute-api.eu-west-1.amazonaws.com/prod") == "eu-west-1"
    assert region_of("http://127.0.0.1:8000/dev") == ""


def test_what_a_case_says_itself_is_not_said_twice(api: FakeApi) -> None:
    case = next(case for case in load_cases() if case.header("Accept") is not None)
    authorization = Authorization(headers=(("accept", "added"), ("x-api-key", "k")))

    with Client(f"{api.url}/http", authorization=authorization) as client:
        sent = client.send(case).sent_headers

    assert [name for name, _ in sent].count("x-api-key") == 1
    assert "added" not in [value for _, value in sent]


@pytest.mark.parametrize("authorization", ["iam", "api-key", "lambda"])
def test_the_program_is_compared_whoever_may_call_it(authorization: str) -> None:
    config = {"backend": "lambda", "authorization": authorization}

    with local_target(PROJECT, config=config) as target:
        comparison = compare(target, load_cases(only=["article", "path-quotes"]))

    assert comparison.passed
    assert [result.answers[side].status for result in comparison.results for side in target.urls] == [200, 200]


def test_local_credentials_never_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "theirs")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "theirs")

    assert authorization_from({"authorization": "iam"}, {}, LOCAL_CREDENTIALS).credentials == LOCAL_CREDENTIALS
