"""Lambda authorizers: their identity sources, the event, the function's answer, and the policy it is held to.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from parity.gateway.access.method_arn import method_arn
from parity.gateway.access.policy_evaluation import INVOKE, Decision, PolicyDocument, PolicyError
from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.lifecycle.gateway_response import CONFIGURATION_ERROR, GatewayResponseError
from parity.gateway.lifecycle.mapping_expression import request_parameter, walk
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError
from parity.gateway.model.backends import Backends, LambdaUnavailableError
from parity.gateway.model.definition import Authorizer, RestApi, Stage
from parity.gateway.model.exchange import MethodRequest
from parity.gateway.model.quotas import DEFAULT_TIMEOUT_MS

MAX_CACHED_ANSWERS: Final = 10_000
"""How many answers an authorizer's cache holds; the oldest go first."""

_DENIED: Final = "User is not authorized to access this resource"
_UNAUTHORIZED: Final = "Unauthorized"
_NOT_IN_REQUEST_CONTEXT: Final = frozenset({"requestOverride", "responseOverride", "authorizer", "error"})


class AuthorizerAnswerError(ValueError):
    """An answer that is not one; its text says why."""


@dataclass(frozen=True, slots=True)
class AuthorizerAnswer:
    """A parsed answer: `context` is `$context.authorizer`, `usage_identifier` holds `usageIdentifierKey` or nothing."""

    policy: PolicyDocument
    context: Mapping[str, str]
    usage_identifier: Mapping[str, str]

    @classmethod
    def parse(cls, payload: bytes) -> "AuthorizerAnswer":
        """Reads the payload that the function returned.

        Raises:
            AuthorizerAnswerError: there is no principal or policy, or the context holds more than plain values.
        """
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise AuthorizerAnswerError("Invalid JSON in response") from error
        if not isinstance(answer, dict):
            raise AuthorizerAnswerError("Could not parse policy")
        principal = answer.get("principalId")
        if not isinstance(principal, (str, int)) or isinstance(principal, bool) or principal == "":
            raise AuthorizerAnswerError("the answer has no principalId")
        try:
            policy = PolicyDocument(answer.get("policyDocument"))
        except PolicyError as error:
            raise AuthorizerAnswerError(f"Could not parse policy: {error}") from error
        usage_identifier = answer.get("usageIdentifierKey")
        return cls(
            policy=policy,
            context={"principalId": str(principal), **_plain(answer.get("context"))},
            usage_identifier={} if usage_identifier is None else {"usageIdentifierKey": str(usage_identifier)},
        )


def _plain(context: Any) -> dict[str, str]:
    """The context that the authorizer adds; numbers and booleans are strings to those who read it, null is left out."""
    if context is None:
        return {}
    if not isinstance(context, dict):
        raise AuthorizerAnswerError("context is not an object")
    plain: dict[str, str] = {}
    for name, value in context.items():
        if isinstance(value, (dict, list)):
            raise AuthorizerAnswerError(f"context.{name} is an object or array; only plain values are allowed")
        if value is not None:
            plain[name] = value if isinstance(value, str) else json.dumps(value)
    return plain


