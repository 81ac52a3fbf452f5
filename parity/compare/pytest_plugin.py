"""The pytest plugin that ships with Parity: comparisons as tests, of a local API or of a deployed one.

    def test_greeting(compare):
        compare(method="POST", path="/greet", query_string="query1=hello")

`compare` fails with the difference field by field when one has no known reason. Case files named `*.parity.yaml` are
collected too, a test for each case. `--api-url`, or `--deployed` with `--stack`, takes a deployed API in
place of a local one.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from parity.compare.case import Case
    from parity.compare.comparison import CaseResult
    from parity.compare.target import Target

CASE_FILE_SUFFIXES = (".parity.yaml", ".parity.yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the options that say which API is under test."""
    group = parser.getgroup("parity")
    group.addoption(
        "--api-url", metavar="URL", help="compare the deployed API at this stage URL in place of a local one"
    )
    group.addoption(
        "--stack", metavar="NAME", help="the stack whose configuration is used (default: the ini option parity_stack)"
    )
    group.addoption(
        "--deployed", action="store_true", help="compare the deployed API of the stack in place of a local one"
    )
    group.addoption(
        "--parity-config",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="a configuration value of the program (repeatable); with --api-url: what the API was deployed with",
    )
    parser.addini("parity_program", "folder of the Pulumi program that is compared, from rootdir", default=".")
    parser.addini("parity_stack", "stack whose configuration a local comparison has", default="dev")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Says in the header which deployed API is under test; a local one goes without saying."""
    if config.getoption("--deployed"):
        return f"parity: comparing the deployed stack {_stack_of(config)}"
    url = config.getoption("--api-url")
    return f"parity: comparing {url}" if url else None


def _stack_of(config: pytest.Config) -> str:
    return str(config.getoption("--stack") or config.getini("parity_stack"))


@pytest.fixture(scope="session")
def parity_api(pytestconfig: pytest.Config) -> "Iterator[Target]":
    """The API under test: `urls` by integration, `settings`, `outputs`.

    It is local, run from the program that the ini option `parity_program` names, unless `--api-url` or `--deployed`
    say otherwise.
    """
    from parity.compare.target import local_target, stack_target, url_target
    from parity.errors import UserError
    from parity.local.program.configuration import parse_config

    program = pytestconfig.rootpath / pytestconfig.getini("parity_program")
    url, stack = pytestconfig.getoption("--api-url"), _stack_of(pytestconfig)
    try:
        values = parse_config(pytestconfig.getoption("--parity-config"))
        if url:
            yield url_target(url, values)
        elif pytestconfig.getoption("--deployed"):
            yield stack_target(program, stack, values)
        else:
            with local_target(program, stack=stack, config=values) as target:
                yield target
    except UserError as error:
        pytest.fail(f"parity: {error}", pytrace=False)


@pytest.fixture
def compare(parity_api: "Target") -> "Callable[..., CaseResult]":
    """Compares one request, given as a `Case` or by the arguments of one, and returns the result.

    It fails the test, with the difference field by field, when a difference has no known reason.
    """

    def compare_one(request: "Case | None" = None, **arguments: Any) -> "CaseResult":
        from parity.compare.case import Case
        from parity.compare.comparison import compare as compare_all
        from parity.compare.formatting import failure_text

        case = request if request is not None else Case(**{"name": arguments.get("path", "/"), **arguments})
        result = compare_all(parity_api, [case]).results[0]
        if not result.passed:
            pytest.fail(failure_text(result), pytrace=False)
        return result

    return compare_one


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "CaseFile | None":
    """Collects case files."""
    return CaseFile.from_parent(parent, path=file_path) if file_path.name.endswith(CASE_FILE_SUFFIXES) else None


class CaseFile(pytest.File):
    """A case file; its tests are its cases."""

    obj = None

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each case.

        Raises:
            pytest.Collector.CollectError: the file is wrong.
        """
        from parity.compare.requests.case_file import load_cases
        from parity.errors import UserError

        try:
            cases = load_cases(self.path)
        except UserError as error:
            raise self.CollectError(str(error)) from error
        for case in cases:
            yield pytest.Function.from_parent(self, name=case.name, callobj=_test_of(case))


def _test_of(case: "Case") -> "Callable[..., None]":
    def test_case(compare: "Callable[[Case], CaseResult]") -> None:
        compare(case)

    test_case.__doc__ = case.why
    return test_case
