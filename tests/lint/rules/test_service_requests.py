"""Integration requests to AWS services: what the service would not take."""

from typing import Any

import pytest

from parity.lint.linter import Finding
from tests.lint import checked

FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}
ITEM = '{"TableName": "items", "Item": {"id": {"S": $input.json("$.id")}}}'
ENCODED = "Action=SendMessage&MessageBody=$util.urlEncode($input.body)"


def findings(template: str, api: str, **settings: Any) -> list[Finding]:
    """What is found in a request template of an integration with a service's API."""
    declared = {"credentials": "arn:aws:iam::1:role/r", **settings}
    return checked.findings(template, type="AWS", uri=f"arn:aws:apigateway:us-east-1:{api}", **declared)


def rules(template: str, api: str, **settings: Any) -> list[str]:
    return [finding.rule for finding in findings(template, api, **settings)]


@pytest.mark.parametrize(
    ("template", "api", "parameters"),
    [
        (ITEM, "dynamodb:action/PutItem", {}),
        ("$input.json('$')", "dynamodb:action/PutItem", {}),
        (ENCODED, "sqs:path/123456789012/queue", FORM),
        ("#set($body = $util.urlEncode($input.body))" + ENCODED, "sqs:path/1/queue", FORM),
        ("Action=Publish&TopicArn=arn&Message=$util.urlEncode($input.body)", "sns:path//", FORM),
        (
            '{"Entries": []}',
            "events:action/PutEvents",
            {"integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'"},
        ),
        (
            '#set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents"){"Entries": []}',
            "events:action/PutEvents",
            {},
        ),
        (
            """#set($context.requestOverride.header['X-Amz-Target'] = "AWSEvents.PutEvents"){"Entries": []}""",
            "events:action/PutEvents",
            {},
        ),
        ('{"DeliveryStreamName": "s", "Record": {"Data": "YQ=="}}', "firehose:action/PutRecord", {}),
    ],
)
def test_nothing_is_found_in_what_a_service_takes(template: str, api: str, parameters: dict[str, str]) -> None:
    assert rules(template, api, request_parameters=parameters) == []


def test_a_missing_field_is_found_where_the_object_begins() -> None:
    (finding,) = findings(
        '#set($id = $input.json("$.id"))\n{\n  "Item": {"id": {"S": $id}}\n}', "dynamodb:action/PutItem"
    )
    assert (finding.rule, finding.line, finding.column) == ("service-field", 2, 1)
    assert finding.message == "PutItem needs TableName, which the template does not send"


def test_a_field_that_the_action_does_not_have_is_found_at_its_place() -> None:
    found = findings('{"TableName": "t",\n "Key": {}, "Index": "by-kind"}', "dynamodb:action/GetItem")
    assert [(each.message, each.line, each.column) for each in found] == [("GetItem has no field Index", 2, 13)]


def test_fields_within_an_item_are_the_programs_own() -> None:
    assert rules('{"TableName": "t", "Item": {"Anything": {"S": "a"}}}', "dynamodb:action/PutItem") == []


def test_a_field_may_come_from_a_mapping() -> None:
    assert rules('{"Item": {}}', "dynamodb:action/PutItem") == ["service-field"]
    mapped = {"integration.request.querystring.TableName": "'items'"}
    assert rules('{"Item": {}}', "dynamodb:action/PutItem", request_parameters=mapped) == []


def test_an_action_that_does_not_exist() -> None:
    (finding,) = findings(ITEM, "dynamodb:action/PutItems")
    assert (finding.rule, finding.message, finding.fix) == (
        "service-action",
        "dynamodb has no action PutItems",
        "did you mean PutItem?",
    )
    assert rules("Action=SendMessages&MessageBody=a", "sqs:path/1/q", request_parameters=FORM) == ["service-action"]


def test_the_target_of_events_has_to_be_mapped() -> None:
    (finding,) = findings('{"Entries": []}', "events:action/PutEvents")
    assert finding.rule == "service-target"
    assert "'AWSEvents.PutEvents'" in finding.fix


def test_a_form_field_that_is_missing() -> None:
    (finding,) = findings("Action=SendMessage&DelaySeconds=1", "sqs:path/1/queue", request_parameters=FORM)
    assert finding.message == "SendMessage needs MessageBody, which the template does not send"
    (finding,) = findings(ENCODED, "sqs:path//", request_parameters=FORM)
    assert finding.message == "SendMessage needs QueueUrl, which the template does not send"


def test_request_data_in_a_form_is_encoded() -> None:
    (finding,) = findings("Action=SendMessage&MessageBody=$input.body", "sqs:path/1/q", request_parameters=FORM)
    assert (finding.rule, finding.line, finding.column) == ("form-encoding", 1, 32)


def test_a_form_is_sent_as_one() -> None:
    assert rules(ENCODED, "sqs:path/1/q") == ["form-content-type"]
    from_client = {"integration.request.header.Content-Type": "method.request.header.Content-Type"}
    assert rules(ENCODED, "sqs:path/1/q", request_parameters=from_client) == []
