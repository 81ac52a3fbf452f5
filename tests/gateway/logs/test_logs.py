"""Access logs in the stage's own format, and the execution log in the words of AWS's Test tab."""

import asyncio
import json

import pytest

from parity.gateway.logs.execution_log import execution_log
from parity.gateway.logs.trace import exchange_to_json
from parity.gateway.model.definition import MethodSettings, Model, RequestValidator, Stage
from tests.gateway.support import Functions, answer, function, gateway, method, mock, rest_api, send

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:access"


async def test_the_access_log_has_the_stages_own_format() -> None:
    lines: list[tuple[str, str]] = []
    log_format = (
        "$context.requestId $context.httpMethod $context.resourcePath $context.status $context.responseLength "
        "$context.identity.sourceIp $context.authorizer.principalId [$context.requestTime] $context.error.message"
    )
    stage = Stage(name="dev", access_log_format=log_format, access_log_destination=GROUP)
    served = gateway(rest_api({"/a": method(mock(), "GET")}), stage=stage, log_sink=lambda *line: lines.append(line))
    well, ill = await send(served, path="/a"), await send(served, path="/b")
    assert lines == [
        ("access", f"{well.request_id} GET /a 200 0 127.0.0.1 - [15/Jan/2027:08:00:00 +0000] -"),
        (
            "access",
            f"{ill.request_id} GET - 403 42 127.0.0.1 - [15/Jan/2027:08:00:00 +0000] Missing Authentication Token",
        ),
    ]


@pytest.mark.parametrize(
    ("variable", "logged"),
    [
        ("$context.none", "-"),
        ("$context.none.deeper", "-"),
        ("$context.httpMethod.deeper", "-"),
        ("$context.identity", "-"),
        ("$context.identity.apiKey", "-"),
        ("$context.authorizer.claims.sub", "-"),
        ("$context.integration.error", "-"),
        ("$context.error.validationErrorString", "-"),
        ("$context.isCanaryRequest", "-"),
        ("$stageVariables.none", "$stageVariables.none"),
        ("$input.params('none')", "$input.params('none')"),
    ],
)
async def test_what_a_request_has_no_value_for_is_a_dash_in_the_access_log(variable: str, logged: str) -> None:
    """AWS's guide, "Set up CloudWatch logging": the format has `$context` variables alone, and is no template."""
    lines: list[str] = []
    stage = Stage(name="dev", access_log_format=f'{{"a": "{variable}"}}', access_log_destination=GROUP)
    served = gateway(rest_api({"/": mock()}), stage=stage, log_sink=lambda _, line: lines.append(line))
    await send(served)
    assert lines == [f'{{"a": "{logged}"}}']


async def test_the_execution_log_is_worded_as_aws_words_it() -> None:
    served = gateway(rest_api({"/pets/{petId}": function(request_templates={"application/json": '{"a": 1}'})}))
    exchange = await send(served, "GET", "/pets/123", query="q=1", headers={"X-A": "b"})
    log = execution_log(exchange)
    assert log[0] == f"Execution log for request {exchange.request_id}"
    stamp = "Fri Jan 15 08:00:00 UTC 2027 : "
    assert all(line.startswith(stamp) for line in log[1:])
    entries = [line.removeprefix(stamp) for line in log[1:]]
    assert entries[:4] == [
        f"Starting execution for request: {exchange.request_id}",
        "HTTP Method: GET, Resource Path: /pets/123",
        "Method request path: {petId=123}",
        "Method request query string: {q=1}",
    ]
    assert [entry.partition(":")[0] for entry in entries[4:]] == [
        "Method request headers",
        "Method request body before transformations",
        "Endpoint request URI",
        "Endpoint request headers",
        "Endpoint request body after transformations",
        "Sending request to arn",
        "Received response. Status",
        "Endpoint response headers",
        "Endpoint response body before transformations",
        "Method response body after transformations",
        "Method response headers",
        "Successfully completed execution",
        "Method completed with status",
    ]


async def test_a_stage_that_asks_for_it_logs_executions() -> None:
    lines: list[tuple[str, str]] = []
    stage = Stage(name="dev", method_settings={"*/*": MethodSettings(logging_level="ERROR")})
    served = gateway(
        rest_api({"/well": mock(), "/ill": mock("{}")}), stage=stage, log_sink=lambda *line: lines.append(line)
    )
    await send(served, path="/well")
    assert lines == []
    exchange = await send(served, path="/ill")
    assert {group for group, _ in lines} == {"API-Gateway-Execution-Logs_api1234567/dev"}
    assert any("Unable to parse statusCode" in line for _, line in lines)
    assert lines[-1][1] == f"({exchange.request_id}) Method completed with status: 500"


@pytest.mark.parametrize("key", ["GET", "/GET"])
async def test_the_root_resource_may_have_settings_of_its_own(key: str) -> None:
    lines: list[str] = []
    settings = {"*/*": MethodSettings(logging_level="OFF"), key: MethodSettings(logging_level="INFO")}
    served = gateway(
        rest_api({"/": method(mock(), http_method="GET"), "/other": mock()}),
        stage=Stage(name="dev", method_settings=settings),
        log_sink=lambda _, line: lines.append(line),
    )
    await send(served, path="/other")
    assert lines == []
    await send(served, path="/")
    assert any("Method completed with status: 200" in line for line in lines)


