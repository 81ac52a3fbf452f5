"""A reason is given only where the value is the one that its rule predicts."""

from typing import Any

import pytest

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.difference import Deviation, Field, FieldKind
from parity.compare.reasons import Circumstances, reason_for
from parity.compare.received import ABSENT, Received, parse_json, sent_by_client
from parity.compare.settings import INTEGRATIONS, Settings, Side


def reason(
    side: Side,
    field: tuple[FieldKind, str],
    sent: Any,
    received: Any,
    *,
    case: Case | None = None,
    settings: Settings | None = None,
    answer: Answer | None = None,
    body_text: str = "",
) -> str | None:
    """The reason for one deviation."""
    case = case or Case(name="case")
    deviation = Deviation(side=side, field=Field(*field), sent=sent, received=received)
    return reason_for(
        deviation,
        Circumstances(
            case=case,
            sent=sent_by_client(case, case.headers),
            received=Received(method="GET", path="", body_text=body_text),
            answer=answer or Answer(status=200),
            settings=settings or Settings(api_id="abc123"),
        ),
    )


def test_a_header_that_is_not_mapped() -> None:
    assert reason(Side.HTTP, ("header", "x-a"), ("1",), ABSENT) == "not mapped: header x-a is not in parity:headers"


def test_a_query_string_that_is_not_mapped() -> None:
    assert (
        reason(Side.HTTP, ("query", "q3"), ("1",), ABSENT)
        == "not mapped: query string q3 is not in parity:queryStrings"
    )


def test_a_private_integration_that_sends_the_stage() -> None:
    found = reason(Side.HTTP, ("path", ""), "path1/path2", "prod/path1/path2", settings=Settings(stage="prod"))
    assert found is not None
    assert found.startswith("stage: the private integration sends the stage in the path")
    assert "rewrite ^/prod/(.*)$ to /$1" in found


@pytest.mark.parametrize("received", ["dev/path1/path2", "prod/path1", "prod/prod/path1/path2"])
def test_another_path_is_not_that_of_the_stage(received: str) -> None:
    assert reason(Side.HTTP, ("path", ""), "path1/path2", received, settings=Settings(stage="prod")) is None
    assert reason(Side.LAMBDA, ("path", ""), "path1/path2", "prod/path1/path2", settings=Settings(stage="prod")) is None


@pytest.mark.parametrize(
    ("side", "field", "sent", "received"),
    [
        pytest.param(Side.HTTP, ("query", "query1"), ("1",), ABSENT, id="a mapped query string that is lost"),
        pytest.param(Side.HTTP, ("query", "q3"), ("1",), ("2",), id="an unmapped query string with another value"),
        pytest.param(Side.HTTP, ("query", "query1"), ("1", "2"), ("1",), id="the first of several values"),
        pytest.param(Side.LAMBDA, ("query", "q3"), ("1",), ABSENT, id="a query string that the template lost"),
        pytest.param(Side.LAMBDA, ("header", "x-a"), ("1",), ABSENT, id="a header that the template lost"),
        pytest.param(Side.HTTP, ("header", "x-a"), ("1",), ("2",), id="an unmapped header with another value"),
        pytest.param(Side.HTTP, ("header", "User-Agent"), ABSENT, ("AmazonAPIGateway_zzz",), id="another API's agent"),
        pytest.param(Side.HTTP, ("header", "Accept"), ABSENT, ("text/html",), id="an Accept of nobody's"),
        pytest.param(Side.HTTP, ("header", "X-Amzn-Trace-Id"), ABSENT, ("Root=1-x",), id="a trace id that is none"),
        pytest.param(Side.HTTP, ("header", "Content-Length"), ("3",), ("7",), id="a length that is not the body's"),
        pytest.param(Side.LAMBDA, ("header", "X-Forwarded-For"), ABSENT, ("somebody",), id="an address that is none"),
        pytest.param(Side.LAMBDA, ("body", ""), ABSENT, {"a": 1}, id="a body from nowhere"),
        pytest.param(Side.LAMBDA, ("body", ".n"), parse_json("1.5"), parse_json("1.6"), id="another number"),
        pytest.param(Side.LAMBDA, ("path", ""), "a b", "a%20b", id="a path that is not decoded"),
        pytest.param(Side.HTTP, ("method", ""), "PUT", "POST", id="another method"),
        pytest.param(Side.HTTP, ("status", ""), 404, 200, id="an error that reaches the client as 200"),
        pytest.param(Side.LAMBDA, ("status", ""), 200, 415, id="415 for JSON"),
    ],
)
def test_a_value_that_no_rule_predicts_has_no_reason(
    side: Side, field: tuple[FieldKind, str], sent: Any, received: Any
) -> None:
    assert reason(side, field, sent, received) is None


