"""Checks a deployed stack, after `pulumi up`: each route, the error mapping, the logs, the VPC link and its targets.

Each failure is printed with its cause and its fix. The routes are checked by requests alone; the rest is asked of AWS
with the credentials of the environment, and is skipped, saying so, where there are none.

examples:
  parity doctor                                      the stack dev
  parity doctor --stack prod                         another one
  parity doctor --url https://….amazonaws.com/prod   the API at a URL; --config authorization=iam signs
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from parity.cli.arguments.program import add_program_arguments, config_of, program_of, stack_of
from parity.errors import UserError
from parity.terminal import printable, safe_json

if TYPE_CHECKING:
    from parity.compare.target import Target
    from parity.doctor import Check

SIGNS = {"passed": "✓", "failed": "✗", "skipped": "–"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    add_program_arguments(parser)
    parser.add_argument("--url", help="check the API at this stage URL, in place of that of a stack")
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")


def run(options: argparse.Namespace) -> int:
    """Prints each check.

    Returns:
        0 when none failed, else 1.

    Raises:
        UserError: the stack or its API is not found.
    """
    from parity.doctor import Outcome, check_routes

    target = _target(options)
    started_ms = int(time.time() * 1000)
    checks = [*check_routes(target), *_surroundings(target, started_ms)]
    if options.json:
        print(safe_json(json.dumps([asdict(check) for check in checks], ensure_ascii=False, indent=2)))
    else:
        _print(target.description, checks)
    return int(any(check.outcome is Outcome.FAILED for check in checks))


def _target(options: argparse.Namespace) -> "Target":
    from parity.compare.settings import DOCTOR
    from parity.compare.target import stack_target, url_target

    config: Mapping[str, str] = config_of(options)
    if options.url and options.stack:
        raise UserError("--url names a deployed API; leave out --stack", status=2)
    if options.url:
        return url_target(options.url, config, DOCTOR)
    return stack_target(program_of(options, needs_stack_file=False), stack_of(options), config, DOCTOR)


def _surroundings(target: "Target", started_ms: int) -> "Sequence[Check]":
    from parity.compare.authorization import region_of
    from parity.doctor import DeployedApi, check_surroundings
    from parity.doctor.check import skipped
    from parity.doctor.deployed_api import boto3_clients

    outputs: Mapping[str, Any] = target.outputs
    url = str(outputs.get("url") or next(iter(target.urls.values())))
    region, stage = region_of(url), urlsplit(url).path.strip("/").partition("/")[0]
    if not region:
        return [skipped("logs, VPC link", f"{url} is not an address of API Gateway's", "give the stage's invoke URL")]
    api_id = (urlsplit(url).hostname or "").partition(".")[0]
    try:
        clients = boto3_clients(region)
    except UserError as error:
        return [skipped("logs, VPC link", "AWS was not asked", str(error))]
    return check_surroundings(DeployedApi(api_id, stage, clients), started_ms)


def _print(description: str, checks: "Sequence[Check]") -> None:
    print(f"{printable(description)}\n")
    for check in checks:
        print(printable(f"{SIGNS[check.outcome]} {check.name}: {check.found}"))
        for word, text in (("cause", check.cause), ("fix", check.fix)):
            if text:
                print(printable(f"    {word}: {text}"))
    counted = {outcome: sum(check.outcome == outcome for check in checks) for outcome in SIGNS}
    print("\n" + ", ".join(f"{number} {outcome}" for outcome, number in counted.items() if number))
