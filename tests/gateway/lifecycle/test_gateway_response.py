"""What the client gets instead of an integration's answer, by default and customised."""

import json
from dataclasses import replace
from typing import Any

import pytest

from parity.gateway.model.definition import GatewayResponse, Method, Model, RequestValidator
from tests.gateway.support import answer, function, gateway, method, mock, rest_api, send

VALIDATOR = RequestValidator(id="v", validate_request_body=True, validate_request_parameters=True)


def validated() -> Method:
    """A method that requires three parameters and a body."""
    return method(
        function(),
        request_validator=VALIDATOR,
        request_models={"application/json": "ab"},
        request_parameters={
            "method.request.path.issuer": True,
            "method.request.querystring.qs1": True,
            "method.request.header.x-header-param": True,
            "method.request.header.x-optional": False,
        },
    )


def customised(*responses: GatewayResponse, **settings: Any) -> Any:
    """A gateway of one MOCK resource with these gateway responses."""
    declared = {response.response_type: response for response in responses}
    return gateway(rest_api({"/known": method(mock(), "GET")}, gateway_responses=declared, **settings))


async def test_no_resource_and_no_method() -> None:
    served = customised()
    for http_method, path in [("GET", "/unknown"), ("POST", "/known")]:
        status, headers, text = answer(await send(served, http_method, path))
        assert (status, text) == (403, '{"message":"Missing Authentication Token"}')
        assert headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
        assert headers["content-type"] == "application/json"
        assert len(headers["x-amzn-requestid"]) == 36
        assert headers["x-amz-apigw-id"].endswith("=")
        assert "x-amzn-trace-id" not in headers


async def test_missing_parameters_are_named_by_place_and_name() -> None:
    model = Model(name="ab", schema=json.dumps({"type": "object", "required": ["a"]}))
    served = gateway(rest_api({"/": validated()}, models={"ab": model}))
    status, headers, text = answer(await send(served, query="qs1="))
    assert (status, text) == (
        400,
        '{"message":"Missing required request parameters: [x-header-param, issuer, qs1]"}',
    )
    assert headers["x-amzn-errortype"] == "BadRequestException"


async def test_required_parameters_may_be_there_in_any_case_of_a_header_s_name() -> None:
    api = rest_api({"/{issuer}": replace(validated(), request_models={})})
    there: dict[str, Any] = {"path": "/a", "query": "qs1=1", "headers": {"X-Header-Param": "1"}}
    assert answer(await send(gateway(api), **there))[0] == 200
    for missing in ("query", "headers"):
        assert answer(await send(gateway(api), **{**there, missing: {} if missing == "headers" else ""}))[0] == 400


@pytest.mark.parametrize(("body", "status"), [("", 400), ("{}", 400), ("[", 400), ('{"a": 1}', 200)])
async def test_a_body_that_does_not_fit_its_model(body: str, status: int) -> None:
    model = Model(name="ab", schema=json.dumps({"type": "object", "required": ["a"]}))
    declared = method(function(), request_validator=VALIDATOR, request_models={"application/json": "ab"})
    served = gateway(rest_api({"/": declared}, models={"ab": model}))
    got, _, text = answer(await send(served, body=body))
    assert got == status
    assert status == 200 or text == '{"message":"Invalid request body"}'


async def test_a_method_without_integration_fails_and_so_does_a_broken_one() -> None:
    broken = mock("#set(")
    served = gateway(rest_api({"/none": method(None), "/broken": broken, "/well": mock()}))
    for path, status in [("/none", 500), ("/broken", 500), ("/well", 200)]:
        assert answer(await send(served, path=path))[0] == status


async def test_a_customised_response_is_substituted_not_rendered() -> None:
    served = customised(
        GatewayResponse(
            response_type="MISSING_AUTHENTICATION_TOKEN",
            status_code="404",
            response_parameters={
                "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
                "gatewayresponse.header.X-Path": "context.path",
                "gatewayresponse.header.Server": "'mine'",
            },
            response_templates={
                "application/json": '{"m":$context.error.messageString,"t":"$context.error.responseType",#if(1)}',
                "text/html": "<p>$context.error.message ${context.stage}</p>",
            },
        )
    )
    status, headers, text = answer(await send(served, path="/x"))
    assert (status, text) == (
        404,
        '{"m":"Missing Authentication Token","t":"MISSING_AUTHENTICATION_TOKEN",#if(1)}',
    )
    assert headers["access-control-allow-origin"] == "*"
    assert headers["x-path"] == "/dev/x"
    assert headers["x-amzn-remapped-server"] == "mine"
    _, headers, text = answer(await send(served, path="/x", headers={"Accept": "text/html"}))
    assert (headers["content-type"], text) == ("text/html", "<p>Missing Authentication Token dev</p>")


async def test_a_default_stands_for_its_whole_class() -> None:
    served = customised(GatewayResponse(response_type="DEFAULT_4XX", status_code="418"))
    assert answer(await send(served, path="/x"))[::2] == (418, '{"message":"Missing Authentication Token"}')
    served = customised(GatewayResponse(response_type="DEFAULT_5XX", status_code="418"))
    assert answer(await send(served, path="/x"))[0] == 403


async def test_limits_of_payload_and_headers() -> None:
    served = customised()
    status, headers, text = answer(await send(served, path="/known", body=b"x" * (10 * 1024 * 1024 + 1)))
    assert (status, text) == (413, '{"message":"Request Too Long"}')
    assert headers["x-amzn-errortype"] == "RequestTooLargeException"
    assert answer(await send(served, path="/known", body=b"x" * (10 * 1024 * 1024)))[0] == 200
    assert answer(await send(served, path="/known", headers={"X": "v" * 10_000}))[0] == 200
    assert answer(await send(served, path="/known", headers={"X": "v" * 10_240}))[0] == 431


async def test_a_header_is_mapped_from_the_request_where_no_route_matched() -> None:
    """AWS's guide, `x-amazon-apigateway-gateway-responses.responseParameters`: CORS for unknown routes."""
    mappings = {
        "gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin",
        "gatewayresponse.header.q": "method.request.querystring.q",
        "gatewayresponse.header.p": "method.request.path.p",
    }
    response = GatewayResponse(response_type="MISSING_AUTHENTICATION_TOKEN", response_parameters=mappings)
    exchange = await send(customised(response), path="/unknown", query="q=1", headers={"Origin": "https://a"})
    status, headers, _ = answer(exchange)
    assert (status, headers["access-control-allow-origin"], headers["q"]) == (403, "https://a", "1")
    assert "p" not in headers


@pytest.mark.parametrize("response_type", ["REQUEST_TOO_LARGE", "DEFAULT_4XX"])
async def test_a_payload_that_is_too_large_has_the_default_response(response_type: str) -> None:
    """AWS's guide, "Amazon API Gateway important notes": the 413 cannot be customised."""
    served = customised(GatewayResponse(response_type=response_type, status_code="418"))
    status, _, text = answer(await send(served, path="/known", body=b" " * (10 * 1024 * 1024 + 1)))
    assert (status, text) == (413, '{"message":"Request Too Long"}')
