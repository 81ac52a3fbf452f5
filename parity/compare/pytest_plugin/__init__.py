"""The pytest plugin that ships with Parity: comparisons, routes and templates as tests.

    def test_greeting(compare):
        compare(method="POST", path="/greet", query_string="query1=hello")

    def test_order(parity_route):
        order = parity_route("POST /orders")(json={"item": "tea"})
        assert order.sent["order"]["item"] == "tea"

    def test_template(parity_template):
        assert parity_template("order.vtl")(body='{"a": 1}').json() == {"b": 1}

`compare` fails with the difference field by field when one has no known reason. Case files named `*.parity.yaml` are
collected too, a test for each case. `--api-url`, or `--deployed` with `--stack`, takes a deployed API in place of a
local one; `--parity-left` and `--parity-right`, or `--parity-pair`, take two routes in place of this project's own.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from parity.compare.case import Case
    from parity.compare.comparison import CaseResult
    from parity.compare.pytest_plugin.route import LocalRoute
    from parity.compare.pytest_plugin.template import Template
    from parity.compare.settings import OptionNames
    from parity.compare.target import Target
    from parity.local.session import Session

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
    for name in ("left", "right"):
        group.addoption(f"--parity-{name}", metavar="ROUTE", help=f"the {name} one of two routes that are compared")
        parser.addini(f"parity_{name}", f"the {name} one of two routes that are compared, such as 'POST /orders'")
    group.addoption("--parity-pair", metavar="NAME", help="a pair of routes of the program's parity.yaml")
    parser.addini("parity_pair", "a pair of routes of the program's parity.yaml")
    parser.addini("parity_ignore", "differences between two routes that do not count, a rule a line", type="linelist")
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


def _setting(config: pytest.Config, name: str) -> str:
    """An option, or the ini option of the same name."""
    return str(config.getoption(f"--parity-{name}") or config.getini(f"parity_{name}") or "")


def _run_of(config: pytest.Config) -> dict[str, Any]:
    from parity.local.program.configuration import parse_config

    return {"stack": _stack_of(config), "config": parse_config(config.getoption("--parity-config"))}


def _program_of(config: pytest.Config) -> Path:
    return config.rootpath / str(config.getini("parity_program"))


@pytest.fixture(scope="session")
def parity_session(pytestconfig: pytest.Config) -> "Iterator[Session]":
    """The program of the ini option `parity_program`, run locally: `outputs`, `apis`, `resources`."""
    from parity.errors import UserError
    from parity.local import running

    with ExitStack() as stack:
        try:
            session = stack.enter_context(running(_program_of(pytestconfig), record=True, **_run_of(pytestconfig)))
        except UserError as error:
            _fail(f"parity: {error}")
        yield session


@pytest.fixture(scope="session")
def parity_api(pytestconfig: pytest.Config, request: pytest.FixtureRequest) -> "Iterator[Target]":
    """The API under test: `urls` by integration, or by route, `settings`, `outputs`.

    It is local, run from the program that the ini option `parity_program` names, unless `--api-url` or `--deployed`
    say otherwise.
    """
    from parity.compare.target import stack_target, target_of_session, url_target
    from parity.errors import UserError

    options = _option_names()
    program, run = _program_of(pytestconfig), _run_of(pytestconfig)
    url, deployed = pytestconfig.getoption("--api-url"), pytestconfig.getoption("--deployed")
    with ExitStack() as stack:
        try:
            if any(_setting(pytestconfig, name) for name in ("left", "right", "pair")):
                target = stack.enter_context(_pair_target(pytestconfig))
            elif url:
                target = url_target(url, run["config"], options)
            elif deployed:
                target = stack_target(program, run["stack"], run["config"], options)
            else:
                target = target_of_session(request.getfixturevalue("parity_session"), options)
        except UserError as error:
            _fail(f"parity: {error}")
        yield target


def _option_names() -> "OptionNames":
    """What the options of `pytest_addoption` are called."""
    from parity.compare.settings import OptionNames

    return OptionNames(
        url="--api-url", left="--parity-left", right="--parity-right", pair="--parity-pair", config="--parity-config"
    )


def _pair_target(config: pytest.Config) -> Any:
    """The two routes that the options, the ini options or the program's file of pairs name."""
    from parity.compare.pair.finding import Defaults, PairRequest, pair_target
    from parity.compare.pair.ignore import IgnoreRules
    from parity.compare.pair.pair_file import FILE_NAME, NamedPair, declared_pair, find_pair
    from parity.compare.pair.route import parse_route

    program, names = _program_of(config), _option_names()
    file, left, right = program / FILE_NAME, _setting(config, "left"), _setting(config, "right")
    if _setting(config, "pair"):
        named = find_pair(file, _setting(config, "pair"), names)
    else:
        declared = declared_pair(file, left, right, names) if file.is_file() and left and right else None
        named = declared or NamedPair(name="", left=left, right=right)
    request = PairRequest(
        left=parse_route(named.left, "parity_left"),
        right=parse_route(named.right, "parity_right"),
        ignore=IgnoreRules.parse([*named.ignore, *config.getini("parity_ignore")], "parity_ignore"),
        twice=not named.once,
    )
    url = str(config.getoption("--api-url") or "")
    deployed = bool(config.getoption("--deployed"))
    return pair_target(
        request, Defaults(program=program, run=_run_of(config), deployed=deployed, url=url, options=names)
    )


