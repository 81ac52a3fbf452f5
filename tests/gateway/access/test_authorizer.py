"""Authorization: Lambda authorizers, AWS_IAM and Cognito."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

import pytest

from parity.gateway.access.authorizer import AuthorizerStage
from parity.gateway.access.resource_policy import resource_policy_of
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.definition import Authorizer, Method, RestApi, Stage
from parity.gateway.model.exchange import MethodRequest
from tests.gateway.calls import Clock, call
from tests.gateway.support import FUNCTION_URI, Functions

STAGE = Stage(name="dev", variables={"color": "blue"})
PROTECTED = Method(http_method="GET", authorization="CUSTOM", authorizer_id="auth1")
TOKEN = {"Authorization": "allow-me"}
ARN = "arn:aws:execute-api:us-east-1:123456789012:api1234567/dev"


def policy(effect: str = "Allow", resource: Any = f"{ARN}/GET/pets", **more: Any) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {
        "principalId": "ada",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        **more,
    }


class Desk:
    """An authorizer stage with one authorizer, whose function answers with `handler`."""

    def __init__(
        self,
        handler: Callable[[Any], Any] = lambda event: policy(),
        resource_policy: str | None = None,
        **settings: Any,
    ) -> None:
        self.clock = Clock()
        self.functions = Functions(handler)
        authorizer = Authorizer(**{"id": "auth1", "name": "door", "uri": FUNCTION_URI, **settings})
        api = RestApi(id="api1234567", name="test", authorizers={"auth1": authorizer}, policy=resource_policy)
        self._stage = AuthorizerStage(
            api, STAGE, self.functions, policy=resource_policy_of(api, STAGE), clock=self.clock
        )

    async def authorize(self, request: MethodRequest | None = None, method: Method = PROTECTED) -> Mapping[str, Any]:
        return await self._stage.authorize(method, request or call(headers=TOKEN))

    async def refusal(self, request: MethodRequest | None = None, method: Method = PROTECTED) -> GatewayResponseError:
        with pytest.raises(GatewayResponseError) as caught:
            await self.authorize(request, method)
        return caught.value


async def test_a_method_without_authorizer_asks_nobody() -> None:
    desk = Desk()
    assert await desk.authorize(method=Method(http_method="GET")) == {}
    assert desk.functions.events == []


async def test_a_token_authorizer_gets_the_token_and_the_method_arn() -> None:
    desk = Desk()
    await desk.authorize(call("/pets", headers={"authorization": "allow-me"}))
    assert desk.functions.events == [
        {"type": "TOKEN", "methodArn": f"{ARN}/GET/pets", "authorizationToken": "allow-me"}
    ]


async def test_what_the_authorizer_adds_reaches_the_context_as_strings() -> None:
    context = {"stringkey": "value", "number": 1, "truth": True, "nothing": None}
    answered = await Desk(lambda _: policy(context=context, usageIdentifierKey="key")).authorize()
    assert {name: value for name, value in answered.items() if name != "integrationLatency"} == {
        "principalId": "ada",
        "stringkey": "value",
        "number": "1",
        "truth": "true",
        "usageIdentifierKey": "key",
    }
    assert answered["integrationLatency"] >= 0


async def test_a_missing_token_is_unauthorized_and_the_function_is_not_asked() -> None:
    desk = Desk()
    refused = await desk.refusal(call())
    assert (refused.response_type, refused.message) == ("UNAUTHORIZED", "Unauthorized")
    assert desk.functions.events == []


async def test_a_token_must_match_the_validation_expression_as_a_whole() -> None:
    desk = Desk(identity_validation_expression="Bearer [a-z]+")
    assert (await desk.refusal(call(headers={"Authorization": "Bearer abc 1"}))).response_type == "UNAUTHORIZED"
    assert (await desk.authorize(call(headers={"Authorization": "Bearer abc"})))["principalId"] == "ada"


@pytest.mark.parametrize(
    ("resource", "path"),
    [(f"{ARN}/GET/pets", "/pets"), (f"{ARN}/*", "/pets/1/toys"), ([f"{ARN}/POST/x", f"{ARN}/GET/p?ts"], "/pets")],
)
async def test_resources_match_with_wildcards(resource: Any, path: str) -> None:
    assert await Desk(lambda _: policy(resource=resource)).authorize(call(path, headers=TOKEN))


async def test_a_policy_that_does_not_speak_of_the_method_denies_it() -> None:
    refused = await Desk(lambda _: policy(resource=f"{ARN}/POST/pets")).refusal()
    assert refused.response_type == "ACCESS_DENIED"
    assert refused.message == "User is not authorized to access this resource"


async def test_an_explicit_deny_beats_an_allow() -> None:
    answer = policy()
    answer["policyDocument"]["Statement"].insert(0, {"Action": "*", "Effect": "Allow", "Resource": "*"})
    answer["policyDocument"]["Statement"].append(
        {"Action": "execute-api:*", "Effect": "Deny", "Resource": f"{ARN}/*/pets"}
    )
    refused = await Desk(lambda _: answer).refusal()
    assert refused.message == "User is not authorized to access this resource with an explicit deny"


async def test_answers_are_kept_for_the_time_to_live_of_each_token() -> None:
    desk = Desk(result_ttl_seconds=300)
    await desk.authorize()
    await desk.authorize()
    assert len(desk.functions.events) == 1
    await desk.authorize(call(headers={"Authorization": "another"}))
    assert len(desk.functions.events) == 2
    desk.clock.now += 301
    await desk.authorize()
    assert len(desk.functions.events) == 3


async def test_a_kept_policy_is_evaluated_for_the_method_that_is_called() -> None:
    desk = Desk()
    await desk.authorize()
    assert (await desk.refusal(call("/toys", headers=TOKEN))).response_type == "ACCESS_DENIED"
    assert len(desk.functions.events) == 1


async def test_a_time_to_live_of_zero_keeps_nothing() -> None:
    desk = Desk(result_ttl_seconds=0)
    await desk.authorize()
    await desk.authorize()
    assert len(desk.functions.events) == 2


async def test_a_request_authorizer_gets_the_request() -> None:
    desk = Desk(type="REQUEST", identity_source="method.request.header.Authorization, stageVariables.color")
    request = call(headers=TOKEN, query={"q": "1"}, path_parameters={"id": "7"})
    await desk.authorize(request)
    (event,) = desk.functions.events
    assert event == {
        "type": "REQUEST",
        "methodArn": f"{ARN}/GET/pets",
        "resource": "/pets",
        "path": "/pets",
        "httpMethod": "GET",
        "headers": TOKEN,
        "multiValueHeaders": {"Authorization": ["allow-me"]},
        "queryStringParameters": {"q": "1"},
        "multiValueQueryStringParameters": {"q": ["1"]},
        "pathParameters": {"id": "7"},
        "stageVariables": {"color": "blue"},
        "requestContext": {"path": "/dev/pets", "stage": "dev", "identity": {"sourceIp": "203.0.113.7"}},
    }


async def test_a_validation_expression_is_for_tokens_alone() -> None:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html, `identityValidationExpression`."""
    desk = Desk(
        type="REQUEST",
        identity_source="method.request.header.Authorization",
        identity_validation_expression="[a-z]{99}",
    )
    assert (await desk.authorize())["principalId"] == "ada"


