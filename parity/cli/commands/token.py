"""Makes a token of a Cognito user pool of the program, for a request to a method with a COGNITO_USER_POOLS authorizer.

The token is signed with the pool's local key: `parity serve` accepts it, AWS does not. A method without authorization
scopes takes an identity token, one with scopes an access token that has one of them.

  curl -H "Authorization: $(parity token --claim email=ada@example.com)" http://127.0.0.1:8000/dev/pets
  parity token --use access --scope pets/read --username ada
  parity token --expires-in -60
"""

import argparse
import asyncio
import json
from typing import TYPE_CHECKING, Any

from parity.cli.arguments.program import add_program_arguments, config_of, program_of, stack_of
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.gateway.model.definition import UserPool

DEFAULT_SECONDS = 3600
NO_CLIENT = "1example23456789"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity token`."""
    add_program_arguments(parser)
    parser.add_argument("--pool", metavar="NAME", help="the user pool's name or id (default: the only one)")
    parser.add_argument("--client", metavar="ID", help="the app client's id (default: the pool's first)")
    parser.add_argument("--use", choices=("id", "access"), default="id", help="the kind of token (default: id)")
    parser.add_argument("--username", default="user", metavar="NAME", help="the user's name (default: user)")
    parser.add_argument(
        "--scope", action="append", default=[], metavar="SCOPE", help="a scope of an access token; repeatable"
    )
    parser.add_argument(
        "--claim",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a claim, as JSON or else as text; null leaves one out; repeatable",
    )
    parser.add_argument(
        "--expires-in",
        type=float,
        default=DEFAULT_SECONDS,
        metavar="SECONDS",
        help=f"how long it is valid, in seconds; negative for an expired one (default: {DEFAULT_SECONDS})",
    )


def run(options: argparse.Namespace) -> int:
    """Prints the token.

    Returns:
        0.

    Raises:
        UserError: the program has no user pool, or several and none was named; or an argument cannot be used.
    """
    from parity.gateway.access.user_pool_keys import sign
    from parity.local.rest_api.user_pools import token_claims

    pool = _chosen(asyncio.run(_pools(options)), options.pool)
    client = options.client or next(iter(pool.client_ids), NO_CLIENT)
    claims = token_claims(
        pool,
        client,
        options.use,
        username=options.username,
        scopes=options.scope,
        expires_in_seconds=options.expires_in,
        more=dict(_claim(entry) for entry in options.claim),
    )
    try:
        print(sign(pool.id, claims))
    except OSError as error:
        raise UserError(f"the key of the user pool cannot be kept: {error}; set XDG_CACHE_HOME") from error
    return 0


async def _pools(options: argparse.Namespace) -> "dict[str, UserPool]":
    """The program's user pools by name."""
    from parity.local.declared import declared
    from parity.local.program.resource_index import ResourceIndex, text
    from parity.local.rest_api.user_pools import USER_POOL, user_pools

    program = await declared(
        program_of(options), stack=stack_of(options), config=config_of(options), answers=options.answers
    )
    resource_index = ResourceIndex(program.resources)
    by_arn = user_pools(resource_index)
    return {
        text(record.outputs, "name"): by_arn[text(record.outputs, "arn")]
        for record in resource_index.of_type(USER_POOL)
    }


def _chosen(pools: "dict[str, UserPool]", wanted: str | None) -> "UserPool":
    found = [pool for name, pool in pools.items() if wanted in (None, name, pool.id)]
    if len(found) == 1:
        return found[0]
    if not pools:
        raise UserError("the program declares no aws.cognito.UserPool", status=2)
    known = ", ".join(f"{name} ({pool.id})" for name, pool in pools.items())
    problem = "there is no such user pool" if wanted else "the program has several user pools: choose one with --pool"
    raise UserError(f"{problem}; it declares {known}", status=2)


def _claim(entry: str) -> tuple[str, Any]:
    name, equals, value = entry.partition("=")
    if not equals or not name:
        raise UserError(f"--claim {entry}: write NAME=VALUE", status=2)
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
