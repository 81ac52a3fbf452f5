"""What each kind of change does to a deployed stack, under the real engine.

The HTTP backend is an existing service here, so that an update takes a few seconds; `test_backends.py` has the
container.

The tests follow the life of one stack, in their order.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.engine.aws_account import Change
from tests.engine.pulumi_stack import PulumiFailedError, PulumiStack, count

REDEPLOYMENT = ["create Deployment", "update Stage", "delete Deployment"]
TOKEN = "a-token-of-more-than-32-characters"


@pytest.fixture(scope="module")
def deployed(parity_stack: PulumiStack) -> PulumiStack:
    """The stack after its first `pulumi up`."""
    configured(parity_stack, {"parity:httpEndpoint": "https://echo.example.com"})
    return parity_stack


def test_a_changed_template_is_deployed_before_the_old_deployment_goes(deployed: PulumiStack) -> None:
    append(deployed.project / "infra/templates/lambda_request.vtl", "## changed\n")
    assert summaries(deployed.up()) == ["update Integration", *REDEPLOYMENT]


def test_a_changed_handler_is_deployed_without_the_api(deployed: PulumiStack) -> None:
    append(deployed.project / "backend_lambda/handler.py", "# changed\n")
    assert summaries(deployed.up()) == ["update Function"]


def test_another_retention_changes_the_log_groups_in_place(deployed: PulumiStack) -> None:
    changes = configured(deployed, {"parity:logRetentionDays": 30})
    assert set(summaries(changes)) == {"update LogGroup"}


def test_other_query_strings_are_deployed(deployed: PulumiStack) -> None:
    changes = configured(deployed, {"parity:queryStrings": ["page"]})
    assert sorted(summaries(changes[:2])) == ["update Integration", "update Method"]
    assert summaries(changes[2:]) == REDEPLOYMENT


def test_wrong_values_are_told_together_and_change_nothing(deployed: PulumiStack) -> None:
    before = len(deployed.account.changes)
    with pytest.raises(PulumiFailedError) as failure:
        tried(deployed, {"parity:backend": "ftp", "parity:throttlingRate": 0})
    assert "parity:backend is 'ftp'; allowed: one of both, lambda, http" in str(failure.value)
    assert "parity:throttlingRate is '0'; allowed: a whole number from 1 to 10000" in str(failure.value)
    assert "Traceback" not in str(failure.value)
    assert deployed.account.changes[before:] == []


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("parity:throttlingRate", "fast", "integer"),
        ("parity:waf", "perhaps", "boolean"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_pulumi(
    deployed: PulumiStack, key: str, value: str, expected: str
) -> None:
    with pytest.raises(PulumiFailedError, match=f"'{key.partition(':')[2]}' must be of type '{expected}'"):
        tried(deployed, {key: value})


def test_a_renamed_stage_comes_before_the_old_one_goes(deployed: PulumiStack) -> None:
    changes = configured(deployed, {"parity:stageName": "live"})
    stages = [change.summary for change in changes if change.type.endswith(":Stage")]
    assert stages == ["create Stage", "delete Stage"]
    assert_replaced_before_deleted(changes)
    assert count(changes, "create RestApi") == 0
    assert deployed.outputs()["url"].endswith("/live")


def test_the_authorizer_accepts_a_token_that_aws_made_where_none_is_configured(deployed: PulumiStack) -> None:
    changes = configured(deployed, {"parity:authorization": "lambda"})
    assert summaries(changes).index("create Authorizer") < summaries(changes).index("create Deployment")
    assert_replaced_before_deleted(changes)
    [key] = deployed.account.of_type("ApiKey")
    assert deployed.outputs()["token"] == "[secret]"
    assert deployed.outputs("--show-secrets")["token"] == key.outputs["value"]


def test_a_configured_token_stays_secret(deployed: PulumiStack) -> None:
    deployed.set_secret("parity:authorizerToken", TOKEN)
    changes = configured(deployed, {"parity:authorization": "lambda"})
    assert summaries(changes) == ["update Function", "delete ApiKey"]
    assert deployed.outputs()["token"] == "[secret]"
    assert deployed.outputs("--show-secrets")["token"] == TOKEN
    assert TOKEN not in str(deployed.state())
    assert TOKEN not in deployed.pulumi("preview", "--stack", deployed.name, "--diff")


def test_an_api_key_opens_the_api_in_place_of_the_authorizer(deployed: PulumiStack) -> None:
    changes = configured(deployed, {"parity:authorization": "api-key", "parity:waf": True})
    assert_replaced_before_deleted(changes)
    assert count(changes, "create UsagePlanKey") == count(changes, "delete Authorizer") == 1
    assert count(changes, "create WebAclAssociation") == 1
    [key] = deployed.account.of_type("ApiKey")
    assert deployed.outputs("--show-secrets")["api_key"] == key.outputs["value"]
    assert deployed.outputs()["api_key"] == "[secret]"


def test_iam_and_an_allow_list_take_the_key_away(deployed: PulumiStack) -> None:
    changes = configured(deployed, {"parity:authorization": "iam", "parity:allowedIps": ["192.0.2.0/24"]})
    assert_replaced_before_deleted(changes)
    assert count(changes, "create RestApiPolicy") == 1
    assert {method.inputs["authorization"] for method in deployed.account.of_type("Method")} == {"AWS_IAM"}
    assert deployed.account.of_type("ApiKey") == []


def test_nothing_is_left_to_change_and_destroy_leaves_nothing(deployed: PulumiStack) -> None:
    assert deployed.preview() == []
    deployed.destroy()
    assert deployed.account.resources == {}


def configured(stack: PulumiStack, config: dict[str, Any]) -> list[Change]:
    """What `pulumi up` does after the config values of `config` are set beside those that were."""
    stack.config |= config
    return tried(stack, {})


def tried(stack: PulumiStack, config: dict[str, Any]) -> list[Change]:
    """What `pulumi up` does with the config values of `config`, which the next update forgets."""
    stack.configure(stack.config | config)
    return stack.up()


def append(path: Path, text: str) -> None:
    """Add `text` to a file."""
    path.write_text(path.read_text() + text)


def summaries(changes: Sequence[Change]) -> list[str]:
    """The changes in short."""
    return [change.summary for change in changes]


DELETED_FIRST = {"Integration", "IntegrationResponse"}
"""Of which a method has one at a time; the stage serves a copy of the old ones until its deployment is replaced."""


def assert_replaced_before_deleted(changes: Sequence[Change]) -> None:
    """Nothing that serves requests goes while something is still to come."""
    changes = [change for change in changes if change.summary.split()[1] not in DELETED_FIRST]
    first_deletion = next((index for index, change in enumerate(changes) if change.operation == "delete"), len(changes))
    late = [change.summary for change in changes[first_deletion:] if change.operation != "delete"]
    assert late == []