@pytest.mark.parametrize(
    ("side", "field", "sent", "received", "expected"),
    [
        (Side.LAMBDA, ("query", "q"), ("1", "2"), ("2",), "repeated: the template sees the last of the 2 values of q"),
        (Side.HTTP, ("query", "query1"), ("1", "2"), ("2",), "repeated: the mapping sends the last of the 2 values"),
        (Side.LAMBDA, ("header", "TE"), ("gzip",), ABSENT, "hidden: API Gateway shows TE to no template"),
        (Side.HTTP, ("header", "User-Agent"), ABSENT, ("AmazonAPIGateway_abc123",), "set by API Gateway"),
        (Side.HTTP, ("header", "Accept"), ("text/html",), ("application/json",), "set by API Gateway"),
        (Side.HTTP, ("header", "Host"), ("api",), ("10.0.0.7:8000",), "set by API Gateway"),
        (Side.LAMBDA, ("header", "X-Forwarded-For"), ABSENT, ("192.0.2.7",), "added: API Gateway sets X-Forwarded-For"),
        (Side.HTTP, ("header", "X-Forwarded-For"), ABSENT, ("10.0.0.1, 10.0.0.2",), "added: the load balancer sets"),
        (Side.LAMBDA, ("body", ""), ABSENT, {}, "no body: the template's $input.json('$') of no body is {}"),
    ],
)
def test_a_value_that_a_rule_predicts(
    side: Side, field: tuple[FieldKind, str], sent: Any, received: Any, expected: str
) -> None:
    assert (reason(side, field, sent, received) or "").startswith(expected)


def test_a_number_that_lost_digits_in_a_double() -> None:
    sent, received = parse_json("3.14159265358979323846"), parse_json("3.141592653589793")

    told = reason(Side.LAMBDA, ("body", ".pi"), sent, received)

    assert told == "number: the Lambda runtime keeps a double; 3.14159265358979323846 became 3.141592653589793"


def test_the_smallest_double_is_printed_as_java_does() -> None:
    told = reason(Side.HTTP, ("body", ""), parse_json("5e-324"), parse_json("4.9E-324"))

    assert told == "number: $input.json('$') prints a double as Java does; 5e-324 became 4.9E-324"
    assert reason(Side.HTTP, ("body", ""), parse_json("5e-324"), parse_json("5.1E-324")) is None


def test_numbers_that_lost_digits_within_a_body_that_only_lambda_was_sent() -> None:
    sent, received = parse_json('{"a": [0.1234567890123456789]}'), parse_json('{"a": [0.12345678901234568]}')

    assert reason(Side.LAMBDA, ("body", ""), sent, received) == "number: the Lambda runtime keeps a double"
    assert reason(Side.LAMBDA, ("body", ""), sent, parse_json('{"a": [0.2]}')) is None


