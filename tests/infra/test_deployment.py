"""Whatever shapes the API makes a new deployment, and nothing else does."""

from pathlib import Path
from typing import Any

import pytest

from infra.rest_api import mapping_templates
from infra.rest_api.api_shape import SHAPING_TYPES, digest_of
from tests.infra.harness import Deployed, deploy, deployed

# On one worker, so that a stack is deployed once for all tests that ask for it.


def trigger(deployed: Deployed) -> str:
    """The trigger of the stack's deployment."""
    found: str = deployed.one("apigateway/deployment:Deployment").inputs["triggers"]["shape"]
    return found


def test_the_same_program_has_the_same_trigger() -> None:
    assert trigger(deploy()) == trigger(deployed())


@pytest.mark.parametrize("template", sorted(path.stem for path in mapping_templates.FOLDER.glob("*.vtl")))
def test_a_change_of_any_template_is_deployed(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every_template = {"queryStrings": '["*"]', "headers": '["*"]'}
    before = trigger(deployed(every_template))
    read = Path.read_text

    def changed(path: Path, *args: Any, **options: Any) -> str:
        return read(path, *args, **options) + ("##" if path.name == f"{template}.vtl" else "")

    monkeypatch.setattr(Path, "read_text", changed)
    assert trigger(deploy(every_template)) != before


@pytest.mark.parametrize(
    "config",
    [
        {"backend": "lambda"},
        {"backend": "http"},
        {"queryStrings": '["query1"]'},
        {"queryStrings": '["*"]'},
        {"headers": '["X-Trace"]'},
        {"httpEndpoint": "https://echo.example.com"},
        {"authorization": "iam"},
        {"authorization": "api-key"},
        {"authorization": "lambda"},
        {"allowedIps": '["10.0.0.0/8"]'},
    ],
    ids=str,
)
def test_a_change_of_a_mapping_method_or_backend_is_deployed(config: dict[str, str]) -> None:
    assert trigger(deployed(config)) != trigger(deployed())


@pytest.mark.parametrize(
    "config",
    [{"throttlingRate": "7"}, {"logRetentionDays": "30"}, {"waf": "true"}, {"minTasks": "2"}, {"tracing": "false"}],
    ids=str,
)
def test_what_does_not_shape_the_api_is_not_deployed(config: dict[str, str]) -> None:
    assert trigger(deployed(config)) == trigger(deployed())


NOT_SHAPING = {"Account", "ApiKey", "Deployment", "MethodSettings", "Stage", "UsagePlan", "UsagePlanKey"}
"""Resources of API Gateway that a deployment does not freeze."""


@pytest.mark.parametrize("authorization", ["none", "api-key", "lambda"])
def test_every_resource_that_a_deployment_freezes_is_in_the_trigger(authorization: str) -> None:
    stack = deployed({"authorization": authorization, "allowedIps": '["10.0.0.0/8"]'})
    types = {each.type for each in stack.resources if each.type.startswith("aws:apigateway/")}
    assert {type_.rpartition(":")[2] for type_ in types - SHAPING_TYPES} <= NOT_SHAPING


def test_the_digest_changes_with_every_argument_of_every_shaping_resource() -> None:
    shaping = {each.name + each.type: each.inputs for each in deployed().resources if each.type in SHAPING_TYPES}
    digests = {digest_of(shaping)}
    for name, inputs in shaping.items():
        for key, value in inputs.items():
            digests.add(digest_of({**shaping, name: {**inputs, key: f"not {value}"}}))
    assert len(digests) == 1 + sum(len(inputs) for inputs in shaping.values()) > 300
