"""Cognito user pool authorizers.

The source, unless a test names another: AWS's guide, "Control access to REST APIs using Amazon Cognito user pools".
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
import pytest

from parity.gateway.access.user_pool_keys import jwks, private_key, sign
from parity.gateway.checks.check import check
from parity.gateway.model.definition import Authorizer, RestApi, Stage, UserPool
from tests.gateway.support import Functions, answer, function, gateway, method, rest_api, send

ISSUED, EXPIRES = 1_000_000_000, 4_000_000_000
POOL = UserPool(
    id="us-east-1_Ab1",
    arn="arn:aws:cognito-idp:us-east-1:1:userpool/us-east-1_Ab1",
    issuer="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Ab1",
    client_ids=("client1", "client2"),
)
ID = {"sub": "1", "iss": POOL.issuer, "aud": "client1", "token_use": "id", "exp": EXPIRES, "iat": ISSUED}
ACCESS = {"sub": "1", "iss": POOL.issuer, "client_id": "client1", "token_use": "access", "exp": EXPIRES}
READ = {**ACCESS, "scope": "openid pets/read"}


@pytest.fixture(autouse=True, scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A cache folder for the keys of this module's pools."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


def api(scopes: tuple[str, ...] = (), template: str = "{}", **settings: Any) -> RestApi:
    authorizer = Authorizer(
        **{"id": "a", "name": "door", "type": "COGNITO_USER_POOLS", "provider_arns": (POOL.arn,), **settings}
    )
    guarded = method(
        function(request_templates={"application/json": template}),
        "GET",
        authorization="COGNITO_USER_POOLS",
        authorizer_id="a",
        authorization_scopes=scopes,
    )
    return rest_api({"/": {"GET": guarded}}, authorizers={"a": authorizer}, user_pools={POOL.arn: POOL})


async def status(claims: dict[str, Any] | str, served: RestApi | None = None, *, prefix: str = "") -> tuple[int, str]:
    token = claims if isinstance(claims, str) else sign(POOL.id, claims)
    got = answer(await send(gateway(served or api()), headers={"Authorization": prefix + token}))
    return got[0], got[2]


@pytest.mark.parametrize("prefix", ["", "Bearer "])
async def test_an_identity_token_of_the_pool_is_taken(prefix: str) -> None:
    assert (await status(ID, prefix=prefix))[0] == 200


@pytest.mark.parametrize(
    "claims",
    [
        {**ID, "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Other"},
        {**ID, "aud": "stranger"},
        {name: value for name, value in ID.items() if name != "token_use"},
        READ,
        "no.token.atall",
        "Basic abc",
    ],
)
async def test_any_other_token_is_unauthorized(claims: dict[str, Any] | str) -> None:
    assert await status(claims) == (401, '{"message":"Unauthorized"}')


async def test_an_expired_token_is_unauthorized() -> None:
    assert await status({**ID, "exp": ISSUED}) == (401, '{"message":"The incoming token has expired"}')


async def test_a_request_without_a_token_is_unauthorized() -> None:
    exchange = await send(gateway(api()))
    assert answer(exchange)[0::2] == (401, '{"message":"Unauthorized"}')
    assert exchange.gateway_response is not None
    assert exchange.gateway_response.response_type == "UNAUTHORIZED"


async def test_a_token_of_another_key_is_unauthorized() -> None:
    forged = jwt.encode(ID, private_key("us-east-1_Other"), "RS256")
    assert (await status(forged))[0] == 401
    unsigned = jwt.encode(ID, "", "none")
    assert (await status(unsigned))[0] == 401


async def test_scopes_need_an_access_token_that_has_one_of_them() -> None:
    scoped = api(("pets/read", "pets/write"))
    assert (await status(READ, scoped))[0] == 200
    assert (await status({**READ, "scope": "openid"}, scoped))[0] == 401
    assert (await status({**ID, "scope": "pets/read"}, scoped))[0] == 401


async def test_the_validation_expression_is_javas_and_for_the_audience() -> None:
    letters = api(identity_validation_expression=r"\p{Alnum}+1")
    assert (await status(ID, letters))[0] == 200
    assert (await status({**ID, "aud": "client2"}, letters))[0] == 401
    scoped = api(("pets/read",), identity_validation_expression=r"\p{Alnum}+1")
    assert (await status(READ, scoped))[0] == 401, "an access token has no aud"


async def test_the_identity_source_names_the_header() -> None:
    served = gateway(api(identity_source="method.request.header.X-Token"))
    assert answer(await send(served, headers={"X-Token": sign(POOL.id, ID)}))[0] == 200
    assert answer(await send(served, headers={"Authorization": sign(POOL.id, ID)}))[0] == 401


async def test_claims_are_strings_in_the_context() -> None:
    """Their forms are those of published proxy events; `$context.authorizer.claims` itself is null."""
    more = {"email_verified": True, "auth_time": ISSUED, "cognito:groups": ["a", "b"], "address": {"city": "x"}}
    template = """{"sub": "$context.authorizer.claims.sub", "groups": "$context.authorizer.claims['cognito:groups']",
 "verified": "$context.authorizer.claims.email_verified", "time": "$context.authorizer.claims.auth_time",
 "exp": "$context.authorizer.claims.exp", "none": "$context.authorizer.claims.none",
 "address": $context.authorizer.claims.address, "all": "$context.authorizer.claims"}"""
    functions = Functions()
    served = gateway(api(template=template), functions)
    exchange = await send(served, headers={"Authorization": sign(POOL.id, {**ID, **more})})
    assert answer(exchange)[0] == 200
    assert functions.events == [
        {
            "sub": "1",
            "groups": "a,b",
            "verified": "true",
            "time": str(ISSUED),
            "exp": "Tue Oct 02 07:06:40 UTC 2096",
            "none": "",
            "address": {"city": "x"},
            "all": "",
        }
    ]


async def test_a_pool_that_the_program_does_not_declare_is_a_500_and_reported() -> None:
    elsewhere = api(provider_arns=("arn:aws:cognito-idp:us-east-1:1:userpool/us-east-1_Else",))
    assert (await status(ID, elsewhere))[0] == 500
    (problem,) = check(elsewhere, Stage(name="dev"))
    assert "declares no user pool of the authorizer door" in problem.what
    assert check(api(), Stage(name="dev")) == []


def test_the_key_set_verifies_what_is_signed() -> None:
    """As a backend would: AWS's guide, "Verifying JSON web tokens"."""
    (key,) = jwt.PyJWKSet.from_dict(jwks(POOL.id)).keys
    claims = jwt.decode(sign(POOL.id, ID), key, algorithms=["RS256"], audience="client1", options={"verify_exp": False})
    assert claims == ID


def test_a_key_is_kept_for_its_owner_alone(keys: Path) -> None:
    sign(POOL.id, ID)
    kept = keys / "parity" / "user-pools" / f"{POOL.id}.pem"
    assert kept.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="is not the id of a user pool"):
        private_key("../x")


@pytest.mark.parametrize(
    ("resource", "claims", "expected"),
    [
        ("execute-api:/*", ID, 200),
        ("execute-api:/dev/POST/*", ID, 403),
        ("execute-api:/dev/POST/*", {**ID, "aud": "stranger"}, 401),
    ],
)
async def test_the_resource_policy_must_allow_who_has_signed_in(
    resource: str, claims: dict[str, Any], expected: int
) -> None:
    """AWS's guide, "Amazon Cognito authentication and resource policy": after it, an explicit allow is required."""
    statement = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource}
    served = replace(api(), policy=json.dumps({"Statement": [statement]}))
    assert (await status(claims, served))[0] == expected
