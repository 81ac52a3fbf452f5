"""`parity init` writes a program whose routes are alike, whose templates have no finding, and whose tests pass."""

import subprocess
import sys
from pathlib import Path

import pytest

from parity.cli import main


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "my api"
    assert main(["init", str(folder)]) == 0
    return folder


def test_its_two_routes_are_alike(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(program)]) == 0
    assert capsys.readouterr().out.endswith("✓ 3 alike\n")


def test_lint_finds_nothing_in_it(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(program)]) == 0, capsys.readouterr().out


def test_its_tests_pass(program: Path) -> None:
    """Three requests of its case file, and two tests."""
    others = [word for name in ("cacheprovider", "xdist", "asyncio", "schemathesis") for word in ("-p", f"no:{name}")]
    command = [sys.executable, "-m", "pytest", "-q", *others]
    done = subprocess.run(command, cwd=program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "5 passed" in done.stdout


def test_a_file_that_exists_is_not_written_over(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(program)]) == 2
    assert "exists already; name another folder" in capsys.readouterr().err