async def test_an_identity_source_may_be_of_the_context() -> None:
    desk = Desk(type="REQUEST", identity_source="context.identity.sourceIp")
    assert (await desk.authorize())["principalId"] == "ada"
    assert len(desk.functions.events) == 1


@pytest.mark.parametrize("source", ["method.request.querystring.key", "stageVariables.none", "context.identity.caller"])
async def test_every_identity_source_of_a_request_authorizer_must_be_there(source: str) -> None:
    desk = Desk(type="REQUEST", identity_source=f"method.request.header.Authorization,{source}")
    assert (await desk.refusal()).response_type == "UNAUTHORIZED"


async def test_a_request_authorizer_without_identity_source_is_always_asked() -> None:
    desk = Desk(type="REQUEST", identity_source="", result_ttl_seconds=0)
    await desk.authorize(call())
    await desk.authorize(call())
    assert len(desk.functions.events) == 2


@pytest.mark.parametrize(
    ("answer", "response_type"),
    [
        (None, "AUTHORIZER_CONFIGURATION_ERROR"),
        (b"not json", "AUTHORIZER_CONFIGURATION_ERROR"),
        ({"policyDocument": {"Statement": []}}, "AUTHORIZER_CONFIGURATION_ERROR"),
        ({"principalId": "ada"}, "AUTHORIZER_CONFIGURATION_ERROR"),
        (policy(effect="Maybe"), "AUTHORIZER_CONFIGURATION_ERROR"),
        (policy(context={"deep": {}}), "AUTHORIZER_CONFIGURATION_ERROR"),
        ({"principalId": "ada", "policyDocument": {"Statement": []}}, "ACCESS_DENIED"),
    ],
)
async def test_a_broken_answer_is_a_configuration_error(answer: Any, response_type: str) -> None:
    refused = await Desk(lambda _: answer).refusal()
    assert refused.response_type == response_type
    assert (refused.message is None) is (response_type == "AUTHORIZER_CONFIGURATION_ERROR")


