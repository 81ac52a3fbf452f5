"""Stacks under the real Pulumi CLI; every test that uses one is skipped where there is no CLI."""

import importlib.metadata
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engine.argument_schema import PYTHON_PACKAGES
from tests.engine.aws_account import Account
from tests.engine.aws_provider import serving
from tests.engine.pulumi_stack import PulumiStack, install_plugin, link_virtualenv

REPOSITORY = Path(__file__).parents[2]
PROGRAM_FILES = ("Pulumi.yaml", "__main__.py", "infra", "backend_http", "backend_lambda")


@pytest.fixture(scope="module")
def pulumi_cli() -> None:
    """Skip the tests where Pulumi or its Python language host is missing."""
    missing = [name for name in ("pulumi", "pulumi-language-python") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"no {' and no '.join(missing)} on the PATH: https://www.pulumi.com/docs/install/")


@pytest.fixture(scope="module")
def account() -> Account:
    """An empty AWS account."""
    return Account()


@pytest.fixture(scope="module")
def pulumi_home(pulumi_cli: None, account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Pulumi home folder of its own, in which the stand-in provider is installed."""
    home = tmp_path_factory.mktemp("pulumi-home")
    with ExitStack() as servers:
        for name, package in PYTHON_PACKAGES.items():
            version = importlib.metadata.version(package)
            install_plugin(home, name, version, servers.enter_context(serving(account, version)))
        yield home


@pytest.fixture(scope="module")
def small_stack(pulumi_home: Path, account: Account, tmp_path_factory: pytest.TempPathFactory) -> PulumiStack:
    """A stack of the tests' own small program, not yet deployed."""
    project = tmp_path_factory.mktemp("small") / "program"
    shutil.copytree(Path(__file__).parent / "program", project)
    return _new_stack(project, pulumi_home, account)


@pytest.fixture(scope="module")
def parity_stack(pulumi_home: Path, account: Account, tmp_path_factory: pytest.TempPathFactory) -> PulumiStack:
    """A stack of a copy of Parity's program, not yet deployed."""
    project = tmp_path_factory.mktemp("parity") / "parity"
    project.mkdir()
    for name in PROGRAM_FILES:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, project / name)
    return _new_stack(project, pulumi_home, account)


def _new_stack(project: Path, home: Path, account: Account) -> PulumiStack:
    link_virtualenv(project)
    stack = PulumiStack(project, home, account)
    stack.initialise()
    return stack
