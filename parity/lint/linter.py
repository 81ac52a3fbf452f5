"""What can be seen in a program's REST APIs without sending a request."""

from collections.abc import Iterator, Mapping

import parity.lint.rules  # noqa: F401 - registers the rules
from parity.gateway.model.definition import Integration, RestApi, Stage
from parity.lint.finding import Finding
from parity.lint.registry import (
    API_RULES,
    METHOD_RULES,
    PROGRAM_RULES,
    SUMMARIES,
    TEMPLATE_RULES,
    ApiSubject,
    MethodSubject,
    ProgramSubject,
    Template,
    UncompiledTemplate,
    template_finding,
)
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.rest_apis import DeployedApi
from parity.velocity import VelocityError, parse

__all__ = ["Finding", "lint", "lint_program"]

SUMMARIES["syntax"] = "a template that does not compile"


def lint(api: RestApi, stages: Mapping[str, Stage]) -> list[Finding]:
    """Looks through every template and mapping of an API.

    Args:
        api: the API.
        stages: its stages by name; a stage variable counts as known when any of them has it.

    Returns:
        What was found, resource by resource in the order of their declaration.
    """
    subject = ApiSubject(api, stages)
    found: list[Finding] = []
    for resource in api.resources:
        for method in resource.methods.values():
            if method.integration is not None:
                found += _lint_method(MethodSubject(subject, resource, method, method.integration))
    for rule in API_RULES:
        found += rule(subject)
    return found


def lint_program(resource_index: ResourceIndex, apis: tuple[DeployedApi, ...]) -> list[Finding]:
    """Looks at how a program's resources belong together; what is within an API, `lint` looks at.

    Args:
        resource_index: the program's resources.
        apis: its REST APIs.
    """
    subject = ProgramSubject(resource_index, apis)
    return [finding for rule in PROGRAM_RULES for finding in rule(subject)]


def _lint_method(subject: MethodSubject) -> Iterator[Finding]:
    for declared in _templates(subject.integration):
        try:
            tree = parse(declared.source, name=f"{declared.declared_by} {declared.content_type}")
        except VelocityError as error:
            fix = "fix the template at that place"
            yield template_finding(declared, "syntax", "error", (error.line, error.column), error.message, fix)
            continue
        template = Template(
            subject, declared.source, declared.content_type, declared.declared_by, declared.is_request, tree
        )
        found = [finding for template_rule in TEMPLATE_RULES for finding in template_rule(template)]
        yield from sorted(found, key=lambda finding: (finding.line, finding.column))
    for method_rule in METHOD_RULES:
        yield from method_rule(subject)


def _templates(integration: Integration) -> Iterator[UncompiledTemplate]:
    for content_type, source in integration.request_templates.items():
        yield UncompiledTemplate(source, content_type, integration.declared_by, True)
    for response in integration.responses:
        for content_type, source in response.response_templates.items():
            yield UncompiledTemplate(source, content_type, response.declared_by or integration.declared_by, False)
