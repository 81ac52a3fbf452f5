"""`parity.answers.yaml`: what a program reads of the world outside of it, written down beside the program.

docs/answers.md describes the file.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parity.errors import UserError
from parity.local.program.project import Project, read_yaml

if TYPE_CHECKING:
    import yaml

FILE = "parity.answers.yaml"
_SECTIONS = ("functions", "parameters", "secrets", "stacks", "resources", "environments")
_ENVIRONMENT = ("pulumiConfig", "environmentVariables")


def read_answers(project: Project, given: Path | None = None) -> dict[str, Any]:
    """The content of the file of answers, empty when there is none.

    Args:
        project: the program's project; the file is beside its Pulumi.yaml.
        given: another file, which has to exist.

    Returns:
        The sections by name, each a mapping, and `file`, the path of the file.

    Raises:
        UserError: the file cannot be read, has another shape, or gives a key twice.
    """
    file = given or project.root / FILE
    if given is not None and not given.is_file():
        raise UserError(f"--answers {given}: there is no such file", status=2)
    content = read_yaml(file) if file.is_file() else {}
    if content:
        _refuse_repeated_keys(file)
    for name, section in content.items():
        if name not in _SECTIONS:
            raise UserError(f"{file}: there is no section {name!r}; the sections are {', '.join(_SECTIONS)}")
        if section is not None and not isinstance(section, Mapping):
            raise UserError(f"{file}: {name} must be a mapping; see docs/answers.md")
    sections: dict[str, Any] = {name: content.get(name) or {} for name in _SECTIONS}
    _check_functions(file, sections["functions"])
    for name in ("stacks", "resources", "environments"):
        _check_mappings(file, name, sections[name])
    return {**sections, "file": str(file)}


def _refuse_repeated_keys(file: Path) -> None:
    """YAML's own loader keeps the last of two equal keys and drops the first without a word.

    Raises:
        UserError: a mapping of the file gives a key more than once, at any depth.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root = yaml.compose(file.read_text(encoding="utf-8"), Loader=loader)
    problems = [f"{file}: {problem}" for problem in _repeated_keys(root, "")]
    if problems:
        raise UserError("\n".join(problems))


def _repeated_keys(node: "yaml.Node | None", within: str) -> Iterator[str]:
    import yaml

    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item, within)
    if not isinstance(node, yaml.MappingNode):
        return
    lines: dict[tuple[str, str], list[int]] = {}
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            lines.setdefault((key.tag, key.value), []).append(key.start_mark.line + 1)
    for (_, name), given in lines.items():
        if len(given) > 1:
            times = "twice" if len(given) == 2 else f"{len(given)} times"
            listed = f"{', '.join(map(str, given[:-1]))} and {given[-1]}"
            together = "both" if len(given) == 2 else "all"
            yield f"{within}{name}: is given {times}, at lines {listed}: put {together} under one"
    for key, value in node.value:
        yield from _repeated_keys(value, f"{within}{key.value}: " if isinstance(key, yaml.ScalarNode) else within)


def _check_functions(file: Path, functions: Mapping[str, Any]) -> None:
    for name, answers in functions.items():
        entries = answers if isinstance(answers, list) else [answers]
        for entry in entries:
            if not isinstance(entry, Mapping) or "answer" not in entry or set(entry) - {"with", "answer"}:
                raise UserError(
                    f"{file}: functions: {name}: write a list of entries, each with 'answer' and, for a call with "
                    "certain arguments, 'with'"
                )


def _check_mappings(file: Path, section: str, entries: Mapping[str, Any]) -> None:
    for name, entry in entries.items():
        if entry is not None and not isinstance(entry, Mapping):
            raise UserError(f"{file}: {section}: {name} must be a mapping; see docs/answers.md")
        if section == "environments" and set(entry or {}) - set(_ENVIRONMENT):
            raise UserError(f"{file}: environments: {name} may have {' and '.join(_ENVIRONMENT)}, and nothing else")


def environment_answer(answers: Mapping[str, Any], name: str, asked_by: str) -> Mapping[str, Any]:
    """What an ESC environment holds: `pulumiConfig` and `environmentVariables`.

    Args:
        answers: the file of answers.
        name: the environment, as the stack's file names it.
        asked_by: the stack's file, for the message.

    Raises:
        UserError: the file of answers has no such environment.
    """
    environments: Mapping[str, Any] = answers.get("environments") or {}
    if name not in environments:
        under, section = (" under environments:", "") if environments else (":", "environments:\n")
        raise UserError(
            f"{asked_by}: the ESC environment {name} cannot be opened locally. Write what the program needs of it in "
            f"{answers.get('file', FILE)}{under}\n\n{section}  {name}:\n    pulumiConfig:\n      KEY: VALUE\n"
            "    environmentVariables:\n      NAME: VALUE\n"
        )
    return environments[name] or {}
