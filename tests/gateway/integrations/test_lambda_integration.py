"""The Lambda custom integration: its event, and how a failure selects an integration response."""

import json
from typing import Any

import pytest

from parity.gateway.model.backends import LambdaResult, LambdaUnavailableError, ResponseSink
from parity.gateway.model.definition import GatewayResponse, IntegrationResponse, Stage
from tests.gateway.support import Functions, answer, function, gateway, rest_api, send

JSON = {"Content-Type": "application/json"}
RESPONSES = (
    IntegrationResponse(status_code="200", selection_pattern=""),
    IntegrationResponse(status_code="404", selection_pattern=r"\[404\].*"),
    IntegrationResponse(status_code="502", selection_pattern=".+"),
)


async def test_the_body_is_the_event_without_a_template() -> None:
    functions = Functions()
    status, headers, text = answer(
        await send(gateway(rest_api({"/": function()}), functions), "POST", body='{"message": "hello"}')
    )
    assert (status, text) == (200, '{"message": "hello"}')
    assert headers["content-type"] == "application/json"
    assert functions.events == [{"message": "hello"}]


async def test_an_empty_body_is_an_empty_event() -> None:
    functions = Functions()
    await send(gateway(rest_api({"/": function()}), functions))
    assert functions.events == [{}]


async def test_the_template_makes_the_event() -> None:
    template = """{"v": "$stageVariables.v", "none": "$stageVariables.none", "q": "$input.params('q')"}"""
    functions = Functions()
    served = gateway(
        rest_api({"/": function(request_templates={"application/json": template})}),
        functions,
        Stage(name="dev", variables={"v": "1"}),
    )
    await send(served, query="q=a&q=b")
    assert functions.events == [{"v": "1", "none": "", "q": "b"}]


@pytest.mark.parametrize(
    ("error", "status"), [(None, 200), ("[404] no such thing", 404), ("something else", 502), ("two\nlines", 200)]
)
async def test_the_error_message_selects_the_response(error: str | None, status: int) -> None:
    def handler(_: Any) -> dict[str, str]:
        if error:
            raise ValueError(error)
        return {"errorMessage": "[404] returned, not raised"}

    exchange = await send(gateway(rest_api({"/": function(responses=RESPONSES)}), Functions(handler)))
    assert answer(exchange)[0] == status
    assert exchange.integration_response is not None
    assert exchange.integration_response.matched == (error or "")


@pytest.mark.parametrize(
    ("pattern", "status"),
    [(".*", 500), (r"(\n|.)*", 500), ("(?s).*", 500), ("|Bad.*", 500), (".+", 200), (r"(\n|.)+", 200), ("Bad.*", 200)],
)
async def test_a_pattern_that_matches_the_empty_string_takes_every_success(pattern: str, status: int) -> None:
    """AWS's guide, "Handle Lambda errors in API Gateway": its warning on `.*`; seen in LocalStack #12574 and #12580."""
    responses = (
        IntegrationResponse(status_code="200"),
        IntegrationResponse(status_code="500", selection_pattern=pattern),
    )
    assert answer(await send(gateway(rest_api({"/": function(responses=responses)}))))[0] == status


@pytest.mark.parametrize(
    ("behavior", "content_type", "status"),
    [
        ("WHEN_NO_TEMPLATES", "text/plain", 415),
        ("NEVER", "text/plain", 415),
        ("WHEN_NO_MATCH", "text/plain", 200),
        ("NEVER", None, 200),
        ("NEVER", "application/json", 200),
        ("NEVER", "application/json; charset=utf-8", 200),
    ],
)
async def test_passthrough_behavior(behavior: str, content_type: str | None, status: int) -> None:
    integration = function(request_templates={"application/json": "{}"}, passthrough_behavior=behavior)
    headers = {"Content-Type": content_type} if content_type else {}
    got, fields, text = answer(await send(gateway(rest_api({"/": integration})), "POST", headers=headers, body='"x"'))
    assert got == status
    if status == 415:
        assert text == '{"message":"Unsupported Media Type"}'
        assert fields["x-amzn-errortype"] == "BadRequestException"


async def test_no_templates_at_all_pass_the_body_through() -> None:
    integration = function(passthrough_behavior="WHEN_NO_TEMPLATES")
    assert answer(await send(gateway(rest_api({"/": integration})), "POST", headers=JSON, body="[1]"))[2] == "[1]"
    never = function(passthrough_behavior="NEVER")
    assert answer(await send(gateway(rest_api({"/": never})), "POST", headers=JSON, body="[1]"))[0] == 415


async def test_the_invocation_type_event_does_not_wait() -> None:
    functions = Functions()
    integration = function(request_parameters={"integration.request.header.X-Amz-Invocation-Type": "'Event'"})
    status, _, text = answer(await send(gateway(rest_api({"/": integration}), functions), "POST", body="{}"))
    assert (status, text) == (200, "")
    assert functions.asynchronous == [True]


