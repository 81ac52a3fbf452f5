"""A stage's cache: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html"""

import itertools
from typing import Any

import pytest

from parity.gateway.caching import StageCache
from parity.gateway.canary import stage_gateway
from parity.gateway.checks.check import check
from parity.gateway.gateway import Gateway
from parity.gateway.model.definition import Canary, IntegrationResponse, MethodSettings, RestApi, Stage
from tests.gateway.calls import Clock
from tests.gateway.support import Functions, answer, function, method, rest_api, send

ENABLED = MethodSettings(caching_enabled=True)
OPEN = MethodSettings(caching_enabled=True, require_authorization_for_cache_control=False)
FRESH = {"Cache-Control": "max-age=0"}


def counting() -> Functions:
    """A function that answers how often it was invoked."""
    count = itertools.count(1)
    return Functions(lambda event: next(count))


def stage(settings: dict[str, MethodSettings], **more: Any) -> Stage:
    return Stage(**{"name": "dev", "cache_cluster_enabled": True, "method_settings": settings, **more})


def api(http_method: str = "GET", path: str = "/pets", **integration: Any) -> RestApi:
    parameters = {name: False for name in integration.get("cache_key_parameters", ()) if name.startswith("method.")}
    declared = method(function(**integration), http_method, request_parameters=parameters)
    return rest_api({path: {http_method: declared}})


def served(definition: RestApi, cached: Stage, *, clock: Clock | None = None) -> Gateway:
    cache = StageCache(clock) if clock else None
    return Gateway(definition, cached, counting(), cache=cache)


async def body(gateway: Gateway, http_method: str = "GET", path: str = "/pets", **request: Any) -> str:
    return answer(await send(gateway, http_method, path, **request))[2]


async def test_an_answer_is_kept_for_as_long_as_the_time_to_live() -> None:
    clock = Clock(1000.0)
    gateway = served(api(), stage({"*/*": MethodSettings(caching_enabled=True, cache_ttl_seconds=60)}), clock=clock)
    assert [await body(gateway) for _ in range(3)] == ["1", "1", "1"]
    clock.now += 59.9
    assert await body(gateway) == "1"
    clock.now += 0.1
    assert await body(gateway) == "2"


@pytest.mark.parametrize(("settings", "seconds"), [(ENABLED, 300), (MethodSettings(caching_enabled=True), 300)])
async def test_the_time_to_live_is_five_minutes_by_default(settings: MethodSettings, seconds: float) -> None:
    clock = Clock(0.0)
    gateway = served(api(), stage({"*/*": settings}), clock=clock)
    await body(gateway)
    clock.now = seconds - 1
    assert await body(gateway) == "1"
    clock.now = seconds
    assert await body(gateway) == "2"


@pytest.mark.parametrize(
    "cached",
    [
        stage({"*/*": ENABLED}, cache_cluster_enabled=False),
        stage({}),
        stage({"*/*": MethodSettings(caching_enabled=False)}),
        stage({"*/*": MethodSettings(caching_enabled=True, cache_ttl_seconds=0)}),
        stage({"*/*": ENABLED, "pets/GET": MethodSettings(caching_enabled=False)}),
        stage({"*/*": ENABLED, "pets/GET": MethodSettings(cache_ttl_seconds=0)}),
        stage({"pets/POST": ENABLED}),
    ],
)
async def test_what_is_not_cached(cached: Stage) -> None:
    gateway = served(api(), cached)
    assert [await body(gateway), await body(gateway)] == ["1", "2"]


@pytest.mark.parametrize(
    ("http_method", "settings", "cached"),
    [
        ("POST", {"*/*": ENABLED}, False),
        ("POST", {"pets/POST": ENABLED}, True),
        ("POST", {"*/*": ENABLED, "pets/POST": MethodSettings(logging_level="INFO")}, False),
        ("GET", {"*/*": ENABLED, "pets/GET": MethodSettings(logging_level="INFO")}, True),
        ("GET", {"/pets/GET": ENABLED}, True),
    ],
)
async def test_only_get_is_cached_unless_a_method_s_own_settings_say_so(
    http_method: str, settings: dict[str, MethodSettings], cached: bool
) -> None:
    gateway = served(api(http_method), stage(settings))
    assert [await body(gateway, http_method) for _ in range(2)] == ["1", "1" if cached else "2"]


