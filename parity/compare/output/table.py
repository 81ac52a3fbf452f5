"""The comparison in a terminal, 80 columns wide: what differs and why, failing cases in full, the totals."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Literal

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from parity.compare.comparison import CaseResult, Comparison, common_reasons
from parity.compare.difference import NO_EXPECTATION
from parity.compare.formatting import MARKS, failure_text, received_lines, request_lines, requests_text, totals
from parity.compare.recording import Drift, drift_text
from parity.compare.settings import INTEGRATIONS
from parity.terminal import printable, visible

Detail = Literal["quiet", "normal", "verbose"]
STYLES = {"fails": "bold red", "differs": "cyan", "changed": "yellow", "alike": "green"}
WIDTH = 80
"""Columns of the table where there is no terminal; a terminal's own width counts from `NARROWEST` to `WIDEST`."""
NARROWEST = 50
WIDEST = 140
SHOWN_FAILURES = 20
"""Failing cases that are printed in full; of more, only the names."""


def console_for(file: IO[str]) -> Console:
    """A console that writes colour only to a terminal, and 80 columns to everything else."""
    if isinstance(file, io.TextIOWrapper):
        file.reconfigure(errors="replace")  # half a surrogate pair, or an old terminal, must not end the output
    console = Console(file=file, highlight=False, soft_wrap=True, legacy_windows=False)
    console.width = min(max(console.width, NARROWEST), WIDEST) if console.is_terminal else WIDTH
    return console


def print_comparison(
    comparison: Comparison, console: Console, *, detail: Detail = "normal", serve_line: str = ""
) -> None:
    """Prints the comparison.

    Args:
        comparison: the results.
        console: where to.
        detail: `quiet` for the totals alone, `verbose` for every case with all that was received; otherwise the cases
            that differ between the backends with their reasons, and those that fail in full.
        serve_line: the command that serves the API again, so that the curl lines of failing cases work.
    """
    _print_head(comparison, console)
    if detail == "verbose":
        console.print()
        _print_row(console, ["request", *(f"{side} received" for side in comparison.sides)], ["dim"] * 3)
        for result in comparison.results:
            _print_case(result, console)
        _print_common_reasons(comparison.results, console)
    elif detail == "normal":
        _print_differing(comparison.results, console)
    failing = [result for result in comparison.results if not result.passed]
    if failing and detail != "quiet":
        console.print()
        _print_failures(failing, comparison, console, serve_line)
    console.print(summary(comparison))


def _print_head(comparison: Comparison, console: Console) -> None:
    console.print(Text(visible(f"{comparison.description}: {requests_text(comparison)}"), style="bold"))
    width = max(len(side) for side in (*comparison.sides, *INTEGRATIONS))
    for side, url in comparison.urls.items():
        console.print(Text(f"  {visible(side):<{width}} {visible(url)}"))
    for side in INTEGRATIONS:
        if side not in comparison.urls and comparison.pair is None:
            console.print(Text(f"  {side:<{width}} not part of this stack (parity:backend); only one side is shown"))
    if comparison.note:
        console.print(Text(f"  {comparison.note}", style="yellow"))
    for reason in comparison.unavailable:
        for line in f"not available: {reason}".splitlines():
            console.print(Text(f"  {visible(line)}", style="bold red"))


def summary(comparison: Comparison) -> Text:
    """The last line: how many requests, how many of them differ, how many without a known reason."""
    mark, style = ("✓", "bold green") if comparison.passed else ("✗", "bold red")
    return Text(f"{mark} {totals(comparison)}", style=style)


def _print_differing(results: Iterable[CaseResult], console: Console) -> None:
    """The cases that differ between the backends, each with the reasons of each backend."""
    for result in results:
        if result.kind != "differs":
            continue
        _print_title(result, console)
        for side, reason in dict.fromkeys(
            (deviation.side, deviation.reason)
            for difference in result.own_differences
            if difference.between_backends
            for deviation in difference.deviations
        ):
            _print_wrapped(console, f"{side}: {reason}", "")


