"""Sends the same requests to two backends of a REST API, and explains each difference.

By default these are the Lambda and the HTTP integration of this project's program, at /lambda and /http. --left and
--right name any two routes: of one API or of two, of stages, stacks and programs, local or deployed. What each backend
was sent is read from the local gateway's trace, and what each answered is compared too; of a deployed API the answers
alone are compared. The program is run locally unless --deployed or --url is given, and needs no AWS account.

The exit status is 1 when a difference has no known reason, or a recording no longer matches.

  parity compare                                            this folder's program, its /lambda and /http
  parity compare --left 'POST /orders' --right '/v2/orders'      two routes of it, with requests made from their models
  parity compare ../shop --pair orders                      a pair that ../shop/parity.yaml names
  parity compare --left 'GET /a stage=prod' --right '/a stage=canary' --cases requests.har
  parity compare --left '/a' --right '/a stack=prod deployed'    local and on AWS
  parity compare --stack prod                               with the configuration of stack prod
  parity compare --stack prod --deployed                    the deployed stack prod ('pulumi stack output --json')
  parity compare --url https://…/prod                       the deployed API at this URL
"""

import argparse
import json
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from parity.cli.arguments.program import config_of
from parity.cli.arguments.requests import add_request_arguments, cases_for, read_cases, source_of
from parity.cli.arguments.target import add_target_arguments, is_deployed, named_pair_of, target_of
from parity.cli.output.costs import costs_of
from parity.cli.output.files import require_folder, write_file
from parity.errors import UserError
from parity.terminal import safe_json, visible

if TYPE_CHECKING:
    from parity.compare.case import Case
    from parity.compare.comparison import Comparison
    from parity.compare.recording import Drift
    from parity.compare.report.cost import Cost
    from parity.compare.settings import Side


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of `parity compare`."""
    add_target_arguments(parser)
    add_request_arguments(parser)
    output = parser.add_argument_group("output")
    detail = output.add_mutually_exclusive_group()
    detail.add_argument(
        "-v",
        "--verbose",
        dest="detail",
        action="store_const",
        const="verbose",
        default="normal",
        help="print all cases",
    )
    detail.add_argument(
        "-q", "--quiet", dest="detail", action="store_const", const="quiet", help="print the totals alone"
    )
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
    from parity.compare.comparison import compare
    from parity.compare.output.progress import progress_on
    from parity.compare.recording import drift_since, read_recording, recorded_config

    named = named_pair_of(options)
    given = read_cases(options, named)
    config = dict(config_of(options))
    for path in (options.report, options.junit, options.record, None if options.json == "-" else options.json):
        require_folder(Path(path) if path is not None else None)
    recording = read_recording(options.replay) if options.replay else None
    if recording and not is_deployed(options):
        config = recorded_config(recording) | config
    with progress_on(sys.stderr) as progress, target_of(options, config, progress.show) as target:
        cases, others = cases_for(options, target, given)
        comparison = compare(
            target, cases, source=source_of(options, named, target), on_result=progress.counting(len(cases))
        )
    errors = {answer.error for result in comparison.results for answer in result.answers.values()}
    if "" not in errors:
        raise UserError(f"{comparison.description}: no request was answered: {'; '.join(sorted(errors))}")
    drifts = drift_since(recording, comparison) if recording else ()
    write_files(comparison, drifts, options, costs_of(target.resources) if options.report else {})
    if options.json != "-":
        _print(comparison, drifts, others, options)
    return 0 if comparison.passed and not drifts else 1


def _print(
    comparison: "Comparison", drifts: "Sequence[Drift]", others: "Sequence[Case]", options: argparse.Namespace
) -> None:
    from parity.compare.output.table import console_for, print_comparison, print_drift

    console = console_for(sys.stdout)
    print_comparison(comparison, console, detail=options.detail, serve_line=serve_line(comparison, options))
    print_drift(drifts, options.replay, console)
    if others:
        named = ", ".join(dict.fromkeys(f"{case.method} {case.path}" for case in others[:5]))
        shown = visible(named) + " …" * (len(others) > 5)
        print(f"  {len(others)} requests are for other routes, and were not sent: {shown}")


def serve_line(comparison: "Comparison", options: argparse.Namespace) -> str:
    """The command that serves a local API at the port that its curl lines name; empty for a deployed one."""
    ports = {urlsplit(url).port for url in comparison.urls.values() if urlsplit(url).hostname == "127.0.0.1"}
    if is_deployed(options) or len(ports) != 1:
        return ""
    words = ["parity", "serve", *([str(options.program)] if options.program else []), "--port", str(ports.pop())]
    words += ["--stack", options.stack] if options.stack else []
    return shlex.join([*words, *(word for entry in options.config for word in ("--config", entry))])


def write_files(
    comparison: "Comparison", drifts: "Sequence[Drift]", options: argparse.Namespace, costs: "dict[Side, Cost]"
) -> None:
    """Writes each file that was asked for, and JSON to standard output."""
    if options.json:
        from parity.compare.output.json_output import comparison_to_json

        text = json.dumps(comparison_to_json(comparison, drifts), ensure_ascii=False, indent=2, default=str) + "\n"
        if options.json == "-":
            print(safe_json(text), end="")
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