async def test_of_an_any_method_get_is_cached() -> None:
    gateway = served(api("ANY"), stage({"*/*": ENABLED}))
    assert [await body(gateway, verb) for verb in ("GET", "GET", "POST", "POST")] == ["1", "1", "2", "3"]


async def test_requests_that_differ_in_the_key_have_answers_of_their_own() -> None:
    """The guide's example: `type` is in the key, `department` is not."""
    gateway = served(api(cache_key_parameters=("method.request.querystring.type",)), stage({"*/*": ENABLED}))
    queries = ["type=admin&department=A", "type=admin&department=B", "type=regular&department=A", "department=A"]
    assert [await body(gateway, query=query) for query in queries] == ["1", "1", "2", "3"]


async def test_a_path_parameter_that_is_not_in_the_key_does_not_count() -> None:
    gateway = served(api(path="/pets/{id}"), stage({"*/*": ENABLED}))
    assert [await body(gateway, path=f"/pets/{number}") for number in (1, 2)] == ["1", "1"]


@pytest.mark.parametrize(
    ("parameters", "mappings"),
    [
        (("method.request.path.id",), {}),
        (("integration.request.path.pet",), {"integration.request.path.pet": "method.request.path.id"}),
        (("method.request.header.X-Id",), {}),
    ],
)
async def test_the_key_takes_parameters_of_the_method_and_the_integration(
    parameters: tuple[str, ...], mappings: dict[str, str]
) -> None:
    definition = api(path="/pets/{id}", cache_key_parameters=parameters, request_parameters=mappings)
    gateway = served(definition, stage({"*/*": ENABLED}))
    requests = [("/pets/1", {"X-Id": "1"}), ("/pets/2", {"X-Id": "2"}), ("/pets/1", {"X-Id": "1"})]
    assert [await body(gateway, path=path, headers=headers) for path, headers in requests] == ["1", "2", "1"]


async def test_a_body_can_be_in_the_key_by_a_mapping() -> None:
    name = "integration.request.header.body"
    definition = api("POST", cache_key_parameters=(name,), request_parameters={name: "method.request.body"})
    gateway = served(definition, stage({"pets/POST": ENABLED}))
    assert [await body(gateway, "POST", body=text) for text in ('"a"', '"b"', '"a"')] == ["1", "2", "1"]


@pytest.mark.parametrize(("namespace", "answers"), [(None, ["1", "2"]), ("shared", ["1", "1"])])
async def test_resources_of_one_namespace_share_answers(namespace: str | None, answers: list[str]) -> None:
    methods = {path: {"GET": method(function(cache_namespace=namespace), "GET")} for path in ("/a", "/b")}
    gateway = served(rest_api(methods), stage({"*/*": ENABLED}))
    assert [await body(gateway, path=path) for path in ("/a", "/b")] == answers


async def test_each_answer_has_its_own_request_id() -> None:
    gateway = served(api(), stage({"*/*": ENABLED}))
    ids = {answer(await send(gateway, path="/pets"))[1]["x-amzn-requestid"] for _ in range(2)}
    assert len(ids) == 2


async def test_an_error_status_of_the_integration_response_is_cached_too() -> None:
    failing = Functions(lambda event: 1 / 0)
    responses = (
        IntegrationResponse(status_code="200"),
        IntegrationResponse(status_code="502", selection_pattern=".+"),
    )
    gateway = Gateway(api(responses=responses), stage({"*/*": ENABLED}), failing)
    statuses = [answer(await send(gateway, path="/pets"))[0] for _ in range(2)]
    assert (statuses, len(failing.events)) == ([502, 502], 1)


async def test_a_gateway_response_is_not_cached() -> None:
    unmatched = api(responses=(IntegrationResponse(status_code="200", selection_pattern="never"),))
    functions = counting()
    gateway = Gateway(unmatched, stage({"*/*": ENABLED}), functions)
    statuses = [answer(await send(gateway, path="/pets"))[0] for _ in range(2)]
    assert (statuses, len(functions.events)) == ([500, 500], 2)


@pytest.mark.parametrize(("size", "invocations"), [(1024 * 1024, 1), (1024 * 1024 + 1, 2)])
async def test_an_answer_of_more_than_a_mebibyte_is_not_cached(size: int, invocations: int) -> None:
    functions = Functions(lambda event: b"1" * size)
    gateway = Gateway(api(), stage({"*/*": ENABLED}), functions)
    for _ in range(2):
        await send(gateway, path="/pets")
    assert len(functions.events) == invocations


