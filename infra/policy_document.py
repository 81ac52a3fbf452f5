"""IAM policy documents as JSON text."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

VERSION = "2012-10-17"

Statement = Mapping[str, Any]


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The document that holds `statements`, whose values may be outputs."""
    return pulumi.Output.json_dumps({"Version": VERSION, "Statement": list(statements)})


def allow(actions: Sequence[str], resources: Any, **rest: Any) -> Statement:
    """A statement that allows `actions` on `resources`; `rest` is its Principal and Condition."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resources, **rest}


def trust(service: str, condition: Mapping[str, Any] | None = None) -> pulumi.Output[str]:
    """The trust policy of a role that the AWS service `service`, such as `lambda`, may assume."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        **({"Condition": condition} if condition else {}),
    }
    return policy_document([statement])