def _print_title(result: CaseResult, console: Console) -> None:
    name = visible(result.case.name)
    title = Text(f"{MARKS[result.kind]} ", style=STYLES[result.kind]) + Text(name, style="bold")
    room = console.width - cell_len(name) - 5
    title.append(f" · {_shortened(result.case.why, room)}" if result.case.why and room > 10 else "", style="dim")
    console.print(title)


def _print_case(result: CaseResult, console: Console) -> None:
    console.print()
    _print_title(result, console)
    sent = request_lines(result.case)
    columns = [
        received_lines(result.case, result.received.get(side), answer) for side, answer in result.answers.items()
    ]
    for number, line in enumerate(sent):
        cells = [column[number] for column in columns]
        _print_row(console, [line, *cells], ["", *("" if cell == line else "yellow" for cell in cells)])
    for difference in result.own_differences:
        for deviation in difference.deviations:
            if deviation.reason is not None:
                _print_wrapped(console, f"{deviation.side}: {deviation.reason}", "cyan")
        if not difference.explained:
            is_answer = difference.sent is NO_EXPECTATION
            said = "not the same" if is_answer else "no known reason"
            _print_wrapped(console, f"✗ {difference.field}: {said}", "bold red")
    if result.volatile:
        _print_wrapped(console, f"changes by itself, not compared: {', '.join(result.volatile)}", "dim")


def _print_row(console: Console, cells: list[str], styles: list[str]) -> None:
    width = (console.width - 2) // len(cells)
    row = Text("  ")
    for cell, style in zip(cells, styles, strict=False):
        row.append(set_cell_size(_shortened(cell, width - 2), width), style=style)
    row.rstrip()
    console.print(row)


def _print_wrapped(console: Console, text: str, style: str) -> None:
    lines = Text(visible(text)).wrap(console, console.width - 6)
    for number, line in enumerate(lines):
        console.print(Text("  " if number == 0 else "    ") + Text(line.plain.rstrip(), style=style))


def _print_common_reasons(results: Iterable[CaseResult], console: Console) -> None:
    """What API Gateway does to every request, told once."""
    common = common_reasons(results)
    if common:
        console.print()
        console.print(Text("In every request", style="bold"))
    for reason in common:
        _print_wrapped(console, f"≠ {reason}", "cyan")
    console.print()


def _print_failures(failing: Sequence[CaseResult], comparison: Comparison, console: Console, serve_line: str) -> None:
    for result in failing[:SHOWN_FAILURES]:
        title, *lines = printable(failure_text(result)).split("\n")
        console.print(Text(f"✗ {title}", style="bold red"))
        for line in lines:
            console.print(Text(line))
        for side, url in comparison.urls.items():
            console.print(Text(f"  {visible(side)}: {visible(result.curl(side, url))}", style="dim"))
        console.print()
    if len(failing) > SHOWN_FAILURES:
        names = ", ".join(result.case.name for result in failing[SHOWN_FAILURES:])
        _print_wrapped(console, f"{len(failing) - SHOWN_FAILURES} more fail: {names}", "red")
    if serve_line:
        console.print(Text("The curl lines work while this runs:", style="dim"))
        console.print(Text(f"  {visible(serve_line)}", style="dim"))


def print_drift(drifts: Sequence[Drift], recording: Path | None, console: Console) -> None:
    """Prints what changed since the recording, when one was compared with."""
    if recording is None:
        return
    if not drifts:
        console.print(Text(f"✓ nothing changed since {recording}", style="bold green"))
        return
    for line in printable(drift_text(drifts)).split("\n"):
        console.print(Text(line))
    values = "1 value" if len(drifts) == 1 else f"{len(drifts)} values"
    console.print(Text(f"✗ {values} changed since {recording}", style="bold red"))


def _shortened(text: str, width: int) -> str:
    """The text on one line of at most `width` cells, its middle left out where it is longer."""
    line = visible(text)
    if cell_len(line) <= width:
        return line
    tail = line[-(width // 3) :]
    while cell_len(tail) > width // 3:
        tail = tail[1:]
    return set_cell_size(line, width - cell_len(tail) - 1).rstrip() + "…" + tail
