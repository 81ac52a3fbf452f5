"""Authorization: may this caller call this method?

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
Lambda authorizers (`CUSTOM`) are called and obeyed. For `AWS_IAM` see `parity.gateway.access.signature`. Cognito
user pools are not emulated: a token is required, then the request ends with AUTHORIZER_CONFIGURATION_ERROR.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from parity.gateway.access.authorizer_answer import AuthorizerAnswer, AuthorizerAnswerError
from parity.gateway.access.authorizer_event import IdentitySources, request_event, token_event
from parity.gateway.access.authorizer_function import AuthorizerFunction
from parity.gateway.access.method_arn import method_arn
from parity.gateway.access.policy_evaluation import INVOKE, Decision
from parity.gateway.access.signature import check_signature
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.model.backends import Backends
from parity.gateway.model.definition import Authorizer, Method, RestApi, Stage
from parity.gateway.model.exchange import MethodRequest

MAX_CACHED_ANSWERS: Final = 10_000
"""How many answers an authorizer's cache holds; the oldest go first."""

_DENIED: Final = "User is not authorized to access this resource"


def _unauthorized(reason: str) -> GatewayResponseError:
    return GatewayResponseError("UNAUTHORIZED", "Unauthorized", reason)


class AuthorizerStage:
    """The authorization of one stage's methods. Answers are kept as long as each authorizer says.

    Args:
        api: the API that is served.
        stage: its stage.
        backends: what invokes authorizers' functions.
        clock: the time in seconds since the epoch.
    """

    def __init__(
        self, api: RestApi, stage: Stage, backends: Backends, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._api = api
        self._stage = stage
        self._clock = clock
        self._lambda_authorizers = {
            authorizer.id: _LambdaAuthorizer(authorizer, api, stage, backends, clock)
            for authorizer in api.authorizers.values()
            if authorizer.type != "COGNITO_USER_POOLS"
        }

    async def authorize(self, method: Method, request: MethodRequest) -> Mapping[str, Any]:
        """Authorizes a request.

        Args:
            method: the method that is called.
            request: the request, with `$context`.

        Returns:
            `$context.authorizer`: `principalId`, what the authorizer added, as strings, and `integrationLatency` in
            milliseconds; empty for a method without authorizer. `usageIdentifierKey` is there if it was answered.

        Raises:
            GatewayResponseError: the caller may not, or the authorizer failed.
        """
        if method.authorization == "NONE":
            return {}
        if method.authorization == "AWS_IAM":
            check_signature(request, self._api, self._clock())
            return {}
        if method.authorization == "COGNITO_USER_POOLS":
            return self._refuse_cognito(request)
        authorizer = self._lambda_authorizers.get(method.authorizer_id or "")
        if authorizer is None:
            reason = f"There is no authorizer {method.authorizer_id!r}"
            raise GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason)
        return await authorizer.authorize(request)

    def _refuse_cognito(self, request: MethodRequest) -> Mapping[str, Any]:
        if not header_value(request.headers, "authorization"):
            raise _unauthorized("No identity token")
        reason = "Tokens of a Cognito user pool cannot be verified on this machine"
        raise GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason)


class _LambdaAuthorizer:
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

    async def authorize(self, request: MethodRequest) -> Mapping[str, Any]:
        identity = self._sources.values(request)
        if identity is None:
            raise _unauthorized("An identity source is missing, empty, or does not match the validation expression")
        answer = self._cached(identity)
        latency_ms = 0
        if answer is None:
            started = time.perf_counter()
            answer = await self._ask(request, identity)
            latency_ms = round((time.perf_counter() - started) * 1000)
            self._remember(identity, answer)
        self._enforce(answer, request)
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
            reason = f"Execution failed due to configuration error: {error}"
            raise GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason) from error

    def _enforce(self, answer: AuthorizerAnswer, request: MethodRequest) -> None:
        arn = method_arn(self._api, self._stage, request)
        attributes = {"aws:sourceip": str(request.context.get("identity", {}).get("sourceIp", ""))}
        decision = answer.policy.evaluate(INVOKE, arn, attributes)
        if decision is Decision.ALLOW:
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
