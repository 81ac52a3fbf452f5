"""The arguments that name two routes: `--left` and `--right`, or a pair of a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.pair.finding import PairRequest
    from parity.compare.pair.pair_file import NamedPair

ROUTE = "'[METHOD] PATH [api=NAME] [stage=NAME] [stack=NAME] [program=FOLDER] [deployed]', or a URL"


def add_pair_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `--left`, `--right`, `--pair`, `--pairs`, `--ignore`, `--once` and `--header`."""
    group = parser.add_argument_group("two routes of your own (default: this project's /lambda and /http)")
    group.add_argument("--left", metavar="ROUTE", help=f"the route to compare with: {ROUTE}")
    group.add_argument("--right", metavar="ROUTE", help="the route that is compared with it")
    group.add_argument("--pair", metavar="NAME", help="a pair of routes that the file of pairs names")
    group.add_argument(
        "--pairs", type=Path, metavar="FILE", help="the file of pairs (default: parity.yaml beside Pulumi.yaml)"
    )
    group.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="RULE",
        help="a difference that does not count: status, 'header NAME', 'query NAME', body.items[*].id (repeatable)",
    )
    group.add_argument(
        "--once",
        action="store_true",
        help="send each request once; by default twice, to find what changes from one request to the next",
    )
    group.add_argument(
        "-H", "--header", action="append", default=[], metavar="'N: V'", help="a header for every request (repeatable)"
    )


def named_pair(options: argparse.Namespace, program: Path | None) -> "NamedPair | None":
    """The pair that the arguments name, or that the program's file has; None for this project's own integrations.

    Raises:
        UserError: only one route is named, the file is wrong, or it has no such pair.
    """
    from parity.compare.pair.pair_file import FILE_NAME, NamedPair, declared_pair, find_pair

    folder = program.parent if program is not None and program.is_file() else program
    file: Path | None = options.pairs or (folder / FILE_NAME if folder is not None else None)
    if options.left or options.right:
        if not (options.left and options.right):
            missing = "--right" if options.left else "--left"
            raise UserError(f"{missing} is missing; two routes are compared: --left ROUTE --right ROUTE", status=2)
        declared = declared_pair(file, options.left, options.right) if file is not None and file.is_file() else None
        return declared or NamedPair(name="", left=options.left, right=options.right)
    if file is not None and (options.pair or options.pairs or file.is_file()):
        return find_pair(file, options.pair)
    if options.pair:
        raise UserError("--pair names a pair of a file; name the file with --pairs", status=2)
    return None


def pair_request(options: argparse.Namespace, named: "NamedPair") -> "PairRequest":
    """How the pair is compared.

    Raises:
        UserError: a route, a rule or a header has not its form.
    """
    from parity.compare.pair.finding import PairRequest
    from parity.compare.pair.ignore import IgnoreRules
    from parity.compare.pair.route import parse_route

    label = f"pair {named.name}: " if named.name else "--"
    return PairRequest(
        left=parse_route(named.left, f"{label}left"),
        right=parse_route(named.right, f"{label}right"),
        ignore=IgnoreRules.parse([*named.ignore, *options.ignore]),
        twice=not (options.once or named.once),
        headers=headers_of(options.header),
    )


def headers_of(entries: list[str]) -> tuple[tuple[str, str], ...]:
    """The values of `--header`.

    Raises:
        UserError: one is not `Name: value`.
    """
    return tuple((name.strip(), value.strip()) for name, value in (pair_of(entry) for entry in entries))


def pair_of(entry: str, separator: str = ":", option: str = "--header", form: str = "'Name: value'") -> tuple[str, str]:
    """The name and the value of an argument.

    Raises:
        UserError: there is no separator, or no name.
    """
    name, found, value = entry.partition(separator)
    if not found or not name.strip():
        raise UserError(f"{option} {entry}: write {form}", status=2)
    return name, value
