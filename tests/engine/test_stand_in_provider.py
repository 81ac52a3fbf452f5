"""The stand-in for AWS behaves as a provider should, shown with a small program under the real engine.

The tests follow the life of one stack, in their order.
"""

import pytest

from tests.engine.argument_schema import argument_problems
from tests.engine.aws_account import Account, RefusedError
from tests.engine.pulumi_stack import PulumiFailedError, PulumiStack


@pytest.fixture(scope="module")
def deployed(small_stack: PulumiStack) -> PulumiStack:
    small_stack.set_secret("small:password", "open sesame")
    small_stack.up()
    return small_stack


def test_a_second_preview_changes_nothing(deployed: PulumiStack) -> None:
    assert deployed.preview() == []


def test_outputs_have_the_values_that_only_aws_knows(deployed: PulumiStack) -> None:
    [api] = deployed.account.of_type("RestApi")
    assert deployed.outputs()["url"] == f"https://{api.id}.execute-api.eu-west-1.amazonaws.com/dev"


def test_secrets_are_hidden_and_kept(deployed: PulumiStack) -> None:
    assert deployed.outputs()["password"] == "[secret]"
    assert deployed.outputs("--show-secrets")["password"] == "open sesame"
    assert "open sesame" not in str(deployed.state())


def test_a_new_template_is_deployed_before_the_old_deployment_goes(deployed: PulumiStack) -> None:
    deployed.configure({"small:greeting": "bonjour"})
    assert [change.summary for change in deployed.up()] == [
        "update Integration",
        "create Deployment",
        "update Stage",
        "delete Deployment",
    ]


def test_a_value_of_the_wrong_type_is_told(deployed: PulumiStack) -> None:
    deployed.configure({"small:counted": "many"})
    with pytest.raises(PulumiFailedError, match="integer"):
        deployed.up()
    deployed.configure({})


def test_destroy_removes_everything(deployed: PulumiStack) -> None:
    deployed.destroy()
    assert deployed.account.resources == {}


def test_what_is_wrong_with_arguments_is_told() -> None:
    inputs = {"restApi": "a1", "resourceId": "r1", "statuscode": 200, "responseParameters": {"method.x": 1.0}}
    assert argument_problems("aws:apigateway/integrationResponse:IntegrationResponse", inputs) == [
        "httpMethod is missing",
        "statusCode is missing",
        "statuscode is no argument of IntegrationResponseArgs",
        "responseParameters.method.x must be of type str, not 1.0",
    ]


def test_what_is_wrong_in_nested_arguments_is_told() -> None:
    image = {"context": {"locaton": "."}, "platforms": ["linux/arm64"], "push": "yes"}
    assert argument_problems("docker-build:index:Image", image) == [
        "context.location is missing",
        "context.locaton is no argument of BuildContextArgs",
        "push must be of type bool, not 'yes'",
    ]


def test_a_name_that_is_taken_is_refused() -> None:
    account = Account()
    role = {"name": "reader", "assumeRolePolicy": "{}"}
    account.create("aws:iam/role:Role", "urn:pulumi:s::p::aws:iam/role:Role::one", role)
    with pytest.raises(RefusedError, match="AlreadyExists"):
        account.create("aws:iam/role:Role", "urn:pulumi:s::p::aws:iam/role:Role::two", role)


def test_what_is_in_use_cannot_be_deleted() -> None:
    account = Account()
    vpc = account.create("aws:ec2/vpc:Vpc", "urn:pulumi:s::p::aws:ec2/vpc:Vpc::vpc", {})
    account.create("aws:ec2/subnet:Subnet", "urn:pulumi:s::p::aws:ec2/subnet:Subnet::one", {"vpcId": vpc.id})
    with pytest.raises(RefusedError, match=r"DependencyViolation: .*::vpc is in use by .*::one"):
        account.delete(vpc.type, vpc.id)
