"""What a Lambda authorizer answers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parity.gateway.access.policy_evaluation import PolicyDocument, PolicyError


class AuthorizerAnswerError(ValueError):
    """An answer that is not one; its text says why."""


@dataclass(frozen=True, slots=True)
class AuthorizerAnswer:
    """A parsed answer: `context` is `$context.authorizer`, `usage_identifier` holds `usageIdentifierKey` or nothing."""

    policy: PolicyDocument
    context: Mapping[str, str]
    usage_identifier: Mapping[str, str]

    @classmethod
    def parse(cls, payload: bytes) -> "AuthorizerAnswer":
        """Reads the payload that the function returned.

        Raises:
            AuthorizerAnswerError: there is no principal or policy, or the context holds more than plain values.
        """
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise AuthorizerAnswerError("Invalid JSON in response") from error
        if not isinstance(answer, dict):
            raise AuthorizerAnswerError("Could not parse policy")
        principal = answer.get("principalId")
        if not isinstance(principal, (str, int)) or isinstance(principal, bool) or principal == "":
            raise AuthorizerAnswerError("the answer has no principalId")
        try:
            policy = PolicyDocument(answer.get("policyDocument"))
        except PolicyError as error:
            raise AuthorizerAnswerError(f"Could not parse policy: {error}") from error
        usage_identifier = answer.get("usageIdentifierKey")
        return cls(
            policy=policy,
            context={"principalId": str(principal), **_plain(answer.get("context"))},
            usage_identifier={} if usage_identifier is None else {"usageIdentifierKey": str(usage_identifier)},
        )


def _plain(context: Any) -> dict[str, str]:
    """The context that the authorizer adds; numbers and booleans are strings to those who read it, null is left out."""
    if context is None:
        return {}
    if not isinstance(context, dict):
        raise AuthorizerAnswerError("context is not an object")
    plain: dict[str, str] = {}
    for name, value in context.items():
        if isinstance(value, (dict, list)):
            raise AuthorizerAnswerError(f"context.{name} is an object or array; only plain values are allowed")
        if value is not None:
            plain[name] = value if isinstance(value, str) else json.dumps(value)
    return plain
