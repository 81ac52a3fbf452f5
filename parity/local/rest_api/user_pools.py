"""The Cognito user pools of a program, and the tokens that they issue locally.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
"""

import json
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from parity.gateway.gateway import Gateway
from parity.gateway.model.definition import RestApi, Stage, UserPool
from parity.gateway.model.exchange import Exchange, MethodResponse, Request
from parity.local.program.resource_index import ResourceIndex, text

USER_POOL: Final = "aws:cognito/userPool:UserPool"
USER_POOL_CLIENT: Final = "aws:cognito/userPoolClient:UserPoolClient"
RESOURCE_SERVER: Final = "aws:cognito/resourceServer:ResourceServer"
USER_POOL_TYPES: Final = frozenset({USER_POOL, USER_POOL_CLIENT, RESOURCE_SERVER})
"""The types of resources that local user pools are made from."""

JWKS_PATH: Final = "/.well-known/jwks.json"

TokenUse = Literal["id", "access"]


def user_pools(resource_index: ResourceIndex) -> dict[str, UserPool]:
    """The user pools of a program by ARN, with their app clients."""
    clients = resource_index.grouped(USER_POOL_CLIENT, "userPoolId")
    return {
        text(record.outputs, "arn"): UserPool(
            id=record.id,
            arn=text(record.outputs, "arn"),
            issuer=f"https://{text(record.outputs, 'endpoint')}",
            client_ids=tuple(client.id for client in clients.get((record.id,), ())),
            declared_by=record.declared_by,
        )
        for record in resource_index.of_type(USER_POOL)
    }


def token_claims(
    pool: UserPool,
    client_id: str,
    use: TokenUse,
    *,
    username: str = "user",
    scopes: Iterable[str] = (),
    expires_in_seconds: float = 3600,
    more: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The claims of a token as Cognito issues it.

    Args:
        pool: the user pool.
        client_id: the app client: `aud` of an identity token, `client_id` of an access token.
        use: which of the two it is, `token_use`.
        username: the user's name; `sub` is made from it.
        scopes: the scopes of an access token.
        expires_in_seconds: how long it is valid, in seconds; a negative number for one that has expired.
        more: claims that are added, or take the place of others; one that is None is left out.
    """
    now = int(time.time())
    subject = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{pool.issuer}/{username}"))
    claims: dict[str, Any] = {"sub": subject, "iss": pool.issuer, "token_use": use, "auth_time": now, "iat": now}
    claims |= {"exp": now + int(expires_in_seconds), "jti": str(uuid.uuid4()), "origin_jti": str(uuid.uuid4())}
    if use == "id":
        claims |= {"aud": client_id, "cognito:username": username, "event_id": str(uuid.uuid4())}
    else:
        scope = " ".join(scopes) or "aws.cognito.signin.user.admin"
        claims |= {"client_id": client_id, "username": username, "scope": scope, "version": 2}
    return {name: value for name, value in {**claims, **(more or {})}.items() if value is not None}


class UserPoolEndpoint(Gateway):
    """Answers `/.well-known/jwks.json` with the keys of a user pool, in place of Cognito at the pool's issuer.

    Args:
        pool: the user pool.
    """

    def __init__(self, pool: UserPool) -> None:
        self.api = RestApi(id=pool.id, name=pool.id)
        self.stage = Stage(name=pool.id)
        self._pool = pool

    async def handle(self, request: Request) -> Exchange:
        """Answers a request; see `Gateway.handle`."""
        from parity.gateway.access.user_pool_keys import jwks

        exchange = Exchange(request=request, request_id=str(uuid.uuid4()))
        is_known = request.method in ("GET", "HEAD") and request.path == JWKS_PATH
        answer = jwks(self._pool.id) if is_known else {"message": "Not Found"}
        exchange.response = MethodResponse(
            status=200 if is_known else 404,
            headers=(("Content-Type", "application/json"),),
            body=json.dumps(answer).encode(),
        )
        return exchange

    async def aclose(self) -> None:
        """Does nothing: there is nothing under way."""
