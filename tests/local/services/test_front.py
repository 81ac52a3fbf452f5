"""What stands in front of the emulator: who may call it, and what AWS refuses."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from parity.local.services.emulator.front import Front

SIGNED = "AWS4-HMAC-SHA256 Credential=A/20270101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0"


def client(answer: Response | None = None) -> Client:
    """A client of a front whose emulator answers the same to each request, or fails."""

    def moto(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if answer is None:
            raise KeyError("TableName")
        return answer(environ, start_response)

    front = Front(moto, 1, invoke=lambda *_: Response("invoked"), start_sync_execution=lambda *_: Response(), log=print)
    return Client(front)


def signed(service: str, **headers: str) -> dict[str, str]:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"Authorization": SIGNED % service, **fields}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example", "Authorization": SIGNED % "sqs"},
        {"Host": "localhost:4566", "Origin": "https://evil.example"},
        {"Host": "127.0.0.1:4566", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_web_page_is_refused(headers: dict[str, str]) -> None:
    assert client(Response("stored")).get("/bucket/key", headers=headers).status_code == 403
    invocation = "/2015-03-31/functions/f/invocations"
    assert client(Response()).post(invocation, headers=headers).status_code == 403


def test_what_is_signed_is_taken() -> None:
    host = {"Host": "s3.us-east-1.amazonaws.com"}
    assert client(Response("stored")).get("/bucket/key", headers={**signed("s3"), **host}).text == "stored"


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ("no JSON", "SerializationException", None),
        ('{"TableName": 1, "Key": {}}', "SerializationException", "int value at 'tableName'"),
        ("{}", "ValidationException", "2 validation errors detected: Value null at 'tableName'"),
    ],
)
def test_input_that_an_action_does_not_take(body: str, error: str, message: str | None) -> None:
    headers = signed("dynamodb", X_Amz_Target="DynamoDB_20120810.GetItem")
    answer = client(Response()).post("/", data=body, headers=headers)
    assert answer.status_code == 400
    told = json.loads(answer.text)
    assert told["__type"].rpartition("#")[2] == error
    assert message is None or told["message"].startswith(message)


BOUND = "Value '{}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"


@pytest.mark.parametrize(
    ("limit", "error", "message"),
    [
        ("0", "ValidationException", f"1 validation error detected: {BOUND.format(0)}"),
        ("-1", "ValidationException", f"1 validation error detected: {BOUND.format(-1)}"),
        ('"1"', "SerializationException", "str value at 'limit', where the service expects integer"),
        ("true", "SerializationException", "bool value at 'limit', where the service expects integer"),
    ],
)
def test_numbers_are_within_the_bounds_of_an_action(limit: str, error: str, message: str) -> None:
    """https://github.com/boto/boto/pull/1584"""
    target = signed("dynamodb", X_Amz_Target="DynamoDB_20120810.Scan")

    answer = client().post("/", headers=target, data=f'{{"TableName": "t", "Limit": {limit}}}')

    assert answer.status_code == 400
    told = json.loads(answer.text)
    assert (told["__type"].rpartition("#")[2], told["message"]) == (error, message)


def test_a_number_at_a_bound_is_taken() -> None:
    target = signed("dynamodb", X_Amz_Target="DynamoDB_20120810.Scan")

    assert client(Response("{}")).post("/", headers=target, data='{"TableName": "t", "Limit": 1}').status_code == 200


@pytest.mark.parametrize(
    ("service", "headers", "body"),
    [
        ("dynamodb", {}, "{}"),
        ("sqs", {"Content_Type": "application/json"}, "Action=SendMessage&MessageBody=a"),
    ],
)
def test_a_request_that_names_no_action(service: str, headers: dict[str, str], body: str) -> None:
    answer = client(Response()).post("/", data=body, headers=signed(service, **headers))
    assert (answer.status_code, answer.text) == (404, "<UnknownOperationException/>\n")


def test_a_failure_of_the_emulator_says_so() -> None:
    headers = signed("dynamodb", X_Amz_Target="DynamoDB_20120810.ListTables")
    answer = client().post("/", data="{}", headers=headers)
    assert answer.status_code == 500
    told = {"__type": "InternalFailure", "message": "the local emulator failed: KeyError: 'TableName'"}
    assert json.loads(answer.text) == told


def test_an_answer_in_xml_becomes_json_where_it_is_asked_for() -> None:
    xml = """<ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><ReceiveMessageResult><Message>
      <MessageId>1</MessageId><Body>a</Body><Attribute><Name>SenderId</Name><Value>b</Value></Attribute>
      </Message></ReceiveMessageResult></ReceiveMessageResponse>"""
    headers = signed("sqs", Content_Type="application/x-www-form-urlencoded", Accept="application/json")
    answer = client(Response(xml)).post("/1/q", data="Action=ReceiveMessage", headers=headers)
    (message,) = json.loads(answer.text)["ReceiveMessageResponse"]["ReceiveMessageResult"]["messages"]
    assert (message["Body"], message["Attributes"], message["ReceiptHandle"]) == ("a", {"SenderId": "b"}, None)


def test_an_error_in_xml_becomes_json_too() -> None:
    error = "<Error><Type>Sender</Type><Code>NotFound</Code><Message>no topic</Message></Error>"
    xml = f"<ErrorResponse>{error}</ErrorResponse>"
    headers = signed("sns", Accept="application/json")
    answer = client(Response(xml, 404)).post("/?Action=Publish&Message=a", headers=headers)
    assert answer.status_code == 404
    assert json.loads(answer.text)["Error"] == {"Code": "NotFound", "Message": "no topic", "Type": "Sender"}
