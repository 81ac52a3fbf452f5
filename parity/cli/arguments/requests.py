"""The arguments that say which requests are sent."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.case import Case
    from parity.compare.pair.pair import Endpoint, Pair
    from parity.compare.pair.pair_file import NamedPair
    from parity.compare.target import Target
    from parity.gateway.model.definition import Method, RestApi

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

    path = _file_of(options, named) or (DEFAULT_CASES if named is None else None)
    return load_requests(path, only=options.only, for_pair=named is not None) if path is not None else None


def _file_of(options: argparse.Namespace, named: "NamedPair | None") -> Path | None:
    return options.cases or (named.cases if named is not None else None)


def source_of(options: argparse.Namespace, named: "NamedPair | None", target: "Target") -> str:
    """Where the requests come from, as words that follow "3 requests"; empty for this project's own cases.

    Args:
        options: the arguments.
        named: the two routes, None for this project's own integrations.
        target: the API, or the two routes.
    """
    file = _file_of(options, named)
    if file is not None:
        return f"of {file}"
    if target.pair is None:
        return ""
    if _are_proxies(target.pair):
        return "of the bundled cases"
    return f"made from the parameters and models of {_known(target.pair)[0].side}"


def _are_proxies(pair: "Pair") -> bool:
    return pair.left.path.endswith("{proxy+}") and pair.right.path.endswith("{proxy+}")


def _known(pair: "Pair") -> "tuple[Endpoint, Method, RestApi]":
    """The route whose declaration says which requests it takes, its method and its API.

    Raises:
        UserError: both are deployed.
    """
    for endpoint in (pair.left, pair.right):
        if endpoint.declared and endpoint.api:
            return endpoint, endpoint.declared, endpoint.api
    raise UserError("which requests? Nothing is known of the parameters of a deployed route: add --cases FILE")


def cases_for(
    options: argparse.Namespace, target: "Target", given: "tuple[Case, ...] | None"
) -> "tuple[tuple[Case, ...], tuple[Case, ...]]":
    """The requests that are for the target's routes, and those of the file that are for others.

    Args:
        options: the arguments.
        target: the API, or the two routes.
        given: what `read_cases` gave.

    Raises:
        UserError: there is none, or none that `--only` names.
    """
    from parity.compare.requests.case_file import DEFAULT_CASES, load_cases, named_like
    from parity.compare.requests.models import model_cases

    pair = target.pair
    if pair is None:
        return given or (), ()
    if given is None and _are_proxies(pair):
        given = load_cases(DEFAULT_CASES, only=options.only)
    if given is None:
        known, method, api = _known(pair)
        verb = known.method or (method.http_method if method.http_method != "ANY" else "GET")
        made = model_cases(known.path, verb, method, api.models)
        given = named_like(made, options.only, f"the requests for {known.side}")
    own, others = pair.select(given)
    if not own:
        sent = ", ".join(dict.fromkeys(f"{case.method} {case.path}" for case in others[:8]))
        raise UserError(
            f"no request is for {pair.left.side} or {pair.right.side}: {options.cases or 'the cases'} has {sent}"
        )
    return own, others
