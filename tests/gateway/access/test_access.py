"""Who may call, end to end: resource policy, authorizer, API key and throttling before the integration."""

import json
from dataclasses import replace
from typing import Any

import pytest

from parity.gateway.model.definition import (
    ApiKey,
    Authorizer,
    GatewayResponse,
    IntegrationResponse,
    MethodSettings,
    RestApi,
    Stage,
    UsagePlan,
)
from tests.gateway.support import FUNCTION_URI, Functions, answer, function, gateway, method, mock, rest_api, send

ECHO = mock(
    responses=(
        IntegrationResponse(
            status_code="200",
            response_templates={
                "application/json": '{"user": "$context.authorizer.principalId", "plan": "$context.authorizer.plan", '
                '"latency": "$context.authorizer.integrationLatency", "key": "$context.identity.apiKeyId"}'
            },
        ),
    )
)

SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=AKID/20260921/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=a"
)


def allow(event: dict[str, Any]) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    return {
        "principalId": event["authorizationToken"],
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"plan": "gold"},
        "usageIdentifierKey": "key-of-" + event["authorizationToken"],
    }


def protected(**settings: Any) -> RestApi:
    door = Authorizer(id="door", name="door", uri=FUNCTION_URI)
    guarded = method(ECHO, "GET", authorization="CUSTOM", authorizer_id="door", **settings)
    return rest_api({"/pets": guarded}, authorizers={"door": door})


async def test_what_the_authorizer_answers_reaches_the_templates() -> None:
    served = gateway(protected(), Functions(allow))
    status, _, text = answer(await send(served, path="/pets", headers={"Authorization": "ada"}))
    body = json.loads(text)
    assert (status, body["user"], body["plan"]) == (200, "ada", "gold")
    assert body["latency"].isdigit()
    await served.aclose()


async def test_a_refusal_is_a_gateway_response() -> None:
    served = gateway(protected(), Functions(lambda _: {"principalId": "x", "policyDocument": {"Statement": []}}))
    status, headers, text = answer(await send(served, path="/pets"))
    assert (status, text) == (401, '{"message":"Unauthorized"}')
    assert headers["x-amzn-errortype"] == "UnauthorizedException"
    status, headers, text = answer(await send(served, path="/pets", headers={"Authorization": "ada"}))
    assert (status, json.loads(text)) == (403, {"Message": "User is not authorized to access this resource"})
    assert headers["x-amzn-errortype"] == "AccessDeniedException"
    await served.aclose()


async def test_a_broken_authorizer_is_a_500_with_a_null_message() -> None:
    served = gateway(protected(), Functions(lambda _: "no policy"))
    status, headers, text = answer(await send(served, path="/pets", headers={"Authorization": "ada"}))
    assert (status, text) == (500, '{"message":null}')
    assert headers["x-amzn-errortype"] == "AuthorizerConfigurationException"
    await served.aclose()


async def test_the_authorizer_may_name_the_api_key() -> None:
    key = ApiKey(id="key1", value="key-of-ada")
    plan = UsagePlan(id="plan", api_stages=(("api1234567", "dev"),), key_ids=("key1",))
    declared = protected(api_key_required=True)
    api = RestApi(
        id=declared.id,
        name=declared.name,
        resources=declared.resources,
        authorizers=declared.authorizers,
        api_keys=(key,),
        usage_plans=(plan,),
        api_key_source="AUTHORIZER",
    )
    served = gateway(api, Functions(allow))
    _, _, text = answer(await send(served, path="/pets", headers={"Authorization": "ada"}))
    assert json.loads(text)["key"] == "key1"
    status, headers, text = answer(await send(served, path="/pets", headers={"Authorization": "bob"}))
    assert (status, text) == (403, '{"message":"Forbidden"}')
    assert headers["x-amzn-errortype"] == "ForbiddenException"
    await served.aclose()


