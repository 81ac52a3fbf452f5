"""The file of answers, as the worker process asks it: functions, stack references and existing resources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from parity.local.resources.account import EmulatedAccount

_NAMES = frozenset({"id", "name", "arn"})
_PARAMETER = "aws:ssm/getParameter:getParameter"
_SECRET_VERSION = "aws:secretsmanager/getSecretVersion:getSecretVersion"  # noqa: S105 - a function's token


def python_name(token: str) -> str:
    """`aws:lambda/getFunction:getFunction` as a program writes it: `aws.lambda_.get_function`."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    module = module.partition("/")[0]
    module = {"index": "", "lambda": "lambda_"}.get(module, module)
    name = snake(name) if name[:1].islower() else name
    return ".".join(part for part in (package.replace("-", "_"), module, name) if part)


def snake(name: str) -> str:
    """`camelCase` as `snake_case`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def camel(value: Any) -> Any:
    """The value with the names in it as camelCase, the way that Pulumi's wire has them."""
    if isinstance(value, Mapping):
        return {_camel_name(str(name)): camel(item) for name, item in value.items()}
    return [camel(item) for item in value] if isinstance(value, list) else value


def _camel_name(name: str) -> str:
    return re.sub(r"(?<=[A-Za-z0-9])_([a-z0-9])", lambda found: found[1].upper(), name)


def function_answer(
    account: EmulatedAccount, token: str, arguments: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]] | None:
    """The answer to a function that the file has, and the names of the secrets in it; None when it has none."""
    given = {name: value for name, value in arguments.items() if value is not None}
    for entry in _entries(account.answers, token):
        expected = camel(entry.get("with") or {})
        if all(given.get(name) == value for name, value in expected.items()):
            return {**given, **camel(entry["answer"] or {})}, frozenset()
    if token == _PARAMETER:
        value = (account.answers.get("parameters") or {}).get(given.get("name"))
        if value is not None:
            found = {"type": "String", "value": _text(value), "insecureValue": _text(value), "version": 1}
            return {**given, "id": given["name"], **found}, frozenset({"value"})
    if token == _SECRET_VERSION:
        value = _secret(account.answers, str(given.get("secretId")))
        if value is not None:
            found = {"id": f"{given['secretId']}|AWSCURRENT", "secretString": _text(value), "versionId": "AWSCURRENT"}
            return {"versionStage": "AWSCURRENT", **given, **found}, frozenset({"secretString"})
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _secret(answers: Mapping[str, Any], secret_id: str) -> Any:
    """The value of a secret, which a program names by its name, or by its ARN with six characters at the end."""
    secrets: Mapping[str, Any] = answers.get("secrets") or {}
    name = re.sub(r"-[A-Za-z0-9]{6}$", "", secret_id.rpartition(":secret:")[2])
    return secrets.get(secret_id, secrets.get(name))


def _entries(answers: Mapping[str, Any], token: str) -> Iterable[Mapping[str, Any]]:
    functions: Mapping[str, Any] = answers.get("functions") or {}
    name = python_name(token)
    for key in (token, name, name.replace("lambda_", "lambda")):
        if key in functions:
            return functions[key] if isinstance(functions[key], list) else [functions[key]]
    return ()


def registered_answer(account: EmulatedAccount, token: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The properties of a resource of this program that a function looks up; None when none fits."""
    found = re.fullmatch(r"([^:]+:[^/]+/)get([A-Z]\w*):get\2", token)
    if found is None:
        return None
    type_ = f"{found[1]}{found[2][0].lower()}{found[2][1:]}:{found[2]}"
    given = {name: value for name, value in arguments.items() if value is not None}
    for entry in account.by_urn.values():
        if entry["type"] != type_:
            continue
        known = {"id": entry["id"], **entry["outputs"]}
        names = {known.get(name) for name in _NAMES if isinstance(known.get(name), str)}
        compared = {n: v for n, v in given.items() if isinstance(v, str) and (n in known or n.endswith(("Name", "Id")))}
        if compared and all(known.get(name) == value or value in names for name, value in compared.items()):
            return {**known, **given}
    return None


def resource_answer(account: EmulatedAccount, type_: str, id_: str) -> dict[str, Any]:
    """The attributes that the file has of an existing resource, in camelCase."""
    resources: Mapping[str, Any] = account.answers.get("resources") or {}
    name = python_name(type_)
    for key in (type_, name, name.replace("lambda_", "lambda")):
        entry = (resources.get(key) or {}).get(id_)
        if entry is not None:
            return dict(camel(entry))
    return {}


def function_snippet(token: str, arguments: Mapping[str, Any], read: str, placeholder: str = "VALUE") -> str:
    """What to write in the file for a call of a function, as YAML; `read` is the property that the program reads."""
    given = {snake(name): value for name, value in sorted(arguments.items()) if value is not None}
    if token == _PARAMETER and read in ("value", "insecure_value") and "name" in given:
        return f"parameters:\n  {json.dumps(given['name'])}: VALUE\n"
    if token == _SECRET_VERSION and read == "secret_string" and "secret_id" in given:
        name = re.sub(r"-[A-Za-z0-9]{6}$", "", str(given["secret_id"]).rpartition(":secret:")[2])
        return f"secrets:\n  {json.dumps(name)}: VALUE\n"
    lines = [f"functions:\n  {python_name(token)}:\n"]
    if given:
        lines.append(f"    - with: {json.dumps(given, ensure_ascii=False)}\n      answer:\n")
    else:
        lines.append("    - answer:\n")
    return "".join([*lines, f"        {read}: {placeholder}\n"])


def where_to_write(answers: Mapping[str, Any], snippet: str) -> str:
    """The sentence that asks for an answer, and the YAML to paste: without the keys that the file has already.

    Args:
        answers: the file of answers, by section.
        snippet: the YAML as it is in a file of its own.
    """
    present: list[str] = []
    lines = snippet.splitlines(keepends=True)
    section: Any = answers
    while lines and lines[0].endswith(":\n") and isinstance(section, Mapping):
        name = lines[0].strip()[:-1]
        section = section.get(name)
        if not section:
            break
        present.append(lines.pop(0).strip())
    under = f" under {' '.join(present)} which the file has already" if present else ""
    return f"Write its value in {answers.get('file', 'parity.answers.yaml')}{under}:\n\n{''.join(lines)}"