@pytest.mark.parametrize("event", ["{oops", '{"a": NaN}', "[-Infinity]", '{"a": "\\\'"}'])
async def test_an_event_that_is_no_json_is_refused_as_lambda_refuses_it(event: str) -> None:
    functions = Functions()
    integration = function(request_templates={"application/json": event})
    _, _, text = answer(await send(gateway(rest_api({"/": integration}), functions), "POST", headers=JSON, body="{}"))
    assert text.startswith('{"Type":"User","message":"Could not parse request body into json: ')
    assert functions.events == []


async def test_a_stage_variable_names_the_function() -> None:
    integration = function(uri=function().uri.replace(":echo/", ":${stageVariables.name}/"))
    stage = Stage(name="dev", variables={"name": "echo"})
    assert answer(await send(gateway(rest_api({"/": integration}), stage=stage)))[0] == 200


async def test_overrides_replace_mapped_parameters_and_reach_the_response() -> None:
    template = """#set($context.requestOverride.header.X-A = "over")
#set($context.responseOverride.status = 444)
#set($context.responseOverride.header.Foo = "bar")
#set($context.responseOverride.custom = "kept")
{}"""
    response = IntegrationResponse(
        status_code="200",
        response_parameters={"method.response.header.foo": "'mapped'"},
        response_templates={
            "application/json": "$context.requestOverride.header.get('X-A') $context.responseOverride.custom"
        },
    )
    integration = function(
        request_templates={"application/json": template},
        request_parameters={"integration.request.header.x-a": "'mapped'"},
        responses=(response,),
    )
    exchange = await send(gateway(rest_api({"/": integration})))
    status, headers, text = answer(exchange)
    assert (status, headers["foo"], text) == (444, "bar", "over kept")
    assert exchange.integration_request is not None
    assert ("X-A", "over") in exchange.integration_request.headers


@pytest.mark.parametrize("value", ['"444"', "99", "600", "4.5", "true"])
async def test_only_an_integer_status_override_counts(value: str) -> None:
    template = f"#set($context.responseOverride.status = {value}){{}}"
    integration = function(request_templates={"application/json": template})
    assert answer(await send(gateway(rest_api({"/": integration}))))[0] == 200


async def test_of_several_patterns_that_match_the_lowest_status_is_chosen() -> None:
    def handler(_: Any) -> None:
        raise ValueError("[404] no such pet")

    served = gateway(rest_api({"/": function(responses=RESPONSES[::-1])}), Functions(handler))
    assert answer(await send(served, "POST", body="{}"))[0] == 404


async def test_an_empty_template_lets_the_body_through() -> None:
    functions = Functions(lambda event: {"got": event})
    integration = function(
        request_templates={"application/json": ""},
        responses=(IntegrationResponse(status_code="200", response_templates={"application/json": ""}),),
    )
    status, _, text = answer(await send(gateway(rest_api({"/": integration}), functions), "POST", body='{"a": 1}'))
    assert (status, functions.events) == (200, [{"a": 1}])
    assert text == '{"got": {"a": 1}}'


async def test_an_empty_template_is_none_where_nothing_may_pass() -> None:
    integration = function(request_templates={"application/json": ""}, passthrough_behavior="NEVER")
    assert answer(await send(gateway(rest_api({"/": integration})), "POST", body="{}"))[0] == 415


class Throttled(Functions):
    """Functions of which too many run already."""

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        raise LambdaUnavailableError("TooManyRequestsException: Rate Exceeded.", status=429)


@pytest.mark.parametrize("integration_type", ["AWS", "AWS_PROXY"])
async def test_a_throttled_invocation_is_a_500_whatever_the_selection_patterns(integration_type: Any) -> None:
    """https://repost.aws/knowledge-center/api-gateway-internal-server-error, "Throttling issues"."""
    every = (IntegrationResponse(status_code="202", selection_pattern=r"[\s\S]*"),)
    api = rest_api(
        {"/": function(type=integration_type, responses=every)},
        gateway_responses={
            "INTEGRATION_FAILURE": GatewayResponse(response_type="INTEGRATION_FAILURE", status_code="503")
        },
    )
    exchange = await send(gateway(api, Throttled()))
    assert answer(exchange)[0] == 503
    plain = await send(gateway(rest_api({"/": function(type=integration_type, responses=every)}), Throttled()))
    assert answer(plain)[::2] == (500, '{"message":"Internal server error"}')


class TooLarge(Functions):
    """Functions that take no event of this size."""

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        raise LambdaUnavailableError("RequestEntityTooLargeException: too large", status=413)


