"""What the stack costs a month in US dollars, idle and per million requests, for each choice of backends.

The program is run locally, so the figures are those of the resources that it registers under the stack's
configuration. Prices are AWS's on-demand prices of US East (N. Virginia), without free tiers; they and their sources
stand in parity/cli/prices.yaml.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from parity.cli.arguments.numbers import whole_number
from parity.cli.arguments.program import add_program_arguments, config_of, program_of, stack_of

if TYPE_CHECKING:
    from parity.cli.cost_model import CostLine, PriceList

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
    """Prints the table, or the bill of one choice of backends.

    Raises:
        UserError: there is no program here, or it does not run with the stack's configuration.
    """
    import asyncio

    from parity.cli.cost_model import read_prices

    price_list = read_prices()
    chosen = (options.backend,) if options.backend else BACKENDS
    program, stack = program_of(options), stack_of(options)
    bills = asyncio.run(_bills(program, stack, dict(config_of(options)), options.answers, chosen, price_list))
    requests: int = options.requests_per_month
    rows = _bill(bills[options.backend], requests) if options.backend else _table(bills, requests)
    print(f"US dollars a month, {price_list.region}, prices of {price_list.date}, stack {stack}\n")
    print(_aligned(rows))
    return 0


async def _bills(
    program: Path,
    stack: str,
    config: dict[str, str],
    answers: Path | None,
    backends: Sequence[str],
    price_list: "PriceList",
) -> dict[str, "list[CostLine]"]:
    import asyncio

    bills = await asyncio.gather(
        *(_bill_of(program, stack, config | {"backend": backend}, answers, price_list) for backend in backends)
    )
    return dict(zip(backends, bills, strict=True))


async def _bill_of(
    program: Path, stack: str, config: dict[str, str], answers: Path | None, price_list: "PriceList"
) -> "list[CostLine]":
    """Runs the program with a configuration, and counts what it registers."""
    from parity.cli.cost_model import cost_lines
    from parity.local.declared import declared

    found = await declared(program, stack=stack, config=config, answers=answers)
    return cost_lines(found.resources, price_list)


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