class LambdaAuthorizer:
    """One Lambda authorizer of a stage; answers are cached for its time to live.

    Args:
        authorizer: the authorizer.
        api: the API that is served.
        stage: its stage.
        backends: what invokes the function.
        clock: the time in seconds since the epoch.
    """

    def __init__(
        self, authorizer: Authorizer, api: RestApi, stage: Stage, backends: Backends, clock: Callable[[], float]
    ) -> None:
        self._authorizer = authorizer
        self._api = api
        self._stage = stage
        self._clock = clock
        self._sources = IdentitySources(authorizer, stage)
        self._function = AuthorizerFunction(authorizer, stage, backends)
        self._cache: dict[tuple[str, ...], tuple[float, AuthorizerAnswer]] = {}

    async def authorize(self, request: MethodRequest, *, allowed: bool = False) -> Mapping[str, Any]:
        """Asks the function, or the cache, and enforces the policy; returns `$context.authorizer`.

        Args:
            request: the request.
            allowed: whether the API's resource policy allows it: then the authorizer's need only not deny it.

        Raises:
            GatewayResponseError: the caller may not, or the authorizer failed.
        """
        identity = self._sources.values(request)
        if identity is None:
            sources = ", ".join(self._sources.expressions)
            reason = f"An identity source is missing, empty, or does not match the validation expression: {sources}"
            raise GatewayResponseError("UNAUTHORIZED", _UNAUTHORIZED, reason)
        answer = self._cached(identity)
        latency_ms = 0
        if answer is None:
            started = time.perf_counter()
            answer = await self._ask(request, identity)
            latency_ms = round((time.perf_counter() - started) * 1000)
            self._remember(identity, answer)
        self._enforce(answer, request, allowed)
        return {**answer.context, "integrationLatency": latency_ms, **answer.usage_identifier}

    async def _ask(self, request: MethodRequest, identity: tuple[str, ...]) -> AuthorizerAnswer:
        arn = method_arn(self._api, self._stage, request)
        if self._authorizer.type == "TOKEN":
            event = token_event(arn, identity[0])
        else:
            event = request_event(arn, request, self._stage)
        payload = await self._function.invoke(event)
        try:
            return AuthorizerAnswer.parse(payload)
        except AuthorizerAnswerError as error:
            reason = f"{CONFIGURATION_ERROR}{error}"
            raise GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason) from error

    def _enforce(self, answer: AuthorizerAnswer, request: MethodRequest, allowed: bool) -> None:
        arn = method_arn(self._api, self._stage, request)
        attributes = {"aws:sourceip": str(request.context.get("identity", {}).get("sourceIp", ""))}
        decision = answer.policy.evaluate(INVOKE, arn, attributes)
        if decision is Decision.ALLOW or (allowed and decision is Decision.IMPLICIT_DENY):
            return
        message = _DENIED if decision is Decision.IMPLICIT_DENY else f"{_DENIED} with an explicit deny"
        raise GatewayResponseError(
            "ACCESS_DENIED", message, f"The authorizer's policy answers with an {decision.value}"
        )

    def _cached(self, identity: tuple[str, ...]) -> AuthorizerAnswer | None:
        expires, answer = self._cache.get(identity, (0.0, None))
        return answer if expires > self._clock() else None

    def _remember(self, identity: tuple[str, ...], answer: AuthorizerAnswer) -> None:
        if self._authorizer.result_ttl_seconds <= 0 or not identity:
            return
        self._cache.pop(identity, None)
        while len(self._cache) >= MAX_CACHED_ANSWERS:
            del self._cache[next(iter(self._cache))]
        self._cache[identity] = (self._clock() + self._authorizer.result_ttl_seconds, answer)


def _matches(expression: JavaPattern, token: str) -> bool:
    """Whether a whole token matches; one for which finding out takes too long does not."""
    try:
        return expression.fullmatch(token)
    except JavaPatternError:
        return False


class IdentitySources:
    """Where an authorizer's identity comes from: `method.request.header.Authorization` and the like.

    Args:
        authorizer: the authorizer. `identity_validation_expression` counts for a TOKEN authorizer only.
        stage: the stage, for `stageVariables.NAME`.
    """

    def __init__(self, authorizer: Authorizer, stage: Stage) -> None:
        self.expressions = tuple(part.strip() for part in authorizer.identity_source.split(",") if part.strip())
        expression = authorizer.identity_validation_expression if authorizer.type == "TOKEN" else None
        self._validation = JavaPattern(expression) if expression else None
        self._stage = stage

    def values(self, request: MethodRequest) -> tuple[str, ...] | None:
        """The identity of a caller, a value for each source.

        Returns:
            None when a source is missing or empty, or the token does not match the validation expression: then the
            answer is 401 and the function is not asked.
        """
        values = tuple(self._value(expression, request) or "" for expression in self.expressions)
        if not all(values):
            return None
        return values if self._validation is None or (values and _matches(self._validation, values[0])) else None

    def _value(self, expression: str, request: MethodRequest) -> str | None:
        root, _, name = expression.partition(".")
        if root == "stageVariables":
            return self._stage.variables.get(name)
        if root == "context":
            found = walk(request.context, name.split("."))
            return None if found is None else str(found)
        parameter = request_parameter(expression)
        if parameter is None:
            return None
        if parameter.place == "header":
            return header_value(request.headers, parameter.name.lower())
        return request.query.get(parameter.name) if parameter.place == "querystring" else None


