"""What the stack promises, for each backend and each authorization; and that each promise can be broken."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.infra import promises_access, promises_network, promises_operation
from tests.infra.harness import Deployed, deploy
from tests.infra.promise import Promise

# On one worker, so that a stack is deployed once for all tests that ask for it.

PROMISES = (*promises_access.PROMISES, *promises_network.PROMISES, *promises_operation.PROMISES)
BACKENDS = ("both", "lambda", "http")
AUTHORIZATIONS = ("none", "iam", "api-key", "lambda")
every_promise = pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.text)


@cache
def stack(backend: str, authorization: str) -> Deployed:
    """A stack, deployed once for all promises."""
    return deploy({"backend": backend, "authorization": authorization, "waf": "true", "allowedIps": '["10.0.0.0/8"]'})


@every_promise
@pytest.mark.parametrize("backend", BACKENDS)
def test_promise_is_kept(promise: Promise, backend: str) -> None:
    for authorization in AUTHORIZATIONS:
        assert list(promise.violations(stack(backend, authorization))) == []


@every_promise
def test_promise_fails_when_it_is_broken(promise: Promise) -> None:
    broken = stack("both", "none").copy()
    promise.break_it(broken)
    assert list(promise.violations(broken))


AUTHORIZED: dict[str, Callable[[dict[str, object]], bool]] = {
    "none": lambda method: method["authorization"] == "NONE" and not method["apiKeyRequired"],
    "iam": lambda method: method["authorization"] == "AWS_IAM",
    "api-key": lambda method: method["apiKeyRequired"] is True,
    "lambda": lambda method: method["authorization"] == "CUSTOM" and bool(method["authorizerId"]),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("authorization", AUTHORIZATIONS)
def test_every_method_has_the_configured_authorization_and_no_other(backend: str, authorization: str) -> None:
    for method in stack(backend, authorization).of("apigateway/method:Method"):
        agreeing = [name for name, agrees in AUTHORIZED.items() if agrees(method.inputs)]
        assert agreeing == [authorization]
