"""`aws.iam.get_policy_document`: an IAM policy as JSON text, computed without AWS, as the provider does.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

_LISTS = (
    ("actions", "Action"),
    ("notActions", "NotAction"),
    ("resources", "Resource"),
    ("notResources", "NotResource"),
)
_PRINCIPALS = (("principals", "Principal"), ("notPrincipals", "NotPrincipal"))


def policy_document(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The look-up's answer: `json`, `minifiedJson` and an `id` that depends on the text.

    Args:
        arguments: the function's arguments in camelCase: `statements`, `version`, `policyId`,
            `sourcePolicyDocuments` and `overridePolicyDocuments` (JSON texts, merged by `Sid`).
    """
    statements: list[dict[str, Any]] = []
    for source in arguments.get("sourcePolicyDocuments") or []:
        statements += _statements_of(source)
    statements += [_statement(statement) for statement in arguments.get("statements") or []]
    for source in arguments.get("overridePolicyDocuments") or []:
        statements = _overridden(statements, _statements_of(source))
    document: dict[str, Any] = {"Version": arguments.get("version") or "2012-10-17"}
    if arguments.get("policyId"):
        document["Id"] = arguments["policyId"]
    document["Statement"] = statements
    text = json.dumps(document, indent=2)
    minified = json.dumps(document, separators=(",", ":"))
    return {"id": str(zlib.crc32(text.encode())), "json": text, "minifiedJson": minified}


def _statements_of(source: str) -> list[dict[str, Any]]:
    found = json.loads(source).get("Statement", []) if source.strip() else []
    return [found] if isinstance(found, dict) else list(found)


def _overridden(statements: list[dict[str, Any]], overrides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The statements with those of `overrides` in the place of their namesakes, or at the end."""
    by_sid = {override["Sid"]: override for override in overrides if override.get("Sid")}
    replaced = [by_sid.pop(statement.get("Sid", ""), statement) for statement in statements]
    return replaced + [o for o in overrides if not o.get("Sid") or o["Sid"] in by_sid]


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    statement: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
    statement["Effect"] = given.get("effect") or "Allow"
    for name, key in _LISTS:
        if given.get(name):
            statement[key] = _one_or_many(given[name])
    for name, key in _PRINCIPALS:
        if given.get(name):
            statement[key] = _principals(given[name])
    if given.get("conditions"):
        conditions: dict[str, dict[str, Any]] = {}
        for condition in given["conditions"]:
            conditions.setdefault(condition["test"], {})[condition["variable"]] = _one_or_many(condition["values"])
        statement["Condition"] = conditions
    return statement


def _principals(principals: Iterable[Mapping[str, Any]]) -> Any:
    by_type: dict[str, list[str]] = {}
    for principal in principals:
        by_type.setdefault(principal["type"], []).extend(principal["identifiers"])
    if by_type.get("*") == ["*"]:
        return "*"
    return {type_: _one_or_many(identifiers) for type_, identifiers in by_type.items()}


def _one_or_many(values: Iterable[str]) -> Any:
    """A single value stands alone; several are a list in the provider's order."""
    ordered = sorted(values, reverse=True)
    return ordered[0] if len(ordered) == 1 else ordered
