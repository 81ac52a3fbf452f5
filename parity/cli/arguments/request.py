"""The arguments that describe one request, the same for `invoke` and `render`."""

import argparse
import re
from pathlib import Path

from parity.cli.arguments.pair import pair_of
from parity.errors import UserError

_FILE_NAME = re.compile(r"[^\s{}\[\]\"<>=&]*(?:/[^\s{}\[\]\"<>=&]+|\.(?:json|xml|txt|ya?ml|csv|form|bin))")
"""What names a file rather than being a body: a path, or a name with an ending that bodies have."""


def add_request_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `--header`, `--query` and `--body`."""
    group = parser.add_argument_group("request")
    group.add_argument("-H", "--header", action="append", default=[], metavar="'N: V'", help="a header (repeatable)")
    group.add_argument(
        "--query", action="append", default=[], metavar="N=V", help="a query string parameter, not encoded (repeatable)"
    )
    group.add_argument(
        "--body", default="", metavar="TEXT|@FILE", help="the body; @FILE, or the name of a file, sends what is in it"
    )


def query_of(options: argparse.Namespace) -> list[tuple[str, str]]:
    """The values of `--query`.

    Raises:
        UserError: one is not `NAME=VALUE`.
    """
    return [pair_of(entry, "=", "--query", "NAME=VALUE") for entry in options.query]


def body_of(argument: str) -> bytes:
    """The body that `--body` gives: of `@FILE`, and of a file of that name, what is in it; else the text itself.

    Raises:
        UserError: the file cannot be read, or the text is the name of a file that does not exist.
    """
    name = argument.removeprefix("@")
    if not argument.startswith("@") and not _names_file(argument):
        return argument.encode()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UserError(f"--body {argument}: {error.strerror}; name a file that can be read", status=2) from error


def _names_file(text: str) -> bool:
    try:
        exists = bool(text) and Path(text).is_file()
    except (OSError, ValueError):
        exists = False
    return exists or _FILE_NAME.fullmatch(text) is not None
