"""Authorization: may this caller call this method?

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
Lambda authorizers (`CUSTOM`) are invoked and their policy is enforced. For `AWS_IAM` see
`parity.gateway.access.signature`, for Cognito user pools `parity.gateway.access.cognito_authorizer`. The API's resource
policy is evaluated before, with or after them:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from parity.gateway.access.cognito_authorizer import CognitoAuthorizer
from parity.gateway.access.lambda_authorizer import LambdaAuthorizer
from parity.gateway.access.method_arn import method_arn
from parity.gateway.access.policy_evaluation import Decision
from parity.gateway.access.resource_policy import ResourcePolicy
from parity.gateway.access.signature import check_signature
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.model.backends import Backends
from parity.gateway.model.definition import Method, RestApi, Stage
from parity.gateway.model.exchange import MethodRequest
from parity.gateway.model.quotas import MAX_METHOD_ARN_BYTES


def _no_authorizer(method: Method) -> GatewayResponseError:
    reason = f"There is no authorizer {method.authorizer_id!r}"
    return GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason)


class AuthorizerStage:
    """The authorization of one stage's methods. Answers are kept as long as each authorizer says.

    Args:
        api: the API that is served.
        stage: its stage.
        backends: what invokes authorizers' functions.
        policy: the API's resource policy, None without one.
        clock: the time in seconds since the epoch.
    """

    def __init__(
        self,
        api: RestApi,
        stage: Stage,
        backends: Backends,
        *,
        policy: ResourcePolicy | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._api = api
        self._policy = policy
        self._stage = stage
        self._clock = clock
        self._cognito_authorizers = {
            authorizer.id: CognitoAuthorizer(authorizer, api, stage, clock)
            for authorizer in api.authorizers.values()
            if authorizer.type == "COGNITO_USER_POOLS"
        }
        self._lambda_authorizers = {
            authorizer.id: LambdaAuthorizer(authorizer, api, stage, backends, clock)
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
            For a user pool it holds `claims`.

        Raises:
            GatewayResponseError: the caller may not, or the authorizer failed.
        """
        if method.authorization != "NONE":
            self._check_arn(request)
        decision = None if self._policy is None else self._policy.decide(request)
        if method.authorization == "CUSTOM":
            self._refuse(request, decision, Decision.EXPLICIT_DENY)
            authorizer = self._lambda_authorizers.get(method.authorizer_id or "")
            if authorizer is None:
                raise _no_authorizer(method)
            return await authorizer.authorize(request, allowed=decision is Decision.ALLOW)
        if method.authorization == "COGNITO_USER_POOLS":
            cognito = self._cognito_authorizers.get(method.authorizer_id or "")
            if cognito is None:
                raise _no_authorizer(method)
            claims = cognito.authorize(method, request)
            self._refuse(request, decision, Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY)
            return claims
        if method.authorization == "AWS_IAM":
            check_signature(request, self._api, self._clock())
            self._refuse(request, decision, Decision.EXPLICIT_DENY)
        else:
            self._refuse(request, decision, Decision.EXPLICIT_DENY, Decision.IMPLICIT_DENY)
        return {}

    def _check_arn(self, request: MethodRequest) -> None:
        """Refuses a path that is too long for authorization.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
        """
        size = len(method_arn(self._api, self._stage, request).encode())
        if size > MAX_METHOD_ARN_BYTES:
            reason = f"The method's ARN has {size} bytes, more than {MAX_METHOD_ARN_BYTES}"
            raise GatewayResponseError("DEFAULT_4XX", "Request URI too long", reason, status=414)

    def _refuse(self, request: MethodRequest, decision: Decision | None, *refused: Decision) -> None:
        if self._policy is not None and decision in refused:
            raise self._policy.refusal(request, decision)
