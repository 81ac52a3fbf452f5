"""What stands in the way of a deployment is reported by the preview, without a traceback, and nothing is made."""

import pytest

from tests.engine.pulumi_stack import PulumiFailedError, PulumiStack

ACCOUNT_TYPE = "aws:apigateway/account:Account"


def test_an_account_without_a_role_for_logs_is_reported(parity_stack: PulumiStack) -> None:
    parity_stack.configure({"parity:backend": "lambda", "parity:accountLogging": "existing"})
    parity_stack.account.singletons[ACCOUNT_TYPE] = {"cloudwatchRoleArn": ""}
    refused(parity_stack, "parity:accountLogging is existing, and this account has no role")
    assert parity_stack.account.resources == {}


def test_an_account_with_a_role_for_logs_is_left_as_it_is(parity_stack: PulumiStack) -> None:
    parity_stack.account.singletons[ACCOUNT_TYPE] = {"cloudwatchRoleArn": "arn:aws:iam::123456789012:role/logs"}
    parity_stack.up()
    assert parity_stack.account.of_type("Stage")
    parity_stack.destroy()
    assert parity_stack.account.resources == {}
    assert parity_stack.account.singletons[ACCOUNT_TYPE] == {"cloudwatchRoleArn": "arn:aws:iam::123456789012:role/logs"}


def test_more_concurrency_than_the_account_has_is_reported(parity_stack: PulumiStack) -> None:
    parity_stack.configure({"parity:lambdaConcurrency": 901, "parity:backend": "lambda"})
    refused(parity_stack, "set it to 900, or ask for more")
    assert parity_stack.account.resources == {}


def refused(stack: PulumiStack, reason: str) -> None:
    """A preview fails for a reason, and says it as a message."""
    with pytest.raises(PulumiFailedError) as failure:
        stack.preview()
    assert reason in str(failure.value)
    assert "Traceback" not in str(failure.value)
