"""The arguments that say which requests are sent."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.case import Case
    from parity.compare.pair.pair_file import NamedPair
    from parity.compare.target import Target

CASES_HELP = (
    "requests: a case file, a recording, a HAR, an access log or an OpenAPI document (default: the bundled cases; "
    "for two routes of your own, requests made from their parameters and models)"
)


def add_request_arguments(parser: argparse.ArgumentParser, *, default_only: str = "") -> None:
    """Adds `--cases` and `--only`.

    Args:
        parser: the command's parser.
        default_only: the name of the only case that is sent when `--only` is not given, for the help.
    """
    group = parser.add_argument_group("which requests")
    group.add_argument("--cases", type=Path, metavar="FILE", help=CASES_HELP)
    default = f" (default: {default_only})" if default_only else ""
    group.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help=f"only cases whose name contains NAME (repeatable){default}",
    )


def read_cases(options: argparse.Namespace, named: "NamedPair | None") -> "tuple[Case, ...] | None":
    """The requests of the file that the arguments, or the pair, name.

    Args:
        options: the arguments.
        named: the two routes, None for this project's own integrations.

    Returns:
        The requests; None where they are made from the routes' declarations, once these are known.

    Raises:
        CaseFileError: the file is wrong.
    """
    from parity.compare.requests.case_file import DEFAULT_CASES
    from parity.compare.requests.sources import load_requests

    path = options.cases or (named.cases if named is not None else DEFAULT_CASES)
    return load_requests(path, only=options.only, for_pair=named is not None) if path is not None else None


def cases_for(
    options: argparse.Namespace, target: "Target", given: "tuple[Case, ...] | None"
) -> "tuple[tuple[Case, ...], tuple[Case, ...]]":
    """The requests that are for the target's routes, and those of the file that are for others.

    Args:
        options: the arguments.
        target: the API, or the two routes.
        given: what `read_cases` gave.

    Raises:
        UserError: there is none.
    """
    from parity.compare.requests.case_file import DEFAULT_CASES, load_cases
    from parity.compare.requests.models import model_cases

    pair = target.pair
    if pair is None:
        return given or (), ()
    if given is None and pair.left.path.endswith("{proxy+}") and pair.right.path.endswith("{proxy+}"):
        given = load_cases(DEFAULT_CASES, only=options.only)
    if given is None:
        known = next((each for each in (pair.left, pair.right) if each.declared and each.api), None)
        if known is None or known.declared is None or known.api is None:
            raise UserError("which requests? Nothing is known of the parameters of a deployed route: add --cases FILE")
        declared = known.declared.http_method
        verb = known.method or (declared if declared != "ANY" else "GET")
        given = model_cases(known.path, verb, known.declared, known.api.models)
    own, others = pair.select(given)
    if not own:
        sent = ", ".join(dict.fromkeys(f"{case.method} {case.path}" for case in others[:8]))
        raise UserError(
            f"no request is for {pair.left.side} or {pair.right.side}: {options.cases or 'the cases'} has {sent}"
        )
    return own, others