def test_an_event_that_holds_nan_is_refused_by_lambda() -> None:
    refused = {"Type": "User", "message": "Could not parse request body into json: Non-standard token 'NaN'"}

    told = reason(Side.LAMBDA, ("answer", ""), None, refused, case=Case(name="a", method="POST", body=b"[NaN]"))

    assert told == "JSON: $input.json('$') prints NaN as it came, which Lambda refuses as no JSON"
    assert reason(Side.LAMBDA, ("answer", ""), None, refused, case=Case(name="a", method="POST", body=b"[1]")) is None


@pytest.mark.parametrize(
    ("side", "name", "sent", "received", "explained"),
    [
        (Side.LAMBDA, "X-Forwarded-Proto", ("ftp",), ("https",), True),
        (Side.LAMBDA, "X-Forwarded-Port", ("1",), ("443",), True),
        (Side.LAMBDA, "X-Forwarded-Port", ("1",), ("https",), False),
        (Side.LAMBDA, "X-Forwarded-For", ("",), ("10.0.0.1",), True),
        (Side.LAMBDA, "X-Forwarded-For", ("a", "b"), ("b, 10.0.0.1",), True),
        (Side.LAMBDA, "X-Forwarded-For", ("a",), ("10.0.0.1",), False),
        (Side.HTTP, "X-Amzn-Trace-Id", ("a",), ("Root=1-67891233-abcdef012345678912345678",), True),
        (Side.HTTP, "X-Amzn-Trace-Id", ("a",), ("a",), False),
    ],
)
def test_what_the_edge_makes_of_headers_that_the_caller_sends_himself(
    side: Side, name: str, sent: tuple[str, ...], received: tuple[str, ...], explained: bool
) -> None:
    assert (reason(side, ("header", name), sent, received) is not None) == explained


def test_a_content_type_without_a_template_is_refused() -> None:
    case = Case(name="case", method="POST", headers=(("content-type", "text/plain; charset=utf-8"),))
    refused = Answer(status=415, headers=(("x-amzn-ErrorType", "BadRequestException"),))

    assert reason(Side.LAMBDA, ("status", ""), 200, 415, case=case, answer=refused) == (
        "no template: Lambda has none for text/plain, and WHEN_NO_TEMPLATES refuses it (415)"
    )
    assert reason(Side.LAMBDA, ("status", ""), 200, 415, case=case, answer=Answer(status=415)) is None


def test_a_mapped_header_is_expected_to_arrive() -> None:
    mapped = Settings(headers=("X-A", "te"))

    assert reason(Side.HTTP, ("header", "x-a"), ("1",), ABSENT, settings=mapped) is None
    assert (reason(Side.HTTP, ("header", "TE"), ("gzip",), ABSENT, settings=mapped) or "").startswith("dropped: ")


@pytest.mark.parametrize("side", INTEGRATIONS)
def test_a_signature_is_passed_on_to_nothing(side: Side) -> None:
    """AWS's guide, "Amazon API Gateway important notes"."""
    field: tuple[FieldKind, str] = ("header", "Authorization")
    mapped = Settings(headers=("*",))
    signed = ("AWS4-HMAC-SHA256 Credential=…",)
    assert (reason(side, field, signed, ABSENT, settings=mapped) or "").startswith("dropped: ")
    assert reason(side, field, ("Bearer a",), ABSENT, settings=mapped) is None


def test_get_has_no_content_type_at_the_http_backend() -> None:
    field: tuple[FieldKind, str] = ("header", "Content-Type")
    mapped = Settings(headers=("content-type",))

    assert reason(Side.HTTP, field, ("text/plain",), ABSENT, case=Case(name="a"), settings=mapped)
    assert (
        reason(Side.HTTP, field, ("text/plain",), ABSENT, case=Case(name="a", method="POST"), settings=mapped) is None
    )


def test_content_length_is_that_of_the_body_that_arrived() -> None:
    field: tuple[FieldKind, str] = ("header", "Content-Length")

    assert reason(Side.HTTP, field, ("9",), ("3",), body_text="ü!")
    assert reason(Side.HTTP, field, ("9",), ("2",), body_text="ü!") is None
