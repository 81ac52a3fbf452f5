"""A change of backend, and of the container, under the real engine: what comes, what goes, and in which order.

The tests follow the life of one stack, in their order.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from infra.rest_api.error_responses import STATUSES
from tests.engine.aws_account import Change
from tests.engine.aws_needs import StackState
from tests.engine.pulumi_stack import PulumiStack, count
from tests.engine.test_updates import append, assert_replaced_before_deleted, summaries

# What runs, stands ready or is stored for the container, and is paid for.
CONTAINER_TYPES = ("ecs", "ec2", "vpc", "lb", "ecr", "docker-build", "apigatewayv2", "appautoscaling")


@pytest.fixture(scope="module")
def lambda_only(parity_stack: PulumiStack) -> PulumiStack:
    """A stack whose first deployment has the Lambda backend alone."""
    parity_stack.configure({"parity:backend": "lambda"})
    parity_stack.up()
    return parity_stack


def test_the_lambda_backend_alone_has_nothing_of_the_container(lambda_only: PulumiStack) -> None:
    assert container_resources(lambda_only) == set()
    assert lambda_only.outputs().keys() == {"api_id", "backend", "curl", "lambda_url", "url"}


def test_http_takes_the_place_of_lambda_before_lambda_goes(lambda_only: PulumiStack) -> None:
    changes = switched(lambda_only, {"parity:backend": "http"})
    assert_replaced_before_deleted(changes)
    assert count(changes, "create RestApi") == count(changes, "delete Stage") == 0
    assert lambda_only.account.of_type("Function") == []
    assert lambda_only.outputs().keys() == {"api_id", "backend", "curl", "http_url", "url"}


def test_a_changed_service_is_built_and_rolled_out_without_the_api(lambda_only: PulumiStack) -> None:
    append(lambda_only.project / "backend_http/app.py", "# changed\n")
    changes = lambda_only.up()
    assert summaries(changes) == [
        "update Image",
        "create TaskDefinition",
        "update Service",
        "delete TaskDefinition",
    ]


def test_both_backends_come_back(lambda_only: PulumiStack) -> None:
    changes = switched(lambda_only, {"parity:backend": "both"})
    assert_replaced_before_deleted(changes)
    assert count(changes, "create Deployment") == count(changes, "delete Deployment") == 1
    assert {"http_url", "lambda_url"} <= lambda_only.outputs().keys()
    assert StackState(lambda_only.state()).unmet_needs() == []
    assert lambda_only.preview() == []


def test_other_addresses_make_another_network_before_the_old_one_goes(lambda_only: PulumiStack) -> None:
    changes = switched(lambda_only, {"parity:backend": "both", "parity:vpcCidr": "10.30.0.0/24"})
    assert_replaced_before_deleted(changes)
    assert count(changes, "create Vpc") == count(changes, "delete Vpc") == 1


def test_an_existing_service_takes_the_place_of_the_container(lambda_only: PulumiStack) -> None:
    changes = switched(lambda_only, {"parity:httpEndpoint": "https://echo.example.com"})
    assert_replaced_before_deleted(changes)
    assert_integration_made_again(changes)
    assert container_resources(lambda_only) == set()
    integration = http_integration(lambda_only)
    assert integration["connectionType"] == "INTERNET"
    assert "connectionId" not in integration
    assert responses(lambda_only) == 2 * (len(STATUSES) + 1)


def test_an_existing_image_and_network_are_used_and_not_made(lambda_only: PulumiStack) -> None:
    existing = {
        # Any registry will do, since the VPC is somebody else's.
        "parity:image": "registry.example.com/echo:1.2.3",
        "parity:vpcId": "vpc-0cccccccccccccccc",
        "parity:subnetIds": ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"],
    }
    changes = switched(lambda_only, existing)
    assert_replaced_before_deleted(changes)
    assert_integration_made_again(changes)
    assert http_integration(lambda_only)["connectionType"] == "VPC_LINK"
    assert responses(lambda_only) == 2 * (len(STATUSES) + 1)
    made = container_resources(lambda_only)
    assert "Service" in made
    assert made.isdisjoint({"Image", "Repository", "Vpc", "Subnet", "VpcEndpoint"})
    assert StackState(lambda_only.state()).unmet_needs() == []


def test_destroy_leaves_nothing_that_costs(lambda_only: PulumiStack) -> None:
    lambda_only.destroy()
    assert lambda_only.account.resources == {}


def switched(stack: PulumiStack, config: Mapping[str, object]) -> list[Change]:
    """What `pulumi up` does with `config` as the stack's whole configuration."""
    stack.configure(config)
    return stack.up()


def assert_integration_made_again(changes: Sequence[Change]) -> None:
    """The HTTP route's integration is replaced, since no patch takes its link away, and its responses with it."""
    assert count(changes, "update Integration") == 0
    for operation in ("delete", "create"):
        assert count(changes, f"{operation} Integration") == 1
    assert count(changes, "create IntegrationResponse") == len(STATUSES) + 1


def http_integration(stack: PulumiStack) -> dict[str, Any]:
    """What the HTTP route's integration is made of."""
    [found] = [item.inputs for item in stack.account.of_type("Integration") if item.inputs["type"] == "HTTP"]
    return found


def responses(stack: PulumiStack) -> int:
    """How many integration responses there are."""
    return len(stack.account.of_type("IntegrationResponse"))


def container_resources(stack: PulumiStack) -> set[str]:
    """The classes of the resources that exist for the container."""
    types = (resource.type for resource in stack.account.resources.values())
    return {token.rpartition(":")[2] for token in types if container_type(token)}


def container_type(token: str) -> bool:
    """Whether a type is one of those that the container alone needs."""
    package, module, _ = token.split(":")
    return package in CONTAINER_TYPES or module.partition("/")[0] in CONTAINER_TYPES
