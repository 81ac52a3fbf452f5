"""The rooms of the project import in one direction, and no file grows too long to read."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHARED = "parity.errors"
BELOW = {
    "parity.velocity": (),
    "parity.gateway": ("parity.velocity",),
    "parity.local": ("parity.velocity", "parity.gateway"),
    "parity.compare": ("parity.velocity", "parity.gateway", "parity.local"),
    "parity.cli": ("parity.velocity", "parity.gateway", "parity.local", "parity.compare"),
    "infra": (),
    "backend_http": (),
    "backend_lambda": (),
}
"""Each room with those that it may import; all may import what is shared, but for what is deployed to AWS."""
DEPLOYED = ("infra", "backend_http", "backend_lambda")
MOST_LINES = 500


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


@pytest.mark.parametrize("room", BELOW)
def test_a_room_imports_only_those_below_it(room: str) -> None:
    allowed = (room, *BELOW[room], *(() if room in DEPLOYED else (SHARED,)))
    files = sources(room.replace(".", "/"))
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {module}"
        for path in files
        for line, module in imported(path)
        if is_within(module, "parity") or any(is_within(module, other) for other in DEPLOYED)
        if not any(is_within(module, package) for package in allowed)
    ]
    assert files
    assert wrong == []


def test_every_package_of_parity_is_a_room() -> None:
    packages = {f"parity.{path.parent.name}" for path in (ROOT / "parity").glob("*/__init__.py")}
    assert packages == {room for room in BELOW if room.startswith("parity.")}


def test_no_file_is_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources("parity", "infra", "backend_http", "backend_lambda", "benchmarks", "tests")
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}
