"""The integration with an AWS service: the signed integration request, and what becomes of the service's answer."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from parity.gateway.integrations.aws_signature import signed_headers
from parity.gateway.model.definition import Integration, IntegrationResponse
from parity.gateway.model.exchange import Exchange
from tests.gateway.support import (
    DEFAULT_RESPONSE,
    Functions,
    answer,
    gateway,
    http_backend,
    method,
    reply,
    rest_api,
    send,
)

ROLE = "arn:aws:iam::123456789012:role/gateway"
JSON = {"Content-Type": "application/json"}
PUT_ITEM = '{"TableName": "items", "Item": {"id": {"S": "$input.params(\'id\')"}}}'


def service(api: str, **settings: Any) -> Integration:
    """An integration with a service's API, such as `dynamodb:action/PutItem`."""
    declared = {"credentials": ROLE, "responses": DEFAULT_RESPONSE, "http_method": "POST", **settings}
    return Integration(type="AWS", uri=f"arn:aws:apigateway:us-east-1:{api}", **declared)


async def sent(integration: Integration, origin: str | None = None, path: str = "/", **request: Any) -> Exchange:
    """The exchange of a request to `/{proxy+}` with the integration, which answers at `origin`."""
    served = gateway(rest_api({"/": method(integration), "/{proxy+}": method(integration)}), Functions(origin=origin))
    try:
        return await send(served, request.pop("http_method", "POST"), path, **request)
    finally:
        await served.aclose()


def outgoing(exchange: Exchange) -> tuple[str, dict[str, str]]:
    """The URL, and the headers by lower-case name, of the integration request."""
    request = exchange.integration_request
    assert request is not None
    return f"{request.method} {request.uri}", {name.lower(): value for name, value in request.headers}


async def test_an_action_gets_its_target_and_content_type_though_nothing_answers() -> None:
    exchange = await sent(
        service("dynamodb:action/PutItem", request_templates={"application/json": PUT_ITEM}), query="id=7", headers=JSON
    )
    line, headers = outgoing(exchange)
    assert line == "POST https://dynamodb.us-east-1.amazonaws.com/?Action=PutItem"
    assert headers["x-amz-target"] == "DynamoDB_20120810.PutItem"
    assert headers["content-type"] == "application/x-amz-json-1.0"
    assert headers["host"] == "dynamodb.us-east-1.amazonaws.com"
    assert re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=ASIA\w{16}/\d{8}/us-east-1/dynamodb/aws4_request, "
        r"SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}",
        headers["authorization"],
    )
    request = exchange.integration_request
    assert request is not None
    assert (request.service, request.action) == ("dynamodb", "PutItem")
    assert request.template is not None
    assert request.template.output == '{"TableName": "items", "Item": {"id": {"S": "7"}}}'
    assert exchange.gateway_response is not None
    assert "none is running" in exchange.gateway_response.reason
    assert answer(exchange)[0] == 500


@pytest.mark.parametrize(
    ("api", "target", "content_type"),
    [
        ("kinesis:action/PutRecord", "Kinesis_20131202.PutRecord", "application/x-amz-json-1.1"),
        ("states:action/StartExecution", "AWSStepFunctions.StartExecution", "application/x-amz-json-1.0"),
        ("firehose:action/PutRecord", "Firehose_20150804.PutRecord", "application/x-amz-json-1.1"),
        (
            "cognito-idp:action/InitiateAuth",
            "AWSCognitoIdentityProviderService.InitiateAuth",
            "application/x-amz-json-1.1",
        ),
        ("events:action/PutEvents", None, "application/json"),
        ("sqs:path/123456789012/queue", None, "application/json"),
    ],
)
async def test_which_services_get_a_target_by_themselves(api: str, target: str | None, content_type: str) -> None:
    _, headers = outgoing(await sent(service(api), headers=JSON, body="{}"))
    assert headers.get("x-amz-target") == target
    assert headers["content-type"] == content_type


async def test_an_override_maps_the_target_of_events() -> None:
    template = """#set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents")
        #set($context.requestOverride.header.Content-Type = "application/x-amz-json-1.1"){"Entries": []}"""
    exchange = await sent(
        service("events:action/PutEvents", request_templates={"application/json": template}), headers=JSON
    )
    _, headers = outgoing(exchange)
    assert (headers["x-amz-target"], headers["content-type"]) == ("AWSEvents.PutEvents", "application/x-amz-json-1.1")


