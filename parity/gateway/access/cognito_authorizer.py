"""Cognito user pool authorizers: is this token one of the pool, is it current, and does it have a scope?

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
A method without authorization scopes takes an identity token, one with scopes an access token that has one of them.
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from parity.gateway.access.lambda_authorizer import IdentitySources
from parity.gateway.access.user_pool_keys import ALGORITHM, private_key
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError
from parity.gateway.model.definition import Authorizer, Method, RestApi, Stage, UserPool
from parity.gateway.model.exchange import MethodRequest
from parity.gateway.templates.context_map import ContextMap

_BEARER: Final = "bearer "
_DATES: Final = frozenset({"exp", "iat"})


class CognitoAuthorizer:
    """A COGNITO_USER_POOLS authorizer of one stage.

    Args:
        authorizer: the authorizer.
        api: the API, with the user pools of the program.
        stage: the stage.
        clock: the time in seconds since the epoch.
    """

    def __init__(self, authorizer: Authorizer, api: RestApi, stage: Stage, clock: Callable[[], float]) -> None:
        self._name = authorizer.name
        self._clock = clock
        self._sources = IdentitySources(authorizer, stage)
        self._pools = {
            pool.issuer: pool for arn in authorizer.provider_arns if (pool := api.user_pools.get(arn)) is not None
        }
        expression = authorizer.identity_validation_expression
        self._audience = JavaPattern(expression) if expression else None

    def authorize(self, method: Method, request: MethodRequest) -> Mapping[str, Any]:
        """Authorizes a request.

        Returns:
            `$context.authorizer`: the token's `claims`, as strings.

        Raises:
            GatewayResponseError: UNAUTHORIZED if the token does not authorize the caller;
                AUTHORIZER_CONFIGURATION_ERROR if the program declares none of the authorizer's pools.
        """
        identity = self._sources.values(request)
        if identity is None or not identity:
            raise _unauthorized("There is no token")
        if not self._pools:
            reason = f"The program declares no user pool of the authorizer {self._name}"
            raise GatewayResponseError("AUTHORIZER_CONFIGURATION_ERROR", None, reason)
        token = identity[0].strip()
        if token[: len(_BEARER)].lower() == _BEARER:
            token = token[len(_BEARER) :].strip()
        pool, claims = self._verified(token)
        self._check(pool, claims, method)
        return {"claims": ContextMap({name: _text(name, value) for name, value in claims.items()})}

    def _verified(self, token: str) -> tuple[UserPool, Mapping[str, Any]]:
        """The pool that issued a token, and the claims, if its signature is right."""
        import jwt

        unverified: dict[str, Any] = {"verify_signature": False}
        try:
            issuer = jwt.decode(token, options=unverified).get("iss")  # type: ignore[arg-type]
            pool = self._pools.get(str(issuer))
            if pool is None:
                raise _unauthorized(f"The token is issued by {issuer!r}, and by no user pool of the authorizer")
            checks: dict[str, Any] = {
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_aud": False,
            }
            claims = jwt.decode(
                token,
                private_key(pool.id).public_key(),
                algorithms=[ALGORITHM],
                options={**checks, "require": ["exp", "iss", "token_use"]},  # type: ignore[arg-type]
            )
        except jwt.InvalidTokenError as error:
            raise _unauthorized(f"The token is not valid: {error}") from None
        return pool, claims

    def _check(self, pool: UserPool, claims: Mapping[str, Any], method: Method) -> None:
        expires = claims["exp"]
        if not isinstance(expires, int | float) or expires <= self._clock():
            raise GatewayResponseError("UNAUTHORIZED", "The incoming token has expired", "The token has expired")
        wanted = "access" if method.authorization_scopes else "id"
        if claims["token_use"] != wanted:
            raise _unauthorized(f"The method takes a token of use {wanted}, and this is of use {claims['token_use']!r}")
        client = claims.get("aud" if wanted == "id" else "client_id")
        if pool.client_ids and client not in pool.client_ids:
            raise _unauthorized(f"The token is for {client!r}, which is no client of the user pool")
        if self._audience is not None and not self._takes(claims.get("aud")):
            raise _unauthorized("The token's aud does not match the validation expression")
        scopes = str(claims.get("scope", "")).split()
        if method.authorization_scopes and not any(scope in scopes for scope in method.authorization_scopes):
            raise _unauthorized(f"The token has none of the scopes {', '.join(method.authorization_scopes)}")

    def _takes(self, audience: object) -> bool:
        try:
            return self._audience is None or (isinstance(audience, str) and self._audience.fullmatch(audience))
        except JavaPatternError:
            return False


def _unauthorized(reason: str) -> GatewayResponseError:
    return GatewayResponseError("UNAUTHORIZED", "Unauthorized", reason)


def _text(name: str, value: object) -> str:
    """A claim as `$context.authorizer.claims` has it: lists joined by commas, times as Java's Date prints them."""
    if name in _DATES and isinstance(value, int | float):
        return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(value))
    if isinstance(value, list):
        return ",".join(_text("", item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
