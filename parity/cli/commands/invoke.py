"""Sends one request to each backend of a program, locally, and says what became of it: the answer, and why.

PATH is the path below the API's resource: /path1/path2 goes to /lambda/path1/path2 and to /http/path1/path2. A path
that begins with a resource of the API is taken as it is, so that it works with any program. -v prints the trace too:
what each stage of API Gateway's lifecycle made of the request. Credentials are shown as [redacted].
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from parity.cli.arguments.pair import headers_of
from parity.cli.arguments.program import add_run_arguments, program_of, run_options
from parity.cli.arguments.request import add_request_arguments, body_of, query_of
from parity.errors import UserError
from parity.terminal import printable, safe_json

if TYPE_CHECKING:
    from parity.gateway.gateway import Gateway
    from parity.gateway.model.exchange import Exchange, Request
    from parity.local import Session

EXAMPLES = """\
examples:
  parity invoke GET '/a?b=c'                                    both backends
  parity invoke POST /a --body '{"k": 1}' -H 'x-a: 1'           with a body and a header
  parity invoke GET /lambda/status/404 --json                   one backend, for machines"""
RESOURCES = ("lambda", "http")
_PATH_SAFE = "/-._~!$&'()*+,;=:@%"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("method", metavar="METHOD", help="the HTTP method")
    parser.add_argument("path", metavar="PATH", help="the path, perhaps with a query string")
    add_run_arguments(parser)
    add_request_arguments(parser)
    parser.add_argument("--resource", choices=RESOURCES, help="send it to this resource only")
    parser.add_argument("-v", "--verbose", action="store_true", help="print the trace too, stage by stage")
    parser.add_argument("--json", action="store_true", help="print the traces as JSON")


def run(options: argparse.Namespace) -> int:
    """Sends the request and prints what became of it.

    Returns:
        0 when every request was answered, and 1 when one failed: its status is 400 or above, a backend behind an
        answer of 200 failed, or a template's output is not what its content type says.

    Raises:
        UserError: an argument, the program or its configuration is wrong.
    """
    request = _Request.parse(options)
    program = program_of(options)
    import uvloop

    from parity.compare.redaction import Redactor, secrets_in

    exchanges = uvloop.run(_invoke(program, run_options(options), request, options.resource))
    from parity.cli.output.trace_output import is_failure, print_exchange

    failed = any(is_failure(exchange) for exchange in exchanges)
    exchanges = Redactor(secrets_in(request.headers)).value(exchanges)
    if options.json:
        from parity.gateway.logs.trace import exchange_to_json

        traces = [exchange_to_json(exchange) for exchange in exchanges]
        print(safe_json(json.dumps(traces, indent=2, ensure_ascii=False)))
    else:
        from parity.compare.diagnosis.template_files import TemplateFiles

        files = TemplateFiles(program if program.is_dir() else program.parent)
        for exchange in exchanges:
            print_exchange(exchange, sys.stdout, files, trace=options.verbose)
    return 1 if failed else 0


class _Request:
    """The request that the arguments describe, before it is known where it goes."""

    def __init__(self, method: str, path: str, query: str, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body

    @classmethod
    def parse(cls, options: argparse.Namespace) -> "_Request":
        """Reads the arguments.

        Raises:
            UserError: a header or parameter has not its form, or the body's file cannot be read.
        """
        path, _, query = options.path.partition("?")
        query = "&".join(part for part in (query, urlencode(query_of(options))) if part)
        headers = headers_of(options.header)
        if not re.fullmatch(r"[A-Za-z]+", options.method):
            raise UserError(
                f"{options.method} is not an HTTP method; usage: parity invoke METHOD PATH, e.g. parity invoke GET /a",
                status=2,
            )
        path = quote(path if path.startswith("/") else "/" + path, safe=_PATH_SAFE)
        return cls(options.method.upper(), path, query, headers, body_of(options.body))

    def to(self, path: str, host: str) -> "Request":
        """The request to a path of an API."""
        import time

        from parity.gateway.model.exchange import Request

        named = {name.lower() for name, _ in self.headers}
        defaults = (("Host", host), ("User-Agent", "parity-invoke"), ("Accept", "*/*"))
        return Request(
            method=self.method,
            path=path,
            query_string=self.query,
            headers=(*(field for field in defaults if field[0].lower() not in named), *self.headers),
            body=self.body,
            time=time.time(),
        )


async def _invoke(program: Path, run: dict[str, Any], request: _Request, resource: str | None) -> "list[Exchange]":
    from parity.local import open_session

    async with open_session(program, **run) as session:
        exchanges = []
        for gateway, path, host in _destinations(session, request, resource):
            exchanges.append(await gateway.handle(request.to(path, host)))
        for backend in session.backends:
            if backend.unavailable:
                print(printable(f"not available: {backend.unavailable}"), file=sys.stderr)
        if any(_found_no_route(exchange) for exchange in exchanges):
            print(printable(_routes_text(session, request)), file=sys.stderr)
        return exchanges


def _found_no_route(exchange: "Exchange") -> bool:
    ended = exchange.gateway_response
    return ended is not None and ended.response_type == "MISSING_AUTHENTICATION_TOKEN" and not exchange.method_request


def _routes_text(session: "Session", request: _Request) -> str:
    """The routes that there are, and the one that was probably meant."""
    from parity.compare.pair.finding import MOST_ROUTES, routes_of

    routes, wanted = routes_of(session), f"{request.method} {request.path}"
    close = get_close_matches(wanted, routes, n=1, cutoff=0.6)
    meant = f" Did you mean {close[0]}?" if close else ""
    more = [f"  and {len(routes) - MOST_ROUTES} more ('parity serve' lists them)"] if len(routes) > MOST_ROUTES else []
    return "\n".join(
        [f"there is no {wanted}.{meant} There are:", *(f"  {each}" for each in routes[:MOST_ROUTES]), *more]
    )


def _destinations(session: "Session", request: _Request, resource: str | None) -> "Sequence[tuple[Gateway, str, str]]":
    """The gateways that get the request, each with the path and the host by which it is called.

    Raises:
        UserError: the program has no such resource.
    """
    segments: list[str] = []
    for api in session.apis:
        for gateway in api.gateways.values():
            first = {declared.path.strip("/").partition("/")[0] for declared in gateway.api.resources}
            segments.extend(sorted(first - {""}))
            host = api.origin.partition("://")[2]
            wanted = [name for name in ((resource,) if resource else RESOURCES) if name in first]
            if request.path.strip("/").partition("/")[0] in first or (not wanted and resource is None):
                return [(gateway, request.path, host)]
            if wanted:
                return [(gateway, f"/{name}{request.path}", host) for name in wanted]
    if not session.apis:
        raise UserError("the program declares no REST API with a stage; add an aws.apigateway.Stage")
    raise UserError(f"no resource /{resource}; the API has {', '.join('/' + name for name in segments) or 'none'}")