@pytest.mark.parametrize("integration_type", ["AWS", "AWS_PROXY"])
async def test_an_event_that_is_too_large_for_lambda_is_a_413(integration_type: Any) -> None:
    """As a client got it from AWS: koki-develop/lgtm-generator issue 10."""
    every = (IntegrationResponse(status_code="202", selection_pattern=r"[\s\S]*"),)
    exchange = await send(gateway(rest_api({"/": function(type=integration_type, responses=every)}), TooLarge()))
    status, headers, text = answer(exchange)
    assert (status, headers["x-amzn-errortype"], text) == (
        413,
        "BadRequestException",
        '{"message":"Request Too Long"}',
    )


async def test_an_error_message_that_holds_json_is_parsed_for_header_mappings() -> None:
    """AWS's guide, "Handle custom Lambda errors in API Gateway"."""
    error = {"errorType": "Bad", "httpStatus": 400, "trace": {"function": "abc()", "line": 123}}

    def handler(event: Any) -> Any:
        if event:
            return {"errorMessage": json.dumps(error)}
        raise ValueError(json.dumps(error))

    names = {"type": "errorType", "status": "httpStatus", "function": "trace.function", "trace": "trace", "none": "no"}
    mappings = {
        f"method.response.header.{name}": f"integration.response.body.errorMessage.{path}"
        for name, path in names.items()
    }
    mappings["method.response.header.whole"] = "integration.response.body.errorMessage"
    responses = (IntegrationResponse(status_code="200", response_parameters=mappings),)
    served = gateway(rest_api({"/": function(responses=responses)}), Functions(handler))
    _, headers, _ = answer(await send(served, "POST", body="{}"))
    assert {name: headers.get(name) for name in [*names, "whole"]} == {
        "type": "Bad",
        "status": "400",
        "function": "abc()",
        "trace": '{"function":"abc()","line":123}',
        "none": None,
        "whole": json.dumps(error),
    }
    _, headers, _ = answer(await send(served, "POST", body='{"returned": 1}'))
    assert "type" not in headers, "only an error is parsed, not what a function returns"


@pytest.mark.parametrize(
    "template",
    [
        '#set($context.requestOverride.header.h = "a")#set($context.requestOverride.header.h = "b"){}',
        '$context.requestOverride.path.put("p", "a")#set($context.requestOverride.path["p"] = "b"){}',
        "#foreach($i in [1, 2])#set($context.requestOverride.querystring.q = $i)#end{}",
        "#set($context.responseOverride.status = 201)#set($context.responseOverride.status = 201){}",
        '#set($context.responseOverride.header.h = "a")#set($context.responseOverride.header.h = "b"){}',
    ],
)
async def test_an_override_of_one_parameter_twice_is_a_500(template: str) -> None:
    """AWS's guide, "Override your API's request and response parameters": overrides are final."""
    functions = Functions()
    integration = function(request_templates={"application/json": template})
    exchange = await send(gateway(rest_api({"/": integration}), functions))
    assert answer(exchange)[0::2] == (500, '{"message":"Internal server error"}')
    assert functions.events == []
    assert exchange.gateway_response is not None
    assert "is overridden twice" in exchange.gateway_response.reason


async def test_an_override_in_the_request_and_again_in_the_response_is_a_500() -> None:
    override = "#set($context.responseOverride.status = 201){}"
    response = IntegrationResponse(status_code="200", response_templates={"application/json": override})
    for request, status in (("{}", 201), (override, 500)):
        integration = function(request_templates={"application/json": request}, responses=(response,))
        assert answer(await send(gateway(rest_api({"/": integration}))))[0] == status


async def test_a_template_that_does_not_compile_fails_the_requests_that_need_it() -> None:
    """A template is compiled when it is used: AWS takes one that does not compile."""
    responses = (
        IntegrationResponse(status_code="200"),
        IntegrationResponse(
            status_code="400", selection_pattern="bad", response_templates={"application/json": "#foreach("}
        ),
    )

    def handler(event: Any) -> Any:
        if event == "bad":
            raise ValueError("bad")
        return event

    integration = function(
        request_templates={"application/json": "$input.json('$')", "text/plain": "#if("}, responses=responses
    )
    served = gateway(rest_api({"/": integration}), Functions(handler))
    assert answer(await send(served, "POST", body='"good"'))[0] == 200
    assert answer(await send(served, "POST", headers={"Content-Type": "text/plain"}, body='"good"'))[0] == 500
    assert answer(await send(served, "POST", body='"bad"'))[0] == 500


async def test_a_pattern_that_java_refuses_fails_the_requests_that_reach_it() -> None:
    responses = (
        IntegrationResponse(status_code="200"),
        IntegrationResponse(status_code="400", selection_pattern="bad"),
        IntegrationResponse(status_code="500", selection_pattern="(4"),
    )

    def handler(event: Any) -> Any:
        raise ValueError(event)

    served = gateway(rest_api({"/": function(responses=responses)}), Functions(handler))
    assert answer(await send(served, "POST", body='"bad"'))[0] == 400
    assert answer(await send(served, "POST", body='"other"'))[0] == 500