@pytest.mark.parametrize(("raised", "response_type"), [("Unauthorized", "UNAUTHORIZED"), ("No", "AUTHORIZER_FAILURE")])
async def test_a_function_that_raises_refuses_the_caller(raised: str, response_type: str) -> None:
    def handler(event: Any) -> Any:
        raise RuntimeError(raised)

    assert (await Desk(handler).refusal()).response_type == response_type


async def test_a_function_that_is_not_there_is_a_configuration_error() -> None:
    other = FUNCTION_URI.replace(":echo", ":other")
    assert (await Desk(uri=other).refusal()).response_type == "AUTHORIZER_CONFIGURATION_ERROR"
    assert (await Desk(uri="https://example.com").refusal()).response_type == "AUTHORIZER_CONFIGURATION_ERROR"


async def test_an_unknown_authorizer_is_a_configuration_error() -> None:
    method = Method(http_method="GET", authorization="CUSTOM", authorizer_id="other")
    assert (await Desk().refusal(method=method)).response_type == "AUTHORIZER_CONFIGURATION_ERROR"


SIGNED = Method(http_method="GET", authorization="AWS_IAM")
SCOPE = "AKIDEXAMPLE/20260921/us-east-1/execute-api/aws4_request"


def signature(credential: str = SCOPE) -> str:
    return f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date, Signature=abc"


async def test_an_unsigned_request_lacks_its_authentication_token() -> None:
    refused = await Desk().refusal(call(), SIGNED)
    assert (refused.response_type, refused.message) == ("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")


async def test_a_signature_that_looks_right_is_believed() -> None:
    request = call(headers={"Authorization": signature(), "X-Amz-Date": "20260921T141320Z"})
    assert await Desk().authorize(request, SIGNED) == {}
    assert request.context["identity"]["accessKey"] == "AKIDEXAMPLE"


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (
            {"Authorization": "Bearer token"},
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with "
            "Base64): 'sirDDmH2JNXZ7PrsYu3JMpduFdLxWZgJKX9UIu07OWs='.",
        ),
        (
            {"Authorization": "token"},
            "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter."
            " Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of "
            "either a 'X-Amz-Date' or a 'Date' header. (Hashed with SHA-256 and encoded with Base64) Authorization=",
        ),
        ({"Authorization": "AWS4-HMAC-SHA256 Credential=x"}, "Authorization header requires 'Signature' parameter."),
        (
            {"Authorization": signature(SCOPE.replace("us-east-1", "eu-west-1")), "X-Amz-Date": "20260921T141320Z"},
            "Credential should be scoped to a valid region, not 'eu-west-1'.",
        ),
        ({"Authorization": signature(), "X-Amz-Date": "20260921T120000Z"}, "Signature expired: 20260921T120000Z"),
        ({"Authorization": signature(), "X-Amz-Date": "yesterday"}, "Date must be in ISO-8601"),
    ],
)
async def test_a_signature_that_aws_would_refuse_for_its_form_is_refused(headers: dict[str, str], message: str) -> None:
    refused = await Desk().refusal(call(headers=headers), SIGNED)
    assert message in (refused.message or "")


