"""A program whose integrations are AWS services: each answers with what it stored, and brings events to a function."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from parity.local import running
from tests.local.running_programs import PROGRAMS

PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running(PROGRAMS / "services") as session:
        yield session.outputs["url"]


def seen(url: str, source: str, contains: str) -> Any:
    """The event that the function noted last from a source, once it holds a text."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        answer = requests.get(f"{url}/seen", params={"source": source}, timeout=20).text
        if contains in answer:
            return json.loads(answer)
        time.sleep(0.1)
    raise AssertionError(f"no event of {source} with {contains}")


def record_of(url: str, source: str, contains: str) -> Any:
    """The record that holds a text, of the event that the function noted last from a source."""
    (record,) = [each for each in seen(url, source, contains)["Records"] if contains in json.dumps(each)]
    return record


def post(url: str, body: Any) -> Any:
    """The JSON that a POST is answered with."""
    response = requests.post(url, json=body, timeout=30)
    assert response.status_code == 200, response.text
    return response.json()


def test_dynamodb_answers_with_what_it_stored(url: str) -> None:
    assert post(f"{url}/items", {"id": "a", "kind": "book"}) == {}
    assert requests.get(f"{url}/items/book", timeout=20).json() == ["a"]
    assert requests.get(f"{url}/items/seed", timeout=20).json() == ["first"]


def test_a_tables_stream_invokes_a_function(url: str) -> None:
    name = str(uuid.uuid4())
    post(f"{url}/items", {"id": name, "kind": "streamed"})
    record = record_of(url, "aws:dynamodb", name)
    assert record["eventName"] == "INSERT"
    assert record["dynamodb"]["Keys"] == {"id": {"S": name}}
    assert record["dynamodb"]["NewImage"]["kind"] == {"S": "streamed"}
    assert "/stream/" in record["eventSourceARN"]


def test_dynamodb_refuses_what_it_would_refuse_on_aws(url: str) -> None:
    answer = post(f"{url}/items", {"id": {"no": "text"}, "kind": "book"})
    assert answer == {
        "__type": "com.amazon.coral.service#SerializationException",
        "message": "dict value at 'item.id.member.s', where the service expects string",
    }


def test_sqs_takes_a_form_and_answers_in_json(url: str) -> None:
    answer = post(f"{url}/queue", {"order": 1})["SendMessageResponse"]
    assert set(answer) == {"SendMessageResult", "ResponseMetadata"}
    assert answer["SendMessageResult"]["SequenceNumber"] is None


def test_a_queue_invokes_a_function(url: str) -> None:
    name = str(uuid.uuid4())
    post(f"{url}/queue", {"order": f"{name}&=%"})
    record = record_of(url, "aws:sqs", name)
    assert json.loads(record["body"]) == {"order": f"{name}&=%"}
    assert record["eventSourceARN"].startswith("arn:aws:sqs:us-east-1:123456789012:queue-")
    assert record["attributes"]["ApproximateReceiveCount"] == "1"


def test_sns_delivers_to_a_function_and_to_a_queue(url: str) -> None:
    name = str(uuid.uuid4())
    answer = post(f"{url}/topic", {"message": name})["PublishResponse"]
    assert list(answer["PublishResult"]) == ["MessageId", "SequenceNumber"]
    record = record_of(url, "aws:sns", name)
    assert record["Sns"]["Message"] == name
    assert record["Sns"]["MessageId"] == answer["PublishResult"]["MessageId"]
    assert requests.get(f"{url}/copies", timeout=20).text == name


def test_s3_gives_what_the_program_put_and_what_a_request_did(url: str) -> None:
    assert requests.get(f"{url}/files/greeting.txt", timeout=20).text == "hello"
    put = requests.put(
        f"{url}/files/new.json", data='{"a": 1}', headers={"Content-Type": "application/json"}, timeout=20
    )
    assert (put.status_code, put.text) == (200, "")
    assert requests.get(f"{url}/files/new.json", timeout=20).json() == {"a": 1}
    assert "<Code>NoSuchKey</Code>" in requests.get(f"{url}/files/none", timeout=20).text
    assert "<Key>greeting.txt</Key>" in requests.get(f"{url}/files", timeout=20).text


def test_a_buckets_notification_invokes_a_function(url: str) -> None:
    name = f"new-{uuid.uuid4()}"
    requests.put(f"{url}/files/{name}", data="x", timeout=20)
    record = record_of(url, "aws:s3", name)
    assert record["eventName"].startswith("ObjectCreated:")
    assert record["s3"]["object"]["key"] == name


def test_eventbridge_delivers_to_the_target_of_a_rule(url: str) -> None:
    name = str(uuid.uuid4())
    answer = post(f"{url}/events", {"order": name})
    assert answer["FailedEntryCount"] == 0
    event = seen(url, "orders", name)
    assert (event["detail-type"], event["detail"]) == ("placed", {"order": name})
    assert requests.get(f"{url}/placed", timeout=20).json() == {"placed": name}


def test_kinesis_takes_a_record_to_a_function(url: str) -> None:
    answer = post(f"{url}/stream", {"k": 1})
    assert set(answer) >= {"SequenceNumber", "ShardId"}
    record = record_of(url, "aws:kinesis", answer["SequenceNumber"])
    assert record["kinesis"]["data"] == "eyJrIjogMX0="


def test_a_synchronous_execution_answers_with_what_the_function_returned(url: str) -> None:
    answer = requests.post(f"{url}/machine", json={"n": "it's"}, timeout=30).text
    assert answer == '{"answer":{"n":"it\'s"}}'


def test_ssm_answers_by_the_query_protocol_with_a_null_for_each_absent_member(url: str) -> None:
    answer = requests.get(f"{url}/parameter", timeout=20).json()["GetParameterResponse"]
    parameter = answer["GetParameterResult"]["Parameter"]
    assert (parameter["Name"], parameter["Value"], parameter["Type"]) == ("/shop/currency", "EUR", "String")
    assert parameter["Selector"] is None
    assert parameter["ARN"] == "arn:aws:ssm:us-east-1:123456789012:parameter/shop/currency"


def test_firehose_delivers_into_its_bucket(url: str) -> None:
    assert set(post(f"{url}/firehose", {"k": 1})) >= {"RecordId"}
    assert "<Key>delivered/" in requests.get(f"{url}/files", timeout=20).text


def test_logs_keep_what_a_template_writes(url: str) -> None:
    post(f"{url}/logs", {"m": "it's here"})
    events = requests.get(f"{url}/logs", timeout=20).json()["events"]
    assert [event["message"] for event in events] == ["it's here"]


def test_a_secret_has_the_arn_that_the_program_sees(url: str) -> None:
    answer = requests.get(f"{url}/secret", timeout=20).json()
    assert answer["SecretString"] == "hush"
    assert answer["ARN"].startswith("arn:aws:secretsmanager:us-east-1:123456789012:secret:secret-")
