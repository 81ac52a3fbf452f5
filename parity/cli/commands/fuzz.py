"""Searches for the request that breaks a mapping template before a customer sends it.

Requests of every kind that a client can send are generated (methods, paths, names and values of query strings and
headers, content types, bodies) and sent to both integrations. A finding is
  template      a rendered template that is not the JSON, or XML, that its content type says
  server-error  a 5xx that the request did not ask for ('/status/503' asks for one)
  difference    a difference between sent and received without a known reason
  connection    a connection that breaks; 'hang': no answer at all
Each is shrunk to the smallest request. Findings with one cause are listed together, causes in templates first; of each
cause one is explained, and printed as a curl line and as a case for 'parity compare'.
A program without the outputs lambda_url and http_url has each method of its REST APIs searched, without comparing.

  parity fuzz                              1000 requests to this folder's program, locally
  parity fuzz --seconds 60                 as many as a minute allows
  parity fuzz --seed 7 --requests 5000     the same 5000 requests each time, and the same findings
  parity fuzz --findings found.yaml        keep them, for 'parity compare --cases found.yaml'
  parity fuzz --route 'POST /orders'       one route, without comparing
  parity fuzz --left 'POST /orders' --right '/v2/orders'   two routes of your own
  parity fuzz --url https://…/dev          a deployed API, which tells no trace; each request is paid for

With --seconds the number of requests depends on the machine, and so do the findings. The exit status is 1 when
something was found, or when API Gateway refused every request to a route.
"""

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from parity.cli.arguments.numbers import duration, whole_number
from parity.cli.arguments.pair import headers_of
from parity.cli.arguments.program import config_of, program_of, run_options
from parity.cli.arguments.target import UNTHROTTLED, add_target_arguments, is_deployed, named_pair_of, target_of
from parity.cli.output.files import require_folder, write_file
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.fuzz.subject import Subject

DEFAULT_REQUESTS = 1000
INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity fuzz`."""
    add_target_arguments(parser)
    search = parser.add_argument_group("the search")
    search.add_argument(
        "--requests",
        type=whole_number(1),
        metavar="N",
        help=f"how many requests to send to each integration (default: {DEFAULT_REQUESTS}, without --seconds)",
    )
    search.add_argument(
        "--route",
        action="append",
        default=[],
        metavar="ROUTE",
        help="search this route alone, without comparing: 'POST /orders', or a pattern, '* /orders*' (repeatable)",
    )
    search.add_argument("--seconds", type=duration, metavar="N", help="how long to search")
    search.add_argument("--seed", type=int, metavar="N", help="the same seed sends the same requests (default: random)")
    output = parser.add_argument_group("output")
    output.add_argument("--findings", type=Path, metavar="FILE", help="write the findings as a case file")
    output.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Searches and prints what was found.

    Returns:
        0 when nothing was found, 1 when something was or an integration got no request, 130 when it was interrupted.
    """
    require_folder(options.findings)
    from parity.compare.output.progress import progress_on
    from parity.fuzz.output import findings_yaml, print_report, report_to_json
    from parity.fuzz.search import fuzz

    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    requests = options.requests or (None if options.seconds else DEFAULT_REQUESTS)
    with progress_on(sys.stderr) as progress, subject_of(options, progress.show) as subject:
        report = fuzz(subject, seed=seed, requests=requests, seconds=options.seconds, on_progress=progress.show)
    if options.json:
        print(json.dumps(report_to_json(report), indent=2))
    else:
        print_report(report, sys.stdout)
    if options.findings is not None:
        write_file(options.findings, findings_yaml(report))
    return INTERRUPTED if report.interrupted else int(not report.passed)


@contextmanager
def subject_of(options: argparse.Namespace, show: Callable[[str], None]) -> "Iterator[Subject]":
    """What the arguments say is searched, for as long as the context lasts.

    Raises:
        UserError: the arguments contradict each other, or there is nothing to search.
    """
    from parity.fuzz.subject import compared_integrations, served_routes

    config = dict(config_of(options))
    if options.route and (is_deployed(options) or options.left or options.right or options.pair):
        others = "--left, --right, --pair, --url and --deployed"
        raise UserError(f"--route searches routes of a program that runs locally; leave out {others}", status=2)
    if not options.route and (is_deployed(options) or named_pair_of(options) is not None):
        if not is_deployed(options):
            config = {**UNTHROTTLED, **config}
        with target_of(options, config, show) as target, compared_integrations(target) as integrations:
            yield integrations
        return
    from parity.compare.target import target_of_session
    from parity.local import running

    program = program_of(options)
    with running(
        program,
        **{**run_options(options), "config": {**UNTHROTTLED, **config}},
        record=True,
        on_progress=show,
    ) as session:
        if not options.route and session.outputs.keys() & {"lambda_url", "http_url"}:
            with compared_integrations(target_of_session(session)) as integrations:
                yield integrations
        else:
            with served_routes(session, only=options.route, headers=headers_of(options.header)) as routes:
                yield routes