IMPLICIT = "User is not authorized to access this resource"
EXPLICIT = "User is not authorized to access this resource with an explicit deny"
BY_POLICY = "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "


def resource_policy(effect: str | None) -> str:
    """A resource policy with this effect on every request; None is one that says nothing of any."""
    statement = {"Effect": effect or "Allow", "Principal": "*", "Action": "execute-api:Invoke"}
    return json.dumps({"Statement": [{**statement, "Resource": "execute-api:/*" if effect else "execute-api:/none"}]})


@pytest.mark.parametrize(
    ("authorizer", "of_api", "message"),
    [
        ("Allow", "Allow", None),
        ("Allow", None, None),
        ("Allow", "Deny", BY_POLICY),
        (None, "Allow", None),
        (None, None, IMPLICIT),
        (None, "Deny", BY_POLICY),
        ("Deny", "Allow", EXPLICIT),
        ("Deny", None, EXPLICIT),
        ("Deny", "Deny", BY_POLICY),
    ],
)
async def test_an_authorizer_and_the_resource_policy_decide_together(
    authorizer: str | None, of_api: str | None, message: str | None
) -> None:
    """AWS's guide, "How API Gateway resource policies affect authorization workflow", table A."""
    answered = policy(authorizer or "Allow", resource="*" if authorizer else f"{ARN}/GET/other")
    desk = Desk(lambda _: answered, resource_policy(of_api))
    if message is None:
        assert (await desk.authorize())["principalId"] == "ada"
    else:
        refused = (await desk.refusal()).message or ""
        assert refused.startswith(message) if of_api == "Deny" else refused == message
    assert len(desk.functions.events) == (of_api != "Deny"), "an explicit deny comes before the authorizer"


@pytest.mark.parametrize(
    ("authorization", "of_api", "allowed"),
    [
        ("NONE", "Allow", True),
        ("NONE", None, False),
        ("NONE", "Deny", False),
        ("AWS_IAM", "Allow", True),
        ("AWS_IAM", None, True),
        ("AWS_IAM", "Deny", False),
    ],
)
async def test_the_resource_policy_alone_must_allow_and_beside_iam_must_not_deny(
    authorization: Literal["NONE", "AWS_IAM"], of_api: str | None, allowed: bool
) -> None:
    """AWS's guide, "How API Gateway resource policies affect authorization workflow"."""
    desk = Desk(resource_policy=resource_policy(of_api))
    request = call("/pets", headers={"Authorization": signature(), "X-Amz-Date": "20260921T141320Z"})
    method = Method(http_method="GET", authorization=authorization)
    if allowed:
        assert await desk.authorize(request, method) == {}
    else:
        assert (await desk.refusal(request, method)).response_type == "ACCESS_DENIED"


async def test_who_does_not_sign_in_is_told_so_before_the_resource_policy_counts() -> None:
    """AWS's guide, "IAM authentication and resource policy"."""
    refused = await Desk(resource_policy=resource_policy("Deny")).refusal(call("/pets"), SIGNED)
    assert refused.response_type == "MISSING_AUTHENTICATION_TOKEN"


async def test_a_path_that_is_too_long_for_authorization_is_refused() -> None:
    """AWS's guide, "Output from a Lambda authorizer": a method ARN of more than 1600 bytes is a 414."""
    longest = "/" + "a" * (1600 - len(f"{ARN}/GET/"))
    desk = Desk(lambda _: policy(resource="*"))
    assert (await desk.authorize(call(longest, headers=TOKEN)))["principalId"] == "ada"
    refused = await desk.refusal(call(longest + "a", headers=TOKEN))
    assert (refused.status, refused.message) == (414, "Request URI too long")
    assert await desk.authorize(call(longest + "a"), Method(http_method="GET")) == {}