async def test_a_quota_that_is_used_up_answers_429() -> None:
    declared = rest_api({"/pets": method(ECHO, "GET", api_key_required=True)})
    api = replace(
        declared,
        api_keys=(ApiKey(id="key1", value="k" * 20),),
        usage_plans=(UsagePlan(id="plan1", api_stages=((declared.id, "dev"),), key_ids=("key1",), quota_limit=1),),
    )
    served = gateway(api)
    assert answer(await send(served, path="/pets", headers={"x-api-key": "k" * 20}))[0] == 200
    status, headers, text = answer(await send(served, path="/pets", headers={"x-api-key": "k" * 20}))
    assert (status, text, headers["x-amzn-errortype"]) == (
        429,
        '{"message":"Limit Exceeded"}',
        "LimitExceededException",
    )
    await served.aclose()


async def test_throttling_answers_429_in_the_words_of_a_customised_response() -> None:
    api = rest_api(
        {"/pets": method(ECHO, "GET")},
        gateway_responses={
            "THROTTLED": GatewayResponse(
                response_type="THROTTLED", response_templates={"application/json": "slow down"}
            )
        },
    )
    stage = Stage(
        name="dev", method_settings={"*/*": MethodSettings(throttling_rate_limit=0.001, throttling_burst_limit=1)}
    )
    served = gateway(api, stage=stage)
    assert answer(await send(served, path="/pets"))[0] == 200
    status, headers, text = answer(await send(served, path="/pets"))
    assert (status, text, headers["x-amzn-errortype"]) == (429, "slow down", "TooManyRequestsException")
    await served.aclose()


async def test_the_resource_policy_is_asked_first() -> None:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/dev/GET/*",
        "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
    }
    api = rest_api({"/pets": method(ECHO, "GET")}, policy=json.dumps({"Statement": [statement]}))
    served = gateway(api)
    status, headers, text = answer(await send(served, path="/pets"))
    assert status == 403
    assert headers["x-amzn-errortype"] == "AccessDeniedException"
    assert json.loads(text) == {
        "Message": "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        "arn:aws:execute-api:us-east-1:********9012:api1234567/dev/GET/pets"
    }
    await served.aclose()


async def test_a_bearer_token_without_a_route_is_refused_as_a_malformed_signature() -> None:
    """Reported for any path or method that the API lacks: aws-cognito-angular-quickstart #50 on GitHub."""
    served = gateway(protected())
    for path, http_method in (("/nowhere", "GET"), ("/pets", "DELETE")):
        status, headers, text = answer(
            await send(served, http_method, path, headers={"Authorization": "Bearer secret"})
        )
        assert (status, headers["x-amzn-errortype"]) == (403, "IncompleteSignatureException")
        assert "Invalid key=value pair (missing equal-sign) in Authorization header" in text
        assert "secret" not in text
    sent = {"Authorization": SIGNATURE, "X-Amz-Date": "20260921T141320Z"}
    status, _, text = answer(await send(served, path="/nowhere", headers=sent))
    assert (status, text) == (403, '{"message":"Missing Authentication Token"}')
    await served.aclose()


@pytest.mark.parametrize(("header", "seen"), [(SIGNATURE, ""), ("Bearer token", "Bearer token")])
@pytest.mark.parametrize("name", ["Authorization", "authorization"])
async def test_a_signature_is_seen_by_nothing_behind_the_gateway(name: str, header: str, seen: str) -> None:
    """Developer guide, "important notes": the Authorization header is dropped if it contains a signature."""
    template = {"application/json": f"$input.params('{name}')"}
    shown = mock(responses=(IntegrationResponse(status_code="200", response_templates=template),))
    functions = Functions(lambda _: {})
    served = gateway(rest_api({"/mock": shown, "/proxy": function(type="AWS_PROXY", responses=())}), functions)
    assert answer(await send(served, path="/mock", headers={name: header}))[2] == seen
    await send(served, path="/proxy", headers={name: header})
    event = functions.events[0]
    assert event["headers"].get(name, "") == seen
    assert event["multiValueHeaders"].get(name, [""]) == [seen]
    await served.aclose()