def token_event(method_arn: str, token: str) -> dict[str, Any]:
    """The event of a TOKEN authorizer."""
    return {"type": "TOKEN", "methodArn": method_arn, "authorizationToken": token}


def request_event(method_arn: str, request: MethodRequest, stage: Stage) -> dict[str, Any]:
    """The event of a REQUEST authorizer: the method request without its body."""
    context = request.context
    return {
        "type": "REQUEST",
        "methodArn": method_arn,
        "resource": request.resource_path,
        "path": str(context.get("path", "")).removeprefix(f"/{stage.name}") or "/",
        "httpMethod": request.http_method,
        "headers": dict(request.headers),
        "multiValueHeaders": {name: list(values) for name, values in request.multi_value_headers.items()},
        "queryStringParameters": dict(request.query),
        "multiValueQueryStringParameters": {name: list(values) for name, values in request.multi_value_query.items()},
        "pathParameters": dict(request.path_parameters),
        "stageVariables": dict(stage.variables),
        "requestContext": {name: value for name, value in context.items() if name not in _NOT_IN_REQUEST_CONTEXT},
    }


class AuthorizerFunction:
    """The function of one authorizer.

    Args:
        authorizer: the authorizer; its `uri` is the function's invocation URI.
        stage: the stage, whose variables the URI may name.
        backends: what invokes the function.
    """

    def __init__(self, authorizer: Authorizer, stage: Stage, backends: Backends) -> None:
        self._name = authorizer.name
        self._arn = function_arn(authorizer.uri, stage.variables)
        self._backends = backends

    async def invoke(self, event: Mapping[str, Any]) -> bytes:
        """Invokes the function and returns its payload.

        Raises:
            GatewayResponseError: UNAUTHORIZED if the function raised `Unauthorized`; AUTHORIZER_FAILURE if it raised
                anything else or took too long; AUTHORIZER_CONFIGURATION_ERROR if it cannot be invoked.
        """
        if self._arn is None:
            raise _misconfigured(f"The URI of the authorizer {self._name} names no function")
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=str).encode("utf-8", "replace")
        try:
            async with asyncio.timeout(DEFAULT_TIMEOUT_MS / 1000):
                result = await self._backends.invoke(self._arn, payload)
        except LambdaUnavailableError as error:
            raise _misconfigured(str(error)) from error
        except TimeoutError as error:
            raise GatewayResponseError("AUTHORIZER_FAILURE", None, f"The authorizer {self._name} timed out") from error
        if result.function_error is None:
            return result.payload
        message = _error_message(result.payload)
        if message == _UNAUTHORIZED:
            raise GatewayResponseError(
                "UNAUTHORIZED", "Unauthorized", f'The function of the authorizer {self._name} raised "{_UNAUTHORIZED}"'
            )
        raise GatewayResponseError("AUTHORIZER_FAILURE", None, f"The authorizer {self._name} failed: {message}")


def _misconfigured(reason: str) -> GatewayResponseError:
    return GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason)


def _error_message(payload: bytes) -> str:
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return payload.decode("utf-8", "replace")
    return str(document.get("errorMessage")) if isinstance(document, dict) else str(document)
