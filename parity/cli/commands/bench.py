"""Measures latency and throughput of both integrations under the same load, one after the other, with Locust.

  parity bench                               the article's request, 8 users, 10 s for each integration
  parity bench --only query --users 32       other requests, drawn at random, from more clients
  parity bench --stack prod --deployed        a deployed stack; see the API's quota and its costs first
  parity bench --url URL --expect-workers 2  load from two other machines; it prints what to run there

Figures are measured at the load generator: locally, the clients, the gateway and the backends share its cores, and
the stage's throttling is as high as it goes unless --config sets it.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from parity.cli.arguments.numbers import port, whole_number
from parity.cli.arguments.program import config_of
from parity.cli.arguments.requests import add_request_arguments, cases_for, read_cases
from parity.cli.arguments.target import UNTHROTTLED, add_target_arguments, is_deployed, named_pair_of, target_of
from parity.cli.output.files import require_folder, write_file

if TYPE_CHECKING:
    from parity.bench.load import Load, Measurement
    from parity.compare.comparison import Comparison
    from parity.compare.report.cost import Cost
    from parity.compare.settings import Side

ARTICLE = "article"
THROTTLED = """\
429 is the stage's own throttling: raise parity:throttlingRate and parity:throttlingBurst to see what lies behind it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity bench`."""
    add_target_arguments(parser)
    add_request_arguments(parser, default_only=ARTICLE)
    load = parser.add_argument_group("the load")
    load.add_argument("--users", type=whole_number(1), default=8, help="clients at the same time (default: 8)")
    load.add_argument(
        "--seconds", type=whole_number(1), default=10, help="how long each integration is measured (default: 10)"
    )
    load.add_argument(
        "--warm-up", type=whole_number(0), default=2, metavar="SECONDS", help="before that, not counted (default: 2)"
    )
    senders = parser.add_argument_group("who sends")
    senders.add_argument("--processes", type=whole_number(1), default=1, help="local processes (default: 1)")
    senders.add_argument(
        "--expect-workers",
        type=whole_number(0),
        default=0,
        metavar="N",
        help="wait for N Locust workers, here or on other machines",
    )
    senders.add_argument("--bind-host", default="*", help="the address to listen on for workers (default: all)")
    senders.add_argument("--bind-port", type=port, default=5557, help="the port on which workers are awaited")
    output = parser.add_argument_group("output")
    output.add_argument("--report", type=Path, metavar="FILE", help="compare too, and write the page with the charts")
    output.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help="write JSON, to standard output in place of the table"
    )


def run(options: argparse.Namespace) -> int:
    """Measures, prints and writes what was asked for.

    Returns:
        0 when every request got the status that it should, else 1.
    """
    from parity.bench.load import Load, Workers, measure
    from parity.cli.output.costs import costs_of
    from parity.compare.comparison import compare
    from parity.compare.output.progress import progress_on
    from parity.compare.requests.case_file import DEFAULT_CASES
    from parity.compare.requests.sources import load_requests

    for file in (options.report, None if options.json in (None, "-") else Path(options.json)):
        require_folder(file)
    named = named_pair_of(options)
    if named is None and not options.only and options.cases is None:
        options.only = [ARTICLE]
    given = read_cases(options, named)
    load = Load(users=options.users, seconds=options.seconds, warm_up_seconds=options.warm_up)
    workers = Workers(
        processes=options.processes,
        expected=options.expect_workers,
        bind_host=options.bind_host,
        bind_port=options.bind_port,
    )
    config = dict(config_of(options))
    if not is_deployed(options):
        config = UNTHROTTLED | config
    with progress_on(sys.stderr) as progress, target_of(options, config, progress.show) as target:
        cases, _ = cases_for(options, target, given)
        progress.show(f"{load.users} users, {load.seconds} s for each of {len(target.urls)} integrations")
        measured = measure(
            target.urls,
            cases,
            load,
            workers,
            authorization=target.authorization,
            pair=target.pair,
            on_waiting=_tell_how_to_join,
        )
        compared = cases if target.pair is not None else load_requests(options.cases or DEFAULT_CASES)
        comparison = compare(target, compared) if options.report else None
    if comparison is not None:
        _write_report(options.report, comparison, measured, load, costs_of(target.resources))
    document = {"users": load.users, "integrations": {s.value.lower(): one.to_json() for s, one in measured.items()}}
    if options.json == "-":
        print(json.dumps(document, indent=2))
    else:
        _print_table(measured)
    if options.json not in (None, "-"):
        write_file(Path(options.json), json.dumps(document, indent=2) + "\n")
    return int(any(one.failures or not one.requests for one in measured.values()))


def _write_report(
    path: Path,
    comparison: "Comparison",
    measured: "Mapping[Side, Measurement]",
    load: "Load",
    costs: "Mapping[Side, Cost]",
) -> None:
    from parity.compare.report import report_html

    latencies = {side: one.latency for side, one in measured.items()}
    rates = ", ".join(f"{side} {one.requests_per_second:.0f} requests a second" for side, one in measured.items())
    note = f"under a load of {load.users} clients for {load.seconds} s each, one backend after the other: {rates}"
    write_file(path, report_html(comparison, latencies=latencies, latency_note=note, costs=costs))


def _print_table(measured: "Mapping[Side, Measurement]") -> None:
    from rich.table import Table

    from parity.compare.output.table import console_for

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("integration")
    for name in ("requests/s", "median ms", "p95 ms", "p99 ms", "max ms", "failures"):
        table.add_column(name, justify="right")
    for side, one in measured.items():
        times = [f"{one.latency.percentile(percent):.3g}" for percent in (50, 95, 99, 100)]
        table.add_row(side.value, f"{one.requests_per_second:.0f}", *times, str(sum(one.failures.values())))
    console = console_for(sys.stdout)
    console.print(table)
    for side, one in measured.items():
        for reason, count in sorted(one.failures.items()):
            console.print(f"{side.value}: {count} × {reason}", style="red", highlight=False)
    if any("status 429" in reason for one in measured.values() for reason in one.failures):
        console.print(THROTTLED, highlight=False)


def _tell_how_to_join(command: str) -> None:
    print(f"waiting for workers; on each other machine: pip install locust && {command}", file=sys.stderr)
