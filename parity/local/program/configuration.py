"""The configuration of one stack: the project's defaults, the stack's file and the command line, merged as Pulumi does.

https://www.pulumi.com/docs/iac/concepts/config/
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.errors import UserError
from parity.local.program.answers import environment_answer, read_answers
from parity.local.program.project import DEFAULT_REGION, Project, read_yaml

_PATH = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A stack's configuration.

    `values` maps a namespaced key to its text, JSON for lists and objects; `sources` to where the value comes from;
    `secrets` names the keys that are secret. `answers` is the file of answers (see `read_answers`), `environment` the
    variables that the stack's ESC environments set.
    """

    values: Mapping[str, str]
    sources: Mapping[str, str]
    secrets: frozenset[str] = frozenset()
    answers: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


def configure(
    project: Project, stack: str, given: Mapping[str, str], *, answers_file: Path | None = None
) -> Configuration:
    """Merges what a stack is configured with, and checks it against the types that the project declares.

    Args:
        project: the project.
        stack: the stack's name; its file need not exist.
        given: values from the command line, by key with or without a namespace, or by path (`headers[0]`).
        answers_file: the file of answers; None for that beside the program, if there is one.

    Raises:
        UserError: a value is missing, encrypted, or not of its type; an ESC environment has no answer.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    secrets: set[str] = set()
    file = project.stack_file(stack)
    written = read_yaml(file) if file else {}
    answers = read_answers(project, answers_file)
    environment = _open_environments(project, written.get("environment"), answers, values, sources)
    for key, value in (written.get("config") or {}).items():
        full = _namespaced(project, str(key))
        sources[full] = str(file.name if file else "")
        if _is_secure(value):
            secrets.add(full)
        values[full] = value
    for key, text in given.items():
        _set(project, values, sources, key, text)
    _refuse_encrypted(values, file)
    _apply_declared(project, stack, values, sources, secrets)
    if project.document is not None:
        values["parity:document"], sources["parity:document"] = str(project.document), "the command line"
    if "aws:region" not in values:
        values["aws:region"], sources["aws:region"] = DEFAULT_REGION, "default"
    texts = {key: as_text(value) for key, value in values.items()}
    return Configuration(
        values=texts, sources=sources, secrets=frozenset(secrets), answers=answers, environment=environment
    )


def _open_environments(
    project: Project, declared: Any, answers: Mapping[str, Any], values: dict[str, Any], sources: dict[str, str]
) -> dict[str, str]:
    """Takes the values of the stack's ESC environments, the later ones before the earlier; answers their variables.

    https://www.pulumi.com/docs/esc/integrations/infrastructure/pulumi-iac/
    """
    imports = declared.get("imports") or [] if isinstance(declared, Mapping) else declared or []
    asked_by = f"the stack's file of {project.name}"
    opened = [(str(name), environment_answer(answers, str(name), asked_by)) for name in imports]
    if isinstance(declared, Mapping):
        opened.append(("the stack's file", declared.get("values") or {}))
    variables: dict[str, str] = {}
    for name, content in opened:
        for key, value in (content.get("pulumiConfig") or {}).items():
            full = _namespaced(project, str(key))
            values[full], sources[full] = value, f"ESC environment {name}"
        variables.update({str(k): str(v) for k, v in (content.get("environmentVariables") or {}).items()})
    return variables


def as_text(value: Any) -> str:
    """A value as a program gets it: text as it stands, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _namespaced(project: Project, key: str) -> str:
    return key if ":" in key else f"{project.name}:{key}"


def _set(project: Project, values: dict[str, Any], sources: dict[str, str], key: str, text: str) -> None:
    """Sets one value from the command line, inside a list or an object when the key is a path."""
    namespace, colon, rest = key.rpartition(":")
    root = re.split(r"[.\[]", rest, maxsplit=1)[0]
    full_root = _namespaced(project, f"{namespace}{colon}{root}")
    is_path = "[" in rest or ("." in rest and (full_root in values or full_root in _declared(project)))
    if not is_path:
        full = _namespaced(project, key)
        values[full], sources[full] = text, "--config"
        return
    steps = [int(index) if index else name for index, name in _PATH.findall(rest[len(root) :])]
    sources[full_root] = "--config"
    values[full_root] = _with(values.get(full_root), steps, _scalar(text), key)