@pytest.mark.parametrize(
    ("api", "parameters", "line"),
    [
        ("sqs:path/123456789012/q", {}, "https://sqs.us-east-1.amazonaws.com/123456789012/q"),
        ("sns:path//", {}, "https://sns.us-east-1.amazonaws.com/"),
        ("b.s3:path/k", {}, "https://b.s3.us-east-1.amazonaws.com/k"),
        ("iam:action/ListUsers", {}, "https://iam.amazonaws.com/?Action=ListUsers"),
        (
            "s3:path/b/{key}",
            {"integration.request.path.key": "method.request.path.proxy"},
            "https://s3.us-east-1.amazonaws.com/b/a/b%20c",
        ),
        (
            "ssm:action/GetParameter",
            {"integration.request.querystring.Name": "'/a b'"},
            "https://ssm.us-east-1.amazonaws.com/?Action=GetParameter&Name=/a%20b",
        ),
    ],
)
async def test_the_url_of_a_path_and_of_an_action(api: str, parameters: Mapping[str, str], line: str) -> None:
    exchange = await sent(service(api, request_parameters=parameters), path="/a/b%20c")
    assert outgoing(exchange)[0] == f"POST {line}"


async def test_the_status_selects_the_integration_response() -> None:
    responses = (
        IntegrationResponse(status_code="200"),
        IntegrationResponse(
            status_code="409",
            selection_pattern="4\\d\\d",
            response_templates={"application/json": "$input.path('$.__type')"},
        ),
    )
    failure = reply('{"__type": "ConditionalCheckFailedException"}', 400)
    async with http_backend(failure) as backend:
        exchange = await sent(service("dynamodb:action/PutItem", responses=responses), backend.url, body="{}")
    assert answer(exchange)[::2] == (409, "ConditionalCheckFailedException")
    [received] = backend.requests
    assert received.target == "/?Action=PutItem"
    assert received.header("Host") == "dynamodb.us-east-1.amazonaws.com"


async def test_a_get_is_sent_without_body() -> None:
    async with http_backend(reply("<Error/>", 404)) as backend:
        exchange = await sent(service("s3:path/b/k", http_method="GET"), backend.url, body="{}")
    assert backend.requests[0].body == b""
    _, headers = outgoing(exchange)
    assert headers["x-amz-content-sha256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert answer(exchange)[::2] == (200, "<Error/>")


async def test_no_credentials_is_a_500_that_shows_what_was_mapped() -> None:
    exchange = await sent(service("sqs:path/1/q", credentials=None), body="{}")
    assert answer(exchange)[0] == 500
    assert exchange.integration_request is not None
    assert exchange.gateway_response is not None
    assert exchange.gateway_response.reason.endswith("Role ARN must be specified for AWS integrations")


async def test_the_callers_credentials_need_a_signed_request() -> None:
    caller = service("sqs:path/1/q", credentials="arn:aws:iam::*:user/*")
    assert answer(await sent(caller, body="{}"))[0] == 500
    served = gateway(rest_api({"/": method(caller, authorization="AWS_IAM")}), Functions())
    signature = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20270115/us-east-1/execute-api/aws4_request, "
    headers = {
        "Authorization": f"{signature}SignedHeaders=host;x-amz-date, Signature={'0' * 64}",
        "X-Amz-Date": "20270115T080000Z",
    }
    _, signed = outgoing(await send(served, "POST", headers=headers))
    assert "Credential=AKIAIOSFODNN7EXAMPLE/" in signed["authorization"]


@pytest.mark.parametrize(
    ("service_name", "url"),
    [
        ("dynamodb", "https://dynamodb.us-east-1.amazonaws.com/?Action=PutItem"),
        ("sqs", "https://sqs.us-east-1.amazonaws.com/123456789012/a%20b?b=1&a=x%2Fy&a="),
        ("s3", "https://s3.us-east-1.amazonaws.com/bucket/a%20b"),
    ],
)
def test_the_signature_is_that_of_the_aws_sdk(service_name: str, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    body = b'{"a": 1}'
    headers = signed_headers(
        "POST",
        url,
        (("Content-Type", "application/json"), ("X-Amz-Target", "T.Action"), ("Accept", "application/json")),
        body,
        service=service_name,
        region="us-east-1",
        access_key_id="ASIALOCAL",
        now=1_800_000_000.0,
    )
    kind = S3SigV4Auth if service_name == "s3" else SigV4Auth
    signer = kind(Credentials("ASIALOCAL", "local".ljust(40, "0")), service_name, "us-east-1")
    sdk = AWSRequest("POST", url, headers={"Content-Type": "application/json", "X-Amz-Target": "T.Action"}, data=body)
    sdk.headers["X-Amz-Date"] = "20270115T080000Z"
    sdk.context["timestamp"] = "20270115T080000Z"
    if service_name == "s3":
        sdk.headers["X-Amz-Content-Sha256"] = hashlib.sha256(body).hexdigest()
    signature = signer.signature(signer.string_to_sign(sdk, signer.canonical_request(sdk)), sdk)
    assert dict(headers)["Authorization"].endswith(f"Signature={signature}")
