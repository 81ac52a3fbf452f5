"""The stacks that the repository has a configuration for can be deployed as they stand."""

import shutil

import pytest

from tests.engine.conftest import REPOSITORY
from tests.engine.pulumi_stack import PulumiStack


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_engine_takes_the_configuration_of_the_stack(parity_stack: PulumiStack, name: str) -> None:
    shutil.copy(REPOSITORY / f"Pulumi.{name}.yaml", parity_stack.project)
    stack = PulumiStack(parity_stack.project, parity_stack.home, parity_stack.account, name)
    stack.initialise()
    assert {operation for operation, _ in stack.preview()} == {"create"}
