"""Sends the same requests to the Lambda and the HTTP integration of one REST API, and explains each difference.

Without --deployed and --url it runs the program locally, with the configuration of stack dev, and needs no AWS
account. The exit status is 1 when a difference has no known reason, or a recording no longer matches.

which API:
  parity compare                          this folder's program, run locally
  parity compare --config backend=http    the same with another configuration
  parity compare --stack prod             the same with the configuration of stack prod
  parity compare --stack prod --deployed  the deployed stack prod (through 'pulumi stack output --json')
  parity compare --url https://…/prod     the deployed API at this URL
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from parity.cli.arguments.program import config_of
from parity.cli.arguments.target import add_target_arguments, is_deployed, target_of
from parity.cli.output.files import require_folder, write_file
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.compare.comparison import Comparison
    from parity.compare.recording import Drift
    from parity.compare.report.cost import Cost
    from parity.compare.settings import Side
    from parity.local.program.records import ResourceRecord


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity compare`."""
    add_target_arguments(parser)
    what = parser.add_argument_group("which requests")
    what.add_argument("--cases", type=Path, metavar="FILE", help="a case file (default: the one Parity comes with)")
    what.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only cases whose name contains NAME (repeatable)"
    )
    output = parser.add_argument_group("output")
    output.add_argument("--report", type=Path, metavar="FILE", help="write a self-contained HTML page")
    output.add_argument(
        "--json", nargs="?", const="-", metavar="FILE", help="write JSON, to standard output in place of the table"
    )
    output.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML, one test case a request")
    output.add_argument("--record", type=Path, metavar="FILE", help="save what was received and answered")
    output.add_argument(
        "--replay", type=Path, metavar="FILE", help="also compare with a recording; any change since then is a failure"
    )


def run(options: argparse.Namespace) -> int:
    """Compares, prints and writes what was asked for.

    Returns:
        0 when every difference has its reason and no recorded answer changed, else 1.
    """
    from parity.compare.case_file import DEFAULT_CASES, load_cases
    from parity.compare.comparison import compare
    from parity.compare.output.progress import progress_on
    from parity.compare.recording import drift_since, read_recording, recorded_config

    cases = load_cases(options.cases or DEFAULT_CASES, only=options.only)
    config = dict(config_of(options))
    for path in (options.report, options.junit, options.record, None if options.json == "-" else options.json):
        require_folder(Path(path) if path is not None else None)
    recording = read_recording(options.replay) if options.replay else None
    if recording and not is_deployed(options):
        config = recorded_config(recording) | config
    with progress_on(sys.stderr) as progress, target_of(options, config, progress.show) as target:
        comparison = compare(target, cases, on_result=progress.counting(len(cases)))
    errors = {answer.error for result in comparison.results for answer in result.answers.values()}
    if "" not in errors:
        raise UserError(f"{comparison.description}: no request was answered: {'; '.join(sorted(errors))}")
    drifts = drift_since(recording, comparison) if recording else ()
    write_files(comparison, drifts, options, costs_of(target.resources) if options.report else {})
    return 0 if comparison.passed and not drifts else 1


NETWORKED = ("aws:ecs/", "aws:lb/", "aws:ec2/", "aws:ecr/")
"""The types of what is there for the container alone: its service, load balancer, network and image."""


def costs_of(resources: "Sequence[ResourceRecord]") -> "dict[Side, Cost]":
    """What each integration costs when it alone answers, by the resources that a program registered.

    Args:
        resources: what the program registered; nothing is known of a deployed API's.
    """
    from parity.cli.cost_model import cost_lines, read_prices
    from parity.compare.report.cost import Cost
    from parity.compare.settings import Side

    prices = read_prices()
    note = f"On-demand prices of {prices.region}, {prices.date}, without free tiers, if every request comes here."
    kinds = {Side.LAMBDA: "AWS", Side.HTTP: "HTTP"}
    costs = {}
    for side, kind in kinds.items():
        own = _without(resources, set(kinds.values()) - {kind}, with_network=side is Side.HTTP)
        if any(resource.inputs.get("type") == kind for resource in own):
            lines = tuple((line.item, line.idle, line.per_million) for line in cost_lines(own, prices))
            costs[side] = Cost(lines=lines, note=note)
    return costs


def _without(resources: "Sequence[ResourceRecord]", kinds: set[str], *, with_network: bool) -> "list[ResourceRecord]":
    """The resources but for those of integrations of some kinds: their methods, alarms and, if so, their network."""
    others = {resource.inputs["resourceId"] for resource in resources if resource.inputs.get("type") in kinds}
    paths = {resource.outputs.get("path") for resource in resources if resource.id in others}
    return [
        resource
        for resource in resources
        if resource.inputs.get("resourceId") not in others
        and (resource.inputs.get("dimensions") or {}).get("Resource") not in paths
        and (with_network or not resource.type.startswith(NETWORKED))
    ]


def write_files(
    comparison: "Comparison", drifts: "Sequence[Drift]", options: argparse.Namespace, costs: "dict[Side, Cost]"
) -> None:
    """Prints the table, or JSON in its place, and writes each file that was asked for."""
    if options.json:
        from parity.compare.output.json_output import comparison_to_json

        text = json.dumps(comparison_to_json(comparison, drifts), ensure_ascii=False, indent=2, default=str) + "\n"
        if options.json == "-":
            print(text, end="")
        else:
            write_file(Path(options.json), text)
    if options.junit:
        from parity.compare.output.junit import junit_xml

        write_file(options.junit, junit_xml(comparison, drifts))
    if options.record:
        from parity.compare.recording import recording_text

        write_file(options.record, recording_text(comparison))
    if options.report:
        from parity.compare.report import report_html

        write_file(options.report, report_html(comparison, drifts, costs=costs))
    if options.json != "-":
        from parity.compare.output.table import console_for, print_comparison, print_drift

        console = console_for(sys.stdout)
        print_comparison(comparison, console)
        print_drift(drifts, options.replay, console)