def _fail(message: str) -> Any:
    from parity.terminal import printable

    pytest.fail(printable(message), pytrace=False)


@pytest.fixture
def compare(parity_api: "Target") -> "Callable[..., CaseResult]":
    """Compares one request, given as a `Case` or by the arguments of one, and returns the result.

    It fails the test, with the difference field by field, when a difference has no known reason.
    """

    def compare_one(request: "Case | None" = None, **arguments: Any) -> "CaseResult":
        from parity.compare.case import Case
        from parity.compare.comparison import compare as compare_all
        from parity.compare.formatting import failure_text

        name = arguments.get("path", "/")
        case = request if request is not None else Case(**{"name": name, "method_given": False, **arguments})
        comparison = compare_all(parity_api, [case])
        result = comparison.results[0]
        if not result.passed:
            _fail(failure_text(result))
        if comparison.refusals:
            answers = ", ".join(f"{side} answers {text}" for side, text in comparison.refusals.items())
            told = f"{case.name}: API Gateway refused the request, so that no backends were compared: {answers}"
            warnings.warn(pytest.PytestWarning(told), stacklevel=2)
        return result

    return compare_one


@pytest.fixture
def parity_route(parity_session: "Session") -> "Callable[[str], LocalRoute]":
    """A route of the program, such as `parity_route("POST /orders")`; calling that sends a request.

    The result has `status`, `headers`, `text` and `json()` of the answer, `sent` (what the backend was sent), and the
    whole `exchange`. It fails the test when there is no such route.
    """

    def route(text: str) -> "LocalRoute":
        from parity.compare.pytest_plugin.route import LocalRoute
        from parity.errors import UserError

        try:
            return LocalRoute.find(parity_session, text)
        except UserError as error:
            return _fail(f"parity: {error}")  # type: ignore[no-any-return]

    return route


@pytest.fixture
def parity_template(pytestconfig: pytest.Config) -> "Callable[[str | Path], Template]":
    """A mapping template's file, from rootdir, such as `parity_template("infra/order.vtl")`; calling that renders it.

    The result has `text`, and `json()`, which fails the test with the place where the text is not JSON.
    """

    def template(path: "str | Path") -> "Template":
        from parity.compare.pytest_plugin.template import Template

        return Template.read(pytestconfig.rootpath / path)

    return template


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
        from parity.compare.requests.sources import load_requests
        from parity.errors import UserError
        from parity.terminal import printable, visible

        for_pair = any(_setting(self.config, name) for name in ("left", "right", "pair"))
        try:
            cases = load_requests(self.path, for_pair=for_pair)
        except UserError as error:
            raise self.CollectError(printable(str(error))) from error
        for case in cases:
            yield pytest.Function.from_parent(self, name=visible(case.name), callobj=_test_of(case))


def _test_of(case: "Case") -> "Callable[..., None]":
    def test_case(compare: "Callable[[Case], CaseResult]") -> None:
        compare(case)

    test_case.__doc__ = case.why
    return test_case
