"""The arguments that say which API is meant, for every command that sends requests to one."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from parity.cli.program import DEFAULT_STACK, add_config_argument, add_program_argument, program_of
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.target import Target

UNTHROTTLED = {"parity:throttlingRate": "10000", "parity:throttlingBurst": "5000"}
"""The stage's limits locally, as high as they go, for commands that send more than it usually lets through."""


def add_target_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds PROGRAM, --stack, --url, --local, --config and --container."""
    add_program_argument(parser)
    which = parser.add_argument_group("which API")
    which.add_argument("--stack", metavar="NAME", help="the API of the deployed stack NAME")
    which.add_argument("--url", help="the deployed API at this stage URL")
    which.add_argument(
        "--local", action="store_true", help="with --stack: run locally, with that stack's configuration"
    )
    add_config_argument(which, "a configuration value (repeatable); for a deployed API: what it was deployed with")
    which.add_argument(
        "--container", choices=("process", "docker"), default="process", help="how images are run locally"
    )


def is_deployed(options: argparse.Namespace) -> bool:
    """Whether the arguments name a deployed API."""
    return bool(options.url or (options.stack and not options.local))


@contextmanager
def target_of(
    options: argparse.Namespace, config: dict[str, str], show: Callable[[str], None] | None = None
) -> "Iterator[Target]":
    """The API that the arguments name, for as long as the context lasts.

    Args:
        options: the arguments of `add_target_arguments`.
        config: the values of `--config`.
        show: told in a few words what is being done.

    Raises:
        UserError: the arguments contradict each other, or the API cannot be found or run.
    """
    from parity.compare.target import local_target, stack_target, url_target

    if options.url and (options.stack or options.local):
        raise UserError("--url names a deployed API; leave out --stack and --local", status=2)
    if options.url:
        yield url_target(options.url, config)
        return
    program = program_of(options.program)
    if options.stack and not options.local:
        yield stack_target(program, options.stack, config)
        return
    stack = options.stack or DEFAULT_STACK
    with local_target(program, stack=stack, config=config, container=options.container, on_progress=show) as target:
        yield target