async def test_the_trace_is_json_with_every_stage() -> None:
    served = gateway(rest_api({"/": function(request_parameters={"integration.request.header.A": "'b'"})}))
    exchange = await send(served, "POST", body=b'{"a": 1}')
    trace = json.loads(json.dumps(exchange_to_json(exchange)))
    assert list(trace) == [
        "request_id",
        "request",
        "method_request",
        "integration_request",
        "endpoint_response",
        "integration_response",
        "method_response",
        "gateway_response",
        "timings_ms",
        "log",
    ]
    assert trace["integration_request"]["mappings"] == [
        {"target": "integration.request.header.A", "source": "'b'", "value": "b", "note": ""}
    ]
    assert trace["method_response"]["status"] == answer(exchange)[0] == 200
    assert list(trace["timings_ms"]) == [
        "method_request",
        "integration_request",
        "integration",
        "integration_response",
        "method_response",
    ]


async def test_bytes_that_are_no_text_are_base64_in_the_trace() -> None:
    exchange = await send(gateway(rest_api({"/": mock()})), "POST", body=b"\xff")
    assert exchange_to_json(exchange)["request"]["body"] == {"base64": "/w=="}


async def test_the_access_log_tells_why_a_request_failed() -> None:
    """AWS's guide, "$context variables for access logging only"."""
    lines: list[str] = []
    log_format = "$context.error.validationErrorString|$context.integration.error|$context.integrationErrorMessage"
    stage = Stage(name="dev", access_log_format=log_format, access_log_destination=GROUP)

    async def slow(_: object) -> None:
        await asyncio.sleep(1)

    model = Model(name="M", schema='{"type": "object"}')
    validated = method(
        mock(),
        request_models={"application/json": "M"},
        request_validator=RequestValidator(id="v", validate_request_body=True),
    )
    served = gateway(
        rest_api({"/slow": function(timeout_ms=50), "/m": validated, "/well": function()}, models={"M": model}),
        Functions(lambda event: slow(event) if event == "slow" else event),
        stage=stage,
        log_sink=lambda _, line: lines.append(line),
    )
    assert answer(await send(served, "POST", "/slow", body='"slow"'))[0] == 504
    await send(served, "POST", "/m", body="[]")
    await send(served, path="/nowhere")
    await send(served, path="/well")
    timeout = "Execution failed due to a timeout error: no answer in 50 ms"
    invalid = '[instance type (array) does not match any allowed primitive type (allowed: ["object"])]'
    assert lines == [f"-|{timeout}|{timeout}", f"{invalid}|-|-", "-|-|-", "-|-|-"]


async def test_the_integration_status_of_a_lambda_proxy_is_that_of_its_code() -> None:
    """AWS's guide, "$context variables for access logging only": `integration.status` is what the function returned,
    `integrationStatus` what Lambda answered. With other integrations both are the backend's."""
    lines: list[str] = []
    log_format = "$context.status $context.integration.status $context.integration.integrationStatus"
    stage = Stage(name="dev", access_log_format=f"{log_format} $context.integrationStatus")
    proxy = function(type="AWS_PROXY", responses=())
    served = gateway(
        rest_api({"/proxy": proxy, "/custom": function()}),
        Functions(lambda event: {"statusCode": 418} if "resource" in event else event),
        stage=stage,
        log_sink=lambda _, line: lines.append(line),
    )
    await send(served, path="/proxy")
    await send(served, path="/custom")
    assert lines == ["418 418 200 200", "200 200 200 200"]


SECRET = "Bearer abcdefghijklmnopqrstuvwxyz"


async def executed(*, data_trace: bool) -> str:
    """The execution log of a request with a credential and a body, as a stage that logs all writes it."""
    lines: list[str] = []
    settings = MethodSettings(logging_level="INFO", data_trace=data_trace)
    served = gateway(
        rest_api({"/": mock()}),
        stage=Stage(name="dev", method_settings={"*/*": settings}),
        log_sink=lambda _, line: lines.append(line),
    )
    headers = {"Authorization": SECRET, "x-api-key": "a-key-of-thirty-characters-xyz", "X-Plain": "seen"}
    await send(served, "POST", headers=headers, body=b'{"card": "4111"}')
    return "\n".join(lines)


async def test_without_data_trace_no_header_and_no_body_is_logged() -> None:
    text = await executed(data_trace=False)
    assert "HTTP Method: POST, Resource Path: /" in text
    assert "Method completed with status: 200" in text
    assert not any(each in text for each in ("4111", "seen", SECRET, "a-key-of-thirty"))


async def test_with_data_trace_bodies_are_logged_and_credentials_are_masked() -> None:
    text = await executed(data_trace=True)
    assert "4111" in text
    assert "X-Plain=seen" in text
    assert SECRET not in text
    assert f"Authorization={'*' * (len(SECRET) - 6)}uvwxyz" in text
    assert "a-key-of-thirty" not in text
