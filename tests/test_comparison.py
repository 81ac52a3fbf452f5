"""The outputs of the two integrations compared, case by case.

Locally by default; `pytest tests/test_comparison.py --api-url URL`, or `--deployed --stack NAME`, compares a
deployed API.
"""

from collections.abc import Callable

import pytest

from parity.compare.case import Case
from parity.compare.comparison import CaseResult
from parity.compare.requests.case_file import load_cases
from parity.compare.settings import Side
from parity.compare.target import Target

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_difference_has_its_reason(case: Case, compare: Callable[[Case], CaseResult]) -> None:
    compare(case)


def test_lambda_shows_all_that_the_article_sends(compare: Callable[[Case], CaseResult], parity_api: Target) -> None:
    _needs(Side.LAMBDA, parity_api)
    received = compare(CASES[0]).received[Side.LAMBDA]

    assert received.method == "POST"
    assert received.path == "path1/path2"
    assert received.query == {"query1": ("querystring1",), "query2": ("querystring2",)}
    assert received.headers["header1"] == ("value1",)
    assert received.headers["header2"] == ("value2",)
    assert received.body == {"keybody": "valuebody"}


def test_http_gets_the_path_and_the_mapped_query_strings_of_the_article(
    compare: Callable[[Case], CaseResult], parity_api: Target
) -> None:
    _needs(Side.HTTP, parity_api)
    received = compare(CASES[0]).received[Side.HTTP]

    assert received.method == "POST"
    assert received.path == "path1/path2"
    assert received.query == {"query1": ("querystring1",), "query2": ("querystring2",)}
    assert received.body == {"keybody": "valuebody"}


def test_there_are_the_integrations_that_the_stack_says(parity_api: Target) -> None:
    expected = {"both": [Side.LAMBDA, Side.HTTP], "lambda": [Side.LAMBDA], "http": [Side.HTTP]}

    assert list(parity_api.urls) == expected[parity_api.outputs.get("backend", "both")]


def _needs(side: Side, api: Target) -> None:
    if side not in api.urls:
        pytest.skip(f"the API under test has no {side} integration (parity:backend)")
