"""The comparison in a terminal: a table that fits 80 columns, the failing cases in full, a summary line."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from parity.compare.comparison import CaseResult, Comparison, common_reasons
from parity.compare.formatting import failure_text, received_lines, request_lines
from parity.compare.recording import Drift, drift_text
from parity.compare.settings import Side

CONTROL_PICTURES: dict[int, int | str] = {**{code: 0x2400 + code for code in range(32)}, 10: "⏎", 9: "⇥", 127: "␡"}
"""What stands for a control character, which a client may send and a terminal must not act on."""
WIDTH = 80
"""Columns of the table where there is no terminal; a terminal's own width counts from `NARROWEST` to `WIDEST`."""
NARROWEST = 50
WIDEST = 140


def console_for(file: IO[str]) -> Console:
    """A console that writes colour only to a terminal, and 80 columns to everything else."""
    if isinstance(file, io.TextIOWrapper):
        file.reconfigure(errors="replace")  # half a surrogate pair, or an old terminal, must not end the output
    console = Console(file=file, highlight=False, soft_wrap=True, legacy_windows=False)
    console.width = min(max(console.width, NARROWEST), WIDEST) if console.is_terminal else WIDTH
    return console


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Prints the table, what API Gateway adds to every request, each failing case in full, and the summary."""
    console.print(Text(comparison.description, style="bold"))
    for side, url in comparison.urls.items():
        console.print(Text(f"  {side:<7} {url}"))
    for side in Side:
        if side not in comparison.urls:
            console.print(Text(f"  {side:<7} not part of this stack (parity:backend); only one side is shown"))
    for reason in comparison.unavailable:
        for line in f"not available: {reason}".splitlines():
            console.print(Text(f"  {line.translate(CONTROL_PICTURES)}", style="bold red"))
    console.print()
    _print_row(console, ["request", *(f"{side} received" for side in comparison.sides)], ["dim"] * 3)
    for result in comparison.results:
        _print_case(result, console)
    _print_common_reasons(comparison.results, console)
    for result in comparison.results:
        if not result.passed:
            _print_failure(result, comparison, console)
    console.print(summary(comparison))


def summary(comparison: Comparison) -> Text:
    """The last line: how many requests, how many of them differ, how many without a known reason."""
    total = len(comparison.results)
    differing = sum(result.differs for result in comparison.results)
    failing = sum(not result.passed for result in comparison.results)
    seconds = comparison.duration_ms / 1000
    counted = f"{total} request{'s' if total != 1 else ''} in {seconds:.1f} s: {differing} different"
    if failing:
        return Text(f"✗ {counted}, {failing} without a known reason", style="bold red")
    return Text(f"✓ {counted}, every difference has its reason", style="bold green")


def _print_case(result: CaseResult, console: Console) -> None:
    mark, style = ("✓", "green") if result.passed else ("✗", "bold red")
    title = Text(f"{mark} ", style=style) + Text(result.case.name, style="bold")
    room = console.width - cell_len(result.case.name) - 5
    title.append(f" · {_shortened(result.case.why, room)}" if result.case.why and room > 10 else "", style="dim")
    console.print()
    console.print(title)
    sent = request_lines(result.case)
    columns = [
        received_lines(result.case, result.received.get(side), answer) for side, answer in result.answers.items()
    ]
    for number, line in enumerate(sent):
        cells = [column[number] for column in columns]
        _print_row(console, [line, *cells], ["", *("" if cell == line else "yellow" for cell in cells)])
    for difference in result.own_differences:
        for reason in difference.reasons:
            _print_wrapped(console, f"≠ {reason}", "cyan")
        if not difference.explained:
            _print_wrapped(console, f"✗ {difference.field}: no known reason", "bold red")


def _print_row(console: Console, cells: list[str], styles: list[str]) -> None:
    width = (console.width - 2) // len(cells)
    row = Text("  ")
    for cell, style in zip(cells, styles, strict=False):
        row.append(set_cell_size(_shortened(cell, width - 2), width), style=style)
    row.rstrip()
    console.print(row)


def _print_wrapped(console: Console, text: str, style: str) -> None:
    lines = Text(text.translate(CONTROL_PICTURES)).wrap(console, console.width - 6)
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


def _print_failure(result: CaseResult, comparison: Comparison, console: Console) -> None:
    title, *lines = [line.translate(CONTROL_PICTURES) for line in failure_text(result).split("\n")]
    console.print(Text(f"✗ {title}", style="bold red"))
    for line in lines:
        console.print(Text(line))
    for side, url in comparison.urls.items():
        console.print(Text(f"  {side:<9}{result.case.curl(url)}", style="dim"))
    console.print()


def print_drift(drifts: Sequence[Drift], recording: Path | None, console: Console) -> None:
    """Prints what changed since the recording, when one was compared with."""
    if recording is None:
        return
    if not drifts:
        console.print(Text(f"✓ nothing changed since {recording}", style="bold green"))
        return
    for line in drift_text(drifts).split("\n"):
        console.print(Text(line.translate(CONTROL_PICTURES)))
    values = "1 value" if len(drifts) == 1 else f"{len(drifts)} values"
    console.print(Text(f"✗ {values} changed since {recording}", style="bold red"))


def _shortened(text: str, width: int) -> str:
    """The text on one line of at most `width` cells, its middle left out where it is longer."""
    line = text.translate(CONTROL_PICTURES)
    if cell_len(line) <= width:
        return line
    tail = line[-(width // 3) :]
    while cell_len(tail) > width // 3:
        tail = tail[1:]
    return set_cell_size(line, width - cell_len(tail) - 1).rstrip() + "…" + tail
