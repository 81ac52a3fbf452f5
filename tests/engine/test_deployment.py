"""The program's first deployment and its end, under the real engine: preview, up, refresh, destroy.

The tests follow the life of one stack, in their order.
"""

import pytest

from parity.compare.settings import Side
from parity.compare.target import stack_target
from tests.engine.aws_needs import StackState
from tests.engine.pulumi_stack import PulumiStack


@pytest.fixture(scope="module")
def planned(parity_stack: PulumiStack) -> list[str]:
    """What the first preview says it would create, each resource's URN."""
    parity_stack.configure({"parity:backend": "both"})
    steps = parity_stack.preview()
    assert {operation for operation, _ in steps} == {"create"}
    return [urn for _, urn in steps if _is_custom(urn)]


@pytest.fixture(scope="module")
def deployed(parity_stack: PulumiStack, planned: list[str]) -> PulumiStack:
    """The stack after its first `pulumi up`."""
    parity_stack.up()
    return parity_stack


def test_a_preview_creates_nothing(parity_stack: PulumiStack, planned: list[str]) -> None:
    assert len(planned) > 50
    assert parity_stack.account.resources == {}


def test_up_creates_what_the_preview_said(deployed: PulumiStack, planned: list[str]) -> None:
    assert sorted(resource.urn for resource in deployed.account.resources.values()) == sorted(planned)


def test_a_second_preview_changes_nothing(deployed: PulumiStack) -> None:
    assert deployed.preview() == []


def test_a_refresh_finds_everything_as_it_was(deployed: PulumiStack) -> None:
    before = deployed.outputs()
    assert deployed.refresh() == []
    assert deployed.outputs() == before


def test_outputs_say_where_the_api_is(deployed: PulumiStack) -> None:
    [api] = deployed.account.of_type("RestApi")
    url = f"https://{api.id}.execute-api.eu-west-1.amazonaws.com/test"
    outputs = deployed.outputs()
    curl = outputs.pop("curl")
    assert outputs == {
        "api_id": api.id,
        "backend": "both",
        "http_url": f"{url}/http",
        "lambda_url": f"{url}/lambda",
        "url": url,
    }
    assert f"{url}/lambda/path1/path2?query1=querystring1&query2=querystring2" in curl


def test_a_comparison_finds_the_api_of_the_stack(deployed: PulumiStack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in deployed.environment().items():
        monkeypatch.setenv(name, value)
    outputs = deployed.outputs()
    target = stack_target(deployed.project, deployed.name)
    assert target.urls == {Side.LAMBDA: outputs["lambda_url"], Side.HTTP: outputs["http_url"]}


def test_every_resource_waits_for_what_aws_wants_first(deployed: PulumiStack) -> None:
    unmet = StackState(deployed.state()).unmet_needs()
    assert [f"{_short(need.dependent)} does not wait for {_short(need.needed)}: {need.why}" for need in unmet] == []


def test_the_stage_serves_the_deployment_and_the_link_leads_to_the_balancer(deployed: PulumiStack) -> None:
    [stage], [deployment] = deployed.account.of_type("Stage"), deployed.account.of_type("Deployment")
    assert stage.inputs["deployment"] == deployment.id
    [link], [balancer] = deployed.account.of_type("VpcLink"), deployed.account.of_type("LoadBalancer")
    [private] = [item for item in deployed.account.of_type("Integration") if "connectionId" in item.inputs]
    assert private.inputs["connectionId"] == link.id
    assert private.inputs["integrationTarget"] == balancer.outputs["arn"]


def test_the_password_of_the_registry_is_nowhere_in_the_state(deployed: PulumiStack) -> None:
    assert "valid for twelve hours" not in str(deployed.state())


def test_destroy_leaves_nothing(deployed: PulumiStack) -> None:
    deployed.destroy()
    assert deployed.account.resources == {}
    assert deployed.state() == []


def _is_custom(urn: str) -> bool:
    """Whether a URN is that of a resource of AWS's or docker-build's, not of a component or a provider."""
    return urn.split("::")[2].rpartition("$")[2].startswith(("aws:", "docker-build:"))


def _short(urn: str) -> str:
    """A URN's own type and name."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.rpartition(':')[2]} {name}"