async def test_a_client_invalidates_one_entry() -> None:
    gateway = served(api(cache_key_parameters=("method.request.querystring.q",)), stage({"*/*": OPEN}))
    assert [await body(gateway, query=query) for query in ("q=1", "q=2")] == ["1", "2"]
    assert await body(gateway, query="q=1", headers={"cache-control": "no-store, Max-Age=0"}) == "3"
    assert [await body(gateway, query=query) for query in ("q=1", "q=2")] == ["3", "2"]


@pytest.mark.parametrize("value", ["no-cache", "max-age=10", "no-store"])
async def test_other_directives_do_not_invalidate(value: str) -> None:
    gateway = served(api(), stage({"*/*": OPEN}))
    assert [await body(gateway, headers=headers) for headers in ({}, {"Cache-Control": value})] == ["1", "1"]


@pytest.mark.parametrize(
    ("strategy", "status", "warning"),
    [
        (None, 200, "199 Cache-control headers were ignored because the caller was unauthorized."),
        (
            "SUCCEED_WITH_RESPONSE_HEADER",
            200,
            "199 Cache-control headers were ignored because the caller was unauthorized.",
        ),
        ("SUCCEED_WITHOUT_RESPONSE_HEADER", 200, None),
        ("FAIL_WITH_403", 403, None),
    ],
)
async def test_a_client_that_may_not_invalidate(strategy: Any, status: int, warning: str | None) -> None:
    """It needs permission by default (recorded on AWS, LocalStack snapshot test_create_update_stages)."""
    settings = MethodSettings(caching_enabled=True, unauthorized_cache_control_header_strategy=strategy)
    gateway = served(api(), stage({"*/*": settings}))
    await body(gateway)
    got, headers, text = answer(await send(gateway, path="/pets", headers=FRESH))
    assert (got, headers.get("warning")) == (status, warning)
    assert text == "1" or status == 403
    assert await body(gateway) == "1"


async def test_a_client_with_a_signature_may_invalidate() -> None:
    signed = method(function(), "GET", authorization="AWS_IAM")
    gateway = served(rest_api({"/pets": {"GET": signed}}), stage({"*/*": ENABLED}))
    credential = "Credential=AKIDEXAMPLE/20270115/us-east-1/execute-api/aws4_request"
    authorization = f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host;x-amz-date, Signature={'a' * 64}"
    headers = {"Authorization": authorization, "X-Amz-Date": "20270115T080000Z"}
    assert [await body(gateway, headers={**headers, **more}) for more in ({}, {}, FRESH)] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("canary", "answers"),
    [
        (Canary(deployment_id="same", use_stage_cache=True), ["1", "1"]),
        (Canary(deployment_id="new", use_stage_cache=True), ["1", "2"]),
        (Canary(deployment_id="same", use_stage_cache=False), ["1", "2"]),
    ],
)
async def test_a_canary_shares_answers_with_production_of_the_same_deployment(
    canary: Canary, answers: list[str]
) -> None:
    """canary-release.html in AWS's guide."""
    cached = stage({"*/*": ENABLED}, deployment_id="same", canary=canary)
    both: Any = stage_gateway(api(), cached, counting())
    assert [await body(both._production), await body(both._canary)] == answers


@pytest.mark.parametrize(
    ("checked", "definition", "message"),
    [
        (stage({"*/*": ENABLED}, cache_cluster_enabled=False), api(), "the stage has no cache"),
        (stage({}), api(), "no method settings enable caching"),
        (stage({"*/*": MethodSettings(caching_enabled=True, cache_ttl_seconds=3601)}), api(), "is 3601"),
        (
            stage({"*/*": ENABLED}),
            rest_api({"/pets": {"GET": method(function(cache_key_parameters=("method.request.path.x",)), "GET")}}),
            "Invalid cache key parameter specified: method.request.path.x",
        ),
    ],
)
def test_settings_that_cannot_be_meant(checked: Stage, definition: RestApi, message: str) -> None:
    """AWS's words for the key are quoted in serverless-api-gateway-caching's pull request 65."""
    assert [problem.what for problem in check(definition, checked) if message in problem.what]


def test_settings_that_can_be_meant() -> None:
    problems = check(api(cache_key_parameters=("method.request.querystring.q",)), stage({"*/*": OPEN}))
    assert not [problem.what for problem in problems if "cach" in problem.what]
