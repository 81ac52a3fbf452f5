"""IAM policy documents, as far as API Gateway evaluates them: the answers of authorizers, and resource policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final

INVOKE: Final = "execute-api:Invoke"
"""The action of calling a method."""


class PolicyError(ValueError):
    """A text that is no policy document; it says what is wrong."""


class Decision(Enum):
    """What a policy says of a request. An explicit deny beats every allow."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


@lru_cache(maxsize=512)
def _pattern(wildcards: str, ignore_case: bool) -> "re.Pattern[str]":
    parts = (
        ".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", wildcards)
    )
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignore_case else re.NOFLAG))


def matches_wildcards(wildcards: str, text: str, *, ignore_case: bool = False) -> bool:
    """Whether a text matches a pattern, in which `*` stands for any characters, `/` too, and `?` for one."""
    return _pattern(wildcards, ignore_case).fullmatch(text) is not None


def _in_network(network: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


Test = Callable[[str, str], bool]
_OPERATORS: Final[Mapping[str, Test]] = {
    "IpAddress": _in_network,
    "StringEquals": lambda expected, actual: expected == actual,
    "StringEqualsIgnoreCase": lambda expected, actual: expected.lower() == actual.lower(),
    "StringLike": matches_wildcards,
    "ArnLike": matches_wildcards,
    "ArnEquals": matches_wildcards,
    "Bool": lambda expected, actual: expected.lower() == actual.lower(),
}
_NEGATED: Final[Mapping[str, str]] = {
    "NotIpAddress": "IpAddress",
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotLike": "ArnLike",
    "ArnNotEquals": "ArnEquals",
}
KNOWN_KEYS: Final = frozenset({"aws:sourceip", "aws:useragent", "aws:referer", "aws:securetransport"})
"""The condition keys whose values are known of a request, in lower case."""


def _strings(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(str(item).lower() if isinstance(item, bool) else str(item) for item in items)


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator applied to one key; true if any of the values fits (none, for a negated operator)."""

    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def supported(self) -> bool:
        """Whether operator and key can be evaluated; what cannot be is never fulfilled."""
        name = self.operator.removesuffix("IfExists")
        return (name in _OPERATORS or name in _NEGATED) and self.key.lower() in KNOWN_KEYS

    def fulfilled(self, attributes: Mapping[str, str]) -> bool:
        """Whether the request fulfils the condition; `attributes` holds condition keys in lower case."""
        if not self.supported:
            return False
        name = self.operator.removesuffix("IfExists")
        actual = attributes.get(self.key.lower())
        if actual is None:
            return name in _NEGATED or name != self.operator
        test = _OPERATORS[_NEGATED.get(name, name)]
        return any(test(value, actual) for value in self.values) is not (name in _NEGATED)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `names_everyone` is True for `Principal: "*"`, or none, as in an authorizer's answer."""

    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    names_everyone: bool

    def applies(self, action: str, resource: str, attributes: Mapping[str, str]) -> bool:
        """Whether the statement speaks of this action on this resource."""
        actions = self.actions or self.not_actions
        resources = self.resources or self.not_resources
        if any(matches_wildcards(item, action, ignore_case=True) for item in actions) is not bool(self.actions):
            return False
        if any(matches_wildcards(item, resource) for item in resources) is not bool(self.resources):
            return False
        return self.names_everyone and all(condition.fulfilled(attributes) for condition in self.conditions)


class PolicyDocument:
    """A parsed policy.

    Args:
        document: the document: a JSON text, or the value of one.
        resource_prefix: what a resource without `arn:` stands below, as in `execute-api:/*/GET/pets`.

    Raises:
        PolicyError: it is no policy document.
    """

    def __init__(self, document: Any, *, resource_prefix: str = "") -> None:
        if isinstance(document, str):
            try:
                document = json.loads(document)
            except ValueError as error:
                raise PolicyError(f"the policy is not JSON: {error}") from error
        if not isinstance(document, Mapping) or "Statement" not in document:
            raise PolicyError("the policy has no Statement")
        statements = document["Statement"]
        statements = statements if isinstance(statements, list) else [statements]
        self.statements = tuple(_statement(item, resource_prefix) for item in statements)

    def evaluate(self, action: str, resource: str, attributes: Mapping[str, str]) -> Decision:
        """What the policy says.

        Args:
            action: such as `execute-api:Invoke`.
            resource: the ARN of the method.
            attributes: condition keys, in lower case, and their values.
        """
        decision = Decision.IMPLICIT_DENY
        for statement in self.statements:
            if statement.applies(action, resource, attributes):
                if not statement.allows:
                    return Decision.EXPLICIT_DENY
                decision = Decision.ALLOW
        return decision


def _statement(item: Any, resource_prefix: str) -> Statement:
    if not isinstance(item, Mapping):
        raise PolicyError("a statement of the policy is not an object")
    effect = item.get("Effect")
    if effect not in ("Allow", "Deny"):
        raise PolicyError(f"Effect is {effect!r}, not 'Allow' or 'Deny'")
    if ("Action" in item) is ("NotAction" in item):
        raise PolicyError("a statement of the policy needs either Action or NotAction")
    if ("Resource" in item) is ("NotResource" in item):
        raise PolicyError("a statement of the policy needs either Resource or NotResource")
    return Statement(
        allows=effect == "Allow",
        actions=_strings(item.get("Action", [])),
        not_actions=_strings(item.get("NotAction", [])),
        resources=tuple(_absolute(_strings(item.get("Resource", [])), resource_prefix)),
        not_resources=tuple(_absolute(_strings(item.get("NotResource", [])), resource_prefix)),
        conditions=tuple(_conditions(item.get("Condition", {}))),
        names_everyone=_names_everyone(item.get("Principal", "*")),
    )


def _absolute(resources: Iterable[str], prefix: str) -> Iterable[str]:
    for resource in resources:
        yield prefix + resource.removeprefix("execute-api:") if resource.startswith("execute-api:/") else resource


def _conditions(conditions: Any) -> Iterable[Condition]:
    if not isinstance(conditions, Mapping):
        raise PolicyError("Condition is not an object")
    for operator, keys in conditions.items():
        if not isinstance(keys, Mapping):
            raise PolicyError(f"the condition {operator} is not an object")
        for key, values in keys.items():
            yield Condition(operator, key, _strings(values))


def _names_everyone(principal: Any) -> bool:
    """Whether a statement is for anonymous callers too; other principals cannot be told apart here."""
    if isinstance(principal, Mapping):
        principal = principal.get("AWS")
    return principal == "*" or (isinstance(principal, list) and "*" in principal)
