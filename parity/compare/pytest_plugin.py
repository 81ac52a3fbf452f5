"""The pytest plugin that ships with Parity: where the API under test is."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--api-url` and `--stack`, which name a deployed API in place of a local one."""
    group = parser.getgroup("parity")
    group.addoption("--api-url", help="compare the deployed API at this stage URL in place of a local one")
    group.addoption("--stack", help="compare the API of this deployed Pulumi stack in place of a local one")
