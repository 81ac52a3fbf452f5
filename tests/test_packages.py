"""The packages of the project import in one direction, and no file grows too long to read."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.package_graph import PAGE, with_diagrams

ROOT = Path(__file__).parents[1]
SHARED = ("parity.errors", "parity.terminal")
_GATEWAY = ("parity.velocity", "parity.jsonpath", "parity.gateway")
_LOCAL = (*_GATEWAY, "parity.local")
BELOW = {
    "parity.velocity": (),
    "parity.jsonpath": ("parity.velocity",),
    "parity.gateway": ("parity.velocity", "parity.jsonpath"),
    "parity.local": _GATEWAY,
    "parity.lint": _LOCAL,
    "parity.compare": _LOCAL,
    "parity.fuzz": (*_LOCAL, "parity.compare"),
    "parity.bench": (*_LOCAL, "parity.compare"),
    "parity.workbench": (*_LOCAL, "parity.lint", "parity.compare"),
    "parity.doctor": (*_LOCAL, "parity.compare"),
    "parity.cli": (
        *(*_LOCAL, "parity.workbench", "parity.lint", "parity.compare", "parity.fuzz", "parity.bench"),
        "parity.doctor",
    ),
    "infra": (),
    "backend_http": (),
    "backend_lambda": (),
}
"""Each package with those that it may import; all may import what is shared, but for what is deployed to AWS."""
INNER = {
    "parity.gateway": (
        *("model", "templates", "lifecycle", "integrations", "access", "openapi", "logs", "checks"),
        *("context", "routing", "caching", "gateway", "canary", "server"),
    ),
    "parity.local": (
        *(
            "processes",
            "aws_calls",
            "dockerfile",
            "program",
            "resources",
            "rest_api",
            "containers",
            "functions",
            "worker",
            "services",
        ),
        *("session_options", "declared", "aws_differences", "live_backends", "deployment", "served_api"),
        *("session", "watch"),
    ),
}
"""The packages and modules within a package, from the bottom up: each imports only those before it."""
DEPLOYED = ("infra", "backend_http", "backend_lambda")
MOST_LINES = 500
MOST_NAMES = 20


def sources(*folders: str) -> list[Path]:
    """The Python files in some of the project's folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, at its top, within functions and for types alone, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports by the module's full name"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_within(module: str, package: str) -> bool:
    """Whether a module is a package or in it."""
    return f"{module}.".startswith(f"{package}.")


@pytest.mark.parametrize("package", BELOW)
def test_a_package_imports_only_those_below_it(package: str) -> None:
    allowed = (package, *BELOW[package], *(() if package in DEPLOYED else SHARED))
    files = sources(package.replace(".", "/"))
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in files
        for line, module in imported(path)
        if is_within(module, "parity") or any(is_within(module, other) for other in DEPLOYED)
        if not any(is_within(module, other) for other in allowed)
    ]
    assert files
    assert wrong == []


@pytest.mark.parametrize("package", INNER)
def test_within_a_package_each_part_imports_only_those_before_it(package: str) -> None:
    order = INNER[package]
    folder = ROOT / package.replace(".", "/")
    names = {path.stem for path in folder.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert names - {"__init__"} == set(order)
    wrong = []
    for position, name in enumerate(order):
        later = order[position + 1 :]
        files = sources(f"{package.replace('.', '/')}/{name}") or [folder / f"{name}.py"]
        wrong += [
            f"{path.relative_to(ROOT)}:{line}: {module}"
            for path in files
            for line, module in imported(path)
            if any(is_within(module, f"{package}.{other}") for other in later)
        ]
    assert wrong == []


def test_every_package_of_parity_has_its_place() -> None:
    packages = {f"parity.{path.parent.name}" for path in (ROOT / "parity").glob("*/__init__.py")}
    assert packages == {name for name in BELOW if name.startswith("parity.")}


def test_no_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources("parity", "infra", "backend_http", "backend_lambda", "benchmarks", "tests")
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("top", ["parity", "tests"])
def test_no_folder_holds_too_many_names(top: str) -> None:
    folders = [ROOT / top, *(path.parent for path in (ROOT / top).rglob("*/__init__.py"))]
    counts = {
        str(folder.relative_to(ROOT)): len({path.name for path in folder.iterdir()} - {"__init__.py", "__pycache__"})
        for folder in folders
    }
    assert {name: count for name, count in counts.items() if count > MOST_NAMES} == {}


def test_the_architecture_page_shows_the_imports_as_they_are() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_diagrams(page) == page, "write the diagrams anew: python -m tests.package_graph"


def test_the_wheel_has_every_file_that_the_package_reads() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["*"]
    files = [path for path in (ROOT / "parity").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    data = [path for path in files if path.suffix not in (".py", ".pyc")]
    assert [str(path) for path in data if not any(path.match(pattern) for pattern in patterns)] == []
