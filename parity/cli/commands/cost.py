"""What the stack costs a month in US dollars, idle and per million requests, for each choice of backends.

A program whose Pulumi.yaml declares no `backend` has one total. The program is run locally, so the figures are those of
the resources that it registers under the stack's configuration. Prices are AWS's on-demand prices of US East
(N. Virginia), without free tiers; they and their sources stand in parity/cli/prices.yaml.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from parity.cli.arguments.numbers import whole_number
from parity.cli.arguments.program import add_program_arguments, config_of, program_of, stack_of
from parity.errors import UserError

if TYPE_CHECKING:
    from parity.cli.cost_model import CostLine
    from parity.local.declared import Declared

BACKENDS = ("lambda", "http", "both")
DEFAULT_REQUESTS = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    add_program_arguments(parser)
    parser.add_argument("--backend", choices=BACKENDS, help="show each line of the bill for one choice of backends")
    parser.add_argument(
        "--requests-per-month",
        type=whole_number(0),
        default=DEFAULT_REQUESTS,
        metavar="N",
        help=f"requests that the month's total is for (default: {DEFAULT_REQUESTS})",
    )


def run(options: argparse.Namespace) -> int:
    """Prints the table, or the bill of one choice of backends, and what neither counts.

    Raises:
        UserError: there is no program here, it has no choice of backends to show, or it does not run with the stack's
            configuration.
    """
    import asyncio

    from parity.cli.cost_model import cost_lines, methods_of, not_counted, read_prices

    price_list = read_prices()
    program, stack, config = program_of(options), stack_of(options), dict(config_of(options))
    configs = {name: config | ({"backend": name} if name else {}) for name in _choices(program, options.backend)}
    stacks = asyncio.run(_declared(program, stack, configs, options.answers))
    parts = {name: (found.resources, methods_of(found.apis), price_list) for name, found in stacks.items()}
    bills = {name: cost_lines(*each) for name, each in parts.items()}
    requests: int = options.requests_per_month
    rows = _table(bills, requests) if len(bills) > 1 else _bill(next(iter(bills.values())), requests)
    print(f"US dollars a month, {price_list.region}, prices of {price_list.date}, stack {stack}\n")
    print(_aligned(rows))
    left_out = sorted({name for each in parts.values() for name in not_counted(*each)})
    if left_out:
        print(f"\nNot counted: {', '.join(left_out)}")
    return 0


def _choices(program: Path, backend: str | None) -> Sequence[str]:
    """The choices of backends to show; one empty name for a program that has no such choice.

    Raises:
        UserError: a choice is asked for that the program does not have.
    """
    from parity.local.program.project import Project

    project = Project.at(program)
    if not {"backend", f"{project.name}:backend"} & project.declared_config.keys():
        if backend:
            where = project.file or project.document or project.program
            text = f"--backend {backend}: {where} declares no `backend` in its config; leave --backend out"
            raise UserError(text, status=2)
        return ("",)
    return (backend,) if backend else BACKENDS


async def _declared(
    program: Path, stack: str, configs: dict[str, dict[str, str]], answers: Path | None
) -> "dict[str, Declared]":
    """Runs the program with each configuration: what it declares, by the configuration's name."""
    import asyncio

    from parity.local.declared import declared

    found = await asyncio.gather(
        *(declared(program, stack=stack, config=config, answers=answers) for config in configs.values())
    )
    return dict(zip(configs, found, strict=True))


def _table(bills: "dict[str, list[CostLine]]", requests: int) -> list[tuple[str, ...]]:
    from parity.cli.cost_model import total

    rows: list[tuple[str, ...]] = [("backend", "idle", "per million requests", f"at {requests:,} requests")]
    for backend, lines in bills.items():
        per_million = sum(line.per_million for line in lines)
        rows.append((backend, f"{total(lines, 0):.2f}", f"{per_million:.2f}", f"{total(lines, requests):.2f}"))
    return rows


def _bill(lines: "list[CostLine]", requests: int) -> list[tuple[str, ...]]:
    from parity.cli.cost_model import CostLine, total

    sums = CostLine("total", total(lines, 0), sum(line.per_million for line in lines))
    rows: list[tuple[str, ...]] = [("item", "idle", "per million requests", f"at {requests:,} requests")]
    for line in [*lines, sums]:
        rows.append((line.item, f"{line.idle:.2f}", f"{line.per_million:.2f}", f"{total([line], requests):.2f}"))
    return rows


def _aligned(rows: list[tuple[str, ...]]) -> str:
    """The rows as columns: the first to the left, figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "   ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    )