def _with(container: Any, steps: list[int | str], value: Any, key: str) -> Any:
    """`container` with `value` at the end of the path `steps`."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = list(container) if isinstance(container, list) else []
        if step > len(items):
            raise UserError(f"--config {key}: the list has {len(items)} items, so that [{step}] would leave a gap")
        items[step : step + 1] = [_with(items[step] if step < len(items) else None, rest, value, key)]
        return items
    entries = dict(container) if isinstance(container, dict) else {}
    entries[step] = _with(entries.get(step), rest, value, key)
    return entries


def _scalar(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    return int(text) if re.fullmatch(r"-?(0|[1-9]\d*)", text) else text


def _is_secure(value: Any) -> bool:
    if isinstance(value, dict):
        return set(value) == {"secure"} or any(_is_secure(item) for item in value.values())
    return isinstance(value, list) and any(_is_secure(item) for item in value)


def _refuse_encrypted(values: Mapping[str, Any], file: Path | None) -> None:
    encrypted = [key for key, value in values.items() if _is_secure(value)]
    if encrypted:
        hints = " ".join(f"--config {key}=VALUE" for key in encrypted)
        raise UserError(
            f"{file}: {', '.join(encrypted)} is encrypted, and only the stack's secrets provider can decrypt it. "
            f"Give a local value: {hints}"
        )


def _declared(project: Project) -> dict[str, dict[str, Any]]:
    """The project's `config:` block by namespaced key, short-hand values written out.

    Raises:
        UserError: a declaration is wrong.
    """
    declared = {}
    for key, given in project.declared_config.items():
        own = ":" not in key or key.startswith(f"{project.name}:")
        definition = given if isinstance(given, dict) else {"default" if own else "value": given}
        _check_declaration(project, key, definition, own=own)
        declared[_namespaced(project, key)] = definition
    return declared


def _check_declaration(project: Project, key: str, definition: Mapping[str, Any], *, own: bool) -> None:
    type_, default, value = definition.get("type"), definition.get("default"), definition.get("value")
    problem = None
    if default is not None and value is not None:
        problem = f"project config '{key}' cannot have both a 'default' and 'value' attribute"
    elif own and type_ == "array" and not definition.get("items"):
        problem = f"The configuration key '{key}' declares an array but does not specify the underlying type via the "
        problem += "'items' attribute"
    elif own and type_ and default is not None and not _has_type(default, type_, definition.get("items")):
        problem = f"The default value specified for configuration key '{key}' is not of the expected type "
        problem += f"'{_type_name(type_, definition.get('items'))}'"
    elif not own and type_:
        problem = f"Configuration key '{key}' is not namespaced by the project and should not define a type"
    elif not own and default is not None:
        problem = f"Configuration key '{key}' is not namespaced by the project and should not define a default value. "
        problem += "Did you mean to use the 'value' attribute instead of 'default'?"
    elif not own and value is None:
        problem = f"Configuration key '{key}' is namespaced and must provide an attribute 'value'"
    if problem:
        raise UserError(f"{project.file}: {problem}")


def _apply_declared(
    project: Project, stack: str, values: dict[str, Any], sources: dict[str, str], secrets: set[str]
) -> None:
    """Fills in the project's defaults, then checks that nothing is missing and that every value has its type."""
    missing = []
    declared = _declared(project)
    for key, definition in sorted(declared.items()):
        if definition.get("secret"):
            secrets.add(key)
        if key in values:
            continue
        default = definition.get("default", definition.get("value"))
        if default is not None:
            values[key], sources[key] = default, project.file.name if project.file else ""
        elif key.startswith(f"{project.name}:"):
            missing.append(key.removeprefix(f"{project.name}:"))
    problems = [_missing(stack, missing)] if missing else []
    for key, definition in sorted(declared.items()):
        type_, items = definition.get("type"), definition.get("items")
        if type_ and key in values and not _has_type(_parsed(values[key], type_), type_, items):
            expected = _type_name(type_, items)
            problems.append(f"Stack '{stack}' with configuration key '{key}' must be of type '{expected}'")
    if problems:
        raise UserError("\n".join(problems))


def undeclared_keys(project: Project, given: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The keys that the project does not declare, each with those that it declares.

    A project without a `config:` block declares nothing, and takes any key; so does another namespace than its own.

    Args:
        project: the project.
        given: keys as they are given on the command line, with or without a namespace, or paths (`headers[0]`).

    Raises:
        UserError: a declaration is wrong.
    """
    own = f"{project.name}:"
    declared = tuple(key.removeprefix(own) for key in _declared(project) if key.startswith(own))
    if not declared:
        return {}
    written = {str(key).removeprefix(own) for key in _stack_keys(project)}
    roots = {key: re.split(r"[.\[]", key.removeprefix(own), maxsplit=1)[0] for key in given}
    return {
        key: declared
        for key, root in roots.items()
        if ":" not in root and not {root, key.removeprefix(own)} & {*declared, *written}
    }


def _stack_keys(project: Project) -> Iterator[str]:
    """The keys that a stack's file has, declared or not."""
    for stack in project.stacks():
        file = project.stack_file(stack)
        yield from (read_yaml(file).get("config") or {}) if file else {}


def _missing(stack: str, keys: list[str]) -> str:
    quoted = [f"'{key}'" for key in sorted(keys)]
    listed = quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
    values = "value" if len(quoted) == 1 else "values"
    hints = " ".join(f"--config {key}=VALUE" for key in keys)
    return f"Stack '{stack}' is missing configuration {values} {listed}; add it to Pulumi.{stack}.yaml or give {hints}"


def _parsed(value: Any, type_: str) -> Any:
    """A list or object that was given as JSON text on the command line."""
    if isinstance(value, str) and type_ in ("array", "object"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _has_type(value: Any, type_: str, items: Mapping[str, Any] | None) -> bool:
    if type_ == "string":
        return isinstance(value, str)
    if type_ == "integer":
        if isinstance(value, str):
            return re.fullmatch(r"[+-]?\d+", value) is not None
        return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    if type_ == "boolean":
        return isinstance(value, bool) or value in ("true", "false")
    if type_ == "object":
        return isinstance(value, dict)
    if not isinstance(value, list) or not items:
        return False
    return all(_has_type(item, str(items.get("type")), items.get("items")) for item in value)


def _type_name(type_: str, items: Mapping[str, Any] | None) -> str:
    return f"array<{_type_name(str(items.get('type')), items.get('items'))}>" if items else type_


def parse_config(entries: Iterable[str]) -> dict[str, str]:
    """Reads configuration values; of one that is given twice the last counts.

    Args:
        entries: the arguments, `KEY=VALUE`; a key may have a namespace, or be a path (`headers[0]`).

    Raises:
        UserError: one has no `=`.
    """
    config = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise UserError(
                f"--config {entry}: write KEY=VALUE, such as backend=lambda or aws:region=eu-west-1", status=2
            )
        config[key] = value
    return config
