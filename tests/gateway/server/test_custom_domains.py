"""Custom domain names: rest-api-routing-mode.html and its neighbours in AWS's guide."""

import asyncio
from typing import Any

import pytest

from parity.gateway.gateway import Gateway
from parity.gateway.model.definition import IntegrationResponse, Stage
from parity.gateway.server.custom_domains import ApiMapping, CustomDomain, RoutingRule
from parity.gateway.server.server import Server
from tests.gateway.support import FUNCTION_URI, Functions, gateway, method, mock, rest_api

TEMPLATE = '{"path": "$context.path", "base": "$context.customDomain.basePathMatched", "domain": "$context.domainName"}'
STAGES = {("orders", "prod"), ("orders", "dev"), ("users", "prod"), ("all", "prod")}


def found(domain: CustomDomain, path: str, headers: dict[str, str] | None = None) -> tuple[str, str] | None:
    """The API and stage that answer a request, and the path that they see."""
    served: dict[int, str] = {}

    def gateway_of(api_id: str, stage: str) -> Gateway | None:
        if (api_id, stage) not in STAGES:
            return None
        answering = gateway(rest_api({"/": mock()}))
        served[id(answering)] = f"{api_id}/{stage}"
        return answering

    target = domain.find(path, tuple((headers or {}).items()), gateway_of)
    return None if target is None else (served[id(target.gateway)], target.path)


def mapping(base_path: str, api_id: str, stage: str | None = "prod") -> ApiMapping:
    return ApiMapping(base_path=base_path, api_id=api_id, stage=stage)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/orders/1", ("orders/prod", "/1")),
        ("/orders", ("orders/prod", "/")),
        ("/orders/v2/1", ("users/prod", "/1")),
        ("/ordersx/1", ("all/prod", "/ordersx/1")),
        ("/", ("all/prod", "/")),
        ("/a%2Fb", ("all/prod", "/a%2Fb")),
    ],
)
def test_the_longest_base_path_counts(path: str, expected: tuple[str, str]) -> None:
    mappings = (mapping("", "all"), mapping("orders", "orders"), mapping("orders/v2", "users"))
    assert found(CustomDomain(name="example.com", mappings=mappings), path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/orders/dev/1", ("orders/dev", "/1")),
        ("/orders/prod", ("orders/prod", "/")),
        ("/orders/none/1", None),
        ("/orders", None),
        ("/users", None),
    ],
)
def test_a_mapping_without_a_stage_takes_it_from_the_path(path: str, expected: tuple[str, str] | None) -> None:
    domain = CustomDomain(name="example.com", mappings=(mapping("orders", "orders", None),))
    assert found(domain, path) == expected


RULES = (
    RoutingRule(priority=50, api_id="users", stage="prod", headers=((("x-version", "beta*"),), (("Cookie", "*a=1*"),))),
    RoutingRule(priority=10, api_id="orders", stage="dev", headers=((("X-Version", "alpha"),),)),
    RoutingRule(priority=70, api_id="orders", stage="prod", base_paths=("v1/orders", "orders"), strip_base_path=True),
    RoutingRule(priority=80, api_id="users", stage="prod", base_paths=("users",)),
)


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/orders/1", {"x-version": "alpha"}, ("orders/dev", "/orders/1")),
        ("/orders/1", {"X-VERSION": "Alpha"}, ("orders/prod", "/1")),
        ("/x", {"X-Version": "beta2", "cookie": "b=2; a=1"}, ("users/prod", "/x")),
        ("/v1/orders/1", {"X-Version": "beta2"}, ("orders/prod", "/1")),
        ("/users/1", {}, ("users/prod", "/users/1")),
        ("/Users/1", {}, None),
    ],
)
def test_rules_count_in_the_order_of_their_priority(
    path: str, headers: dict[str, str], expected: tuple[str, str] | None
) -> None:
    domain = CustomDomain(name="example.com", rules=RULES, routing_mode="ROUTING_RULE_ONLY")
    assert found(domain, path, headers) == expected


@pytest.mark.parametrize(
    ("mode", "ruled", "unruled"),
    [
        ("API_MAPPING_ONLY", ("all/prod", "/users/1"), ("all/prod", "/other")),
        ("ROUTING_RULE_ONLY", ("users/prod", "/users/1"), None),
        ("ROUTING_RULE_THEN_API_MAPPING", ("users/prod", "/users/1"), ("all/prod", "/other")),
    ],
)
def test_the_routing_mode_says_what_counts(mode: Any, ruled: tuple[str, str], unruled: tuple[str, str] | None) -> None:
    domain = CustomDomain(name="example.com", rules=RULES, mappings=(mapping("", "all"),), routing_mode=mode)
    assert (found(domain, "/users/1"), found(domain, "/other")) == (ruled, unruled)


async def ask(port: int, host: str, path: str) -> tuple[int, str]:
    """Status and body of a request with this Host header."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    return int(head.split()[1]), body


async def test_a_server_answers_by_the_host_header() -> None:
    responses = (IntegrationResponse(status_code="200", response_templates={"application/json": TEMPLATE}),)
    answering = gateway(rest_api({"/pets": mock(responses=responses)}), stage=Stage(name="prod"))
    server = Server({"prod": answering})
    domain = CustomDomain(name="api.example.com", mappings=(mapping("v1", "orders"),))
    server.answer_domains({"api.example.com": domain}, lambda api_id, stage: answering)
    await server.start()
    try:
        answers = [
            await ask(server.port, "API.example.com:8080", "/v1/pets"),
            await ask(server.port, "api.example.com", "/prod/pets"),
            await ask(server.port, "other.example.com", "/v1/pets"),
            await ask(server.port, "127.0.0.1", "/prod/pets"),
        ]
    finally:
        await server.stop()
    assert answers == [
        (200, '{"path": "/v1/pets", "base": "v1", "domain": "API.example.com:8080"}'),
        (403, '{"message":"Forbidden"}'),
        (403, '{"message":"Forbidden"}'),
        (200, '{"path": "/prod/pets", "base": "", "domain": "127.0.0.1"}'),
    ]


async def test_a_proxy_event_has_the_base_path() -> None:
    """The event's path is the client's, with the base path of a custom domain name."""
    functions = Functions(lambda event: {"statusCode": 200, "body": event["path"] + event["requestContext"]["path"]})
    proxy = method(mock(type="AWS_PROXY", uri=FUNCTION_URI, http_method="POST", request_templates={}))
    answering = gateway(rest_api({"/pets": proxy}), functions)
    server = Server({})
    domain = CustomDomain(name="a.test", mappings=(mapping("v1", "orders"),))
    server.answer_domains({"a.test": domain}, lambda api_id, stage: answering)
    await server.start()
    try:
        assert await ask(server.port, "a.test", "/v1/pets") == (200, "/v1/pets/v1/pets")
    finally:
        await server.stop()


async def test_a_disabled_execute_api_endpoint_leaves_the_custom_domain_name() -> None:
    """AWS's guide, "Disabling the default endpoint for a REST API"."""
    api = rest_api({"/pets": mock()}, disable_execute_api_endpoint=True)
    answering = gateway(api, stage=Stage(name="prod"))
    server = Server({"prod": answering})
    domain = CustomDomain(name="a.test", mappings=(mapping("", "orders"),))
    server.answer_domains({"a.test": domain}, lambda api_id, stage: answering)
    await server.start()
    try:
        assert await ask(server.port, "127.0.0.1", "/prod/pets") == (403, '{"message":"Forbidden"}')
        assert (await ask(server.port, "a.test", "/pets"))[0] == 200
    finally:
        await server.stop()
