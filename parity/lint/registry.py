"""The rules of `parity lint`: each is a function that a decorator registers with the names of what it may find.

A new rule is a function in a module of `parity.lint.rules`, under the decorator for what it looks at: a template, a
method with its integration, a REST API with its stages, or the whole program.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from parity.gateway.model.definition import Integration, Method, Resource, RestApi, Stage
from parity.lint.finding import Finding, Severity
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.rest_apis import DeployedApi
from parity.velocity.syntax import nodes

SUMMARIES: dict[str, str] = {}
"""What each rule finds, by its name."""


@dataclass(frozen=True, slots=True)
class ApiSubject:
    """A REST API with its stages by name."""

    api: RestApi
    stages: Mapping[str, Stage]

    @property
    def stage_variables(self) -> frozenset[str]:
        """The names of the variables that any stage, or its canary, has."""
        stages = self.stages.values()
        overrides = (stage.canary.stage_variable_overrides for stage in stages if stage.canary is not None)
        return frozenset(name for variables in (*(s.variables for s in stages), *overrides) for name in variables)


@dataclass(frozen=True, slots=True)
class MethodSubject:
    """A method with its integration. `declared_by` is the method's name in messages."""

    of: ApiSubject
    resource: Resource
    method: Method
    integration: Integration

    @property
    def declared_by(self) -> str:
        """The name under which the method's author knows it."""
        return self.method.declared_by or f"{self.method.http_method} {self.resource.path}"


@dataclass(frozen=True, slots=True)
class Template:
    """A mapping template. `is_request` says whose: the integration request's, or an integration response's."""

    of: MethodSubject
    source: str
    content_type: str
    declared_by: str
    is_request: bool
    tree: nodes.Block

    def finding(self, rule: str, severity: Severity, node: nodes.Node, message: str, fix: str) -> Finding:
        """A finding at a node of the template."""
        return template_finding(self, rule, severity, (node.line, node.column), message, fix)


@dataclass(frozen=True, slots=True)
class ProgramSubject:
    """Every resource of a program, and its REST APIs."""

    resource_index: ResourceIndex
    apis: tuple[DeployedApi, ...]


TemplateRule = Callable[[Template], Iterator[Finding]]
MethodRule = Callable[[MethodSubject], Iterator[Finding]]
ApiRule = Callable[[ApiSubject], Iterator[Finding]]
ProgramRule = Callable[[ProgramSubject], Iterator[Finding]]

_Rule = TypeVar("_Rule")

TEMPLATE_RULES: list[TemplateRule] = []
METHOD_RULES: list[MethodRule] = []
API_RULES: list[ApiRule] = []
PROGRAM_RULES: list[ProgramRule] = []


def template_rule(**summaries: str) -> Callable[[TemplateRule], TemplateRule]:
    """Registers a rule that looks at each template that compiles.

    Args:
        summaries: what it finds, by rule name; an underscore in a name stands for a hyphen.
    """
    return _registering(TEMPLATE_RULES, summaries)


def method_rule(**summaries: str) -> Callable[[MethodRule], MethodRule]:
    """Registers a rule that looks at each method with an integration; `summaries` as for `template_rule`."""
    return _registering(METHOD_RULES, summaries)


def api_rule(**summaries: str) -> Callable[[ApiRule], ApiRule]:
    """Registers a rule that looks at each REST API as a whole; `summaries` as for `template_rule`."""
    return _registering(API_RULES, summaries)


def program_rule(**summaries: str) -> Callable[[ProgramRule], ProgramRule]:
    """Registers a rule that looks at the program's resources; `summaries` as for `template_rule`."""
    return _registering(PROGRAM_RULES, summaries)


def _registering(rules: list[_Rule], summaries: Mapping[str, str]) -> Callable[[_Rule], _Rule]:
    def register(rule: _Rule) -> _Rule:
        SUMMARIES.update({name.replace("_", "-"): summary for name, summary in summaries.items()})
        rules.append(rule)
        return rule

    return register


def template_finding(
    template: "Template | UncompiledTemplate",
    rule: str,
    severity: Severity,
    place: tuple[int, int],
    message: str,
    fix: str,
) -> Finding:
    """A finding at a line and column of a template, both counted from 1."""
    return Finding(
        rule=rule,
        severity=severity,
        declared_by=f"{template.declared_by} ({template.content_type})",
        message=message,
        fix=fix,
        template=template.source,
        line=place[0],
        column=place[1],
    )


@dataclass(frozen=True, slots=True)
class UncompiledTemplate:
    """A mapping template as it was declared, before it is parsed."""

    source: str
    content_type: str
    declared_by: str
    is_request: bool
