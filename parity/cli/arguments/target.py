"""The arguments that say which API is meant, for every command that sends requests to one."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from parity.cli.arguments.pair import add_pair_arguments, named_pair, pair_request
from parity.cli.arguments.program import add_run_arguments, config_of, program_of, run_options, stack_of
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.pair.pair_file import NamedPair
    from parity.compare.target import Target

UNTHROTTLED = {"parity:throttlingRate": "10000", "parity:throttlingBurst": "5000"}
"""The stage's limits when it runs locally, as high as they go, for commands that send more than it usually lets
through."""


def add_target_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of a program that is run locally, `--deployed` and `--url` for an API on AWS, and those of
    two routes that are compared.
    """
    add_run_arguments(parser)
    add_pair_arguments(parser)
    which = parser.add_argument_group("an API on AWS")
    which.add_argument(
        "--deployed",
        action="store_true",
        help="the API of the deployed stack --stack, found by 'pulumi stack output --json', in place of a local one",
    )
    which.add_argument(
        "--url", help="the deployed API at this stage URL; --config says what it was deployed with, if not the default"
    )
    which.add_argument("--local", action="store_true", help=argparse.SUPPRESS)  # the default


def is_deployed(options: argparse.Namespace) -> bool:
    """Whether the arguments name a deployed API."""
    return bool(options.url or options.deployed)


@contextmanager
def target_of(
    options: argparse.Namespace,
    config: Mapping[str, str] | None = None,
    show: Callable[[str], None] | None = None,
) -> "Iterator[Target]":
    """The API that the arguments name, for as long as the context lasts.

    Args:
        options: the arguments of `add_target_arguments`.
        config: configuration values in place of those of `--config`.
        show: called with a few words on what is being done.

    Raises:
        UserError: the arguments contradict each other, or the API cannot be found or run.
    """
    from parity.compare.target import local_target, stack_target, url_target

    values = dict(config_of(options) if config is None else config)
    if options.local and is_deployed(options):
        raise UserError("--local runs the program locally; leave out --url and --deployed", status=2)
    if options.url and (options.stack or options.deployed):
        raise UserError("--url names a deployed API; leave out --stack and --deployed", status=2)
    named = named_pair_of(options)
    if named is not None:
        with _pair_target(options, values, named, show) as target:
            yield target
        return
    if options.url:
        yield url_target(options.url, values)
        return
    program = program_of(options)
    if options.deployed:
        yield stack_target(program, stack_of(options), values)
        return
    with local_target(program, on_progress=show, **{**run_options(options), "config": values}) as target:
        yield target


def named_pair_of(options: argparse.Namespace) -> "NamedPair | None":
    """The two routes that are compared, None for this project's own integrations.

    Raises:
        UserError: the arguments, or the file of pairs, are wrong.
    """
    return named_pair(options, None if options.url and options.program is None else program_of(options))


@contextmanager
def _pair_target(
    options: argparse.Namespace,
    config: Mapping[str, str],
    named: "NamedPair",
    show: Callable[[str], None] | None,
) -> "Iterator[Target]":
    from parity.compare.pair.finding import Defaults, pair_target

    defaults = Defaults(
        program=None if options.url and options.program is None else program_of(options),
        run={**run_options(options), "config": config},
        deployed=options.deployed,
        url=options.url or "",
        on_progress=show,
    )
    with pair_target(pair_request(options, named), defaults) as target:
        yield target
