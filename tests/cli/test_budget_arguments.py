"""`--template-seconds` and `--template-memory`: the budget of a request."""

import argparse

import pytest

from parity.cli.arguments.program import add_run_arguments, run_options
from parity.gateway.lifecycle.request_work import DEFAULT_BUDGET, BudgetSize


def budget(*arguments: str) -> BudgetSize:
    parser = argparse.ArgumentParser()
    add_run_arguments(parser)
    found: BudgetSize = run_options(parser.parse_args(arguments))["budget"]
    return found


def test_the_budget_is_the_gateways_unless_it_is_raised() -> None:
    assert budget() == DEFAULT_BUDGET
    assert budget("--template-seconds", "30", "--template-memory", "2048") == (30.0, 2 * 1024**3)


@pytest.mark.parametrize("arguments", [("--template-seconds", "0"), ("--template-memory", "-1")])
def test_a_budget_is_more_than_nothing(arguments: tuple[str, str]) -> None:
    with pytest.raises(SystemExit):
        budget(*arguments)
