"""What can be seen in an API's templates and mappings without sending a request."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parity.gateway.lifecycle.media_type import is_json
from parity.gateway.model.definition import Integration, Method, Resource, RestApi, Stage
from parity.lint.finding import Finding, Severity
from parity.lint.flow import Data, Flow, Rendered
from parity.lint.names import unknown_name
from parity.lint.selection_patterns import lint_selection_patterns
from parity.velocity import VelocityError, parse
from parity.velocity.syntax import nodes

__all__ = ["Finding", "lint"]


def lint(api: RestApi, stages: Mapping[str, Stage]) -> list[Finding]:
    """Looks through every template and mapping of an API.

    Args:
        api: the API.
        stages: its stages by name; a stage variable counts as known when any of them has it.

    Returns:
        What was found, resource by resource in the order of their declaration.
    """
    variables = {name for stage in stages.values() for name in stage.variables}
    found: list[Finding] = []
    for resource in api.resources:
        for method in resource.methods.values():
            if method.integration is None:
                continue
            for template in _templates(method.integration):
                found += _lint_template(template, variables)
            found += lint_selection_patterns(method.integration)
            found += _unused_parameters(resource, method, method.integration)
    return found


@dataclass(frozen=True, slots=True)
class _Template:
    source: str
    content_type: str
    declared_by: str
    is_request: bool


def _templates(integration: Integration) -> Iterator[_Template]:
    for content_type, source in integration.request_templates.items():
        yield _Template(source, content_type, integration.declared_by, True)
    for response in integration.responses:
        for content_type, source in response.response_templates.items():
            yield _Template(source, content_type, response.declared_by or integration.declared_by, False)


def _lint_template(template: _Template, variables: set[str]) -> Iterator[Finding]:
    try:
        tree = parse(template.source, name=f"{template.declared_by} {template.content_type}")
    except VelocityError as error:
        yield _finding(
            template, "syntax", "error", error.line, error.column, error.message, "fix the template at that place"
        )
        return
    for node in tree.walk():
        if isinstance(node, nodes.Reference):
            yield from _lint_name(template, node, variables)
    if is_json(template.content_type):
        flow = Flow()
        flow.block(tree)
        for rendered in flow.rendered:
            yield from _lint_rendered(template, rendered)


def _lint_name(template: _Template, node: nodes.Reference, variables: set[str]) -> Iterator[Finding]:
    unknown = unknown_name(node)
    if unknown:
        name, hint = unknown
        message = f"{name} does not exist in API Gateway and renders as nothing"
        yield _finding(template, "unknown-name", "error", node.line, node.column, message, hint)
    if node.root == "stageVariables" and node.steps and isinstance(node.steps[0], nodes.Property):
        name = node.steps[0].name
        if name not in variables:
            message = f"no stage has the variable {name}, so that {node.literal()} renders as nothing"
            fix = f"add {name} to the stage's variables"
            yield _finding(template, "stage-variable", "warning", node.line, node.column, message, fix)


def _lint_rendered(template: _Template, rendered: Rendered) -> Iterator[Finding]:
    text, node = rendered.reference.literal(), rendered.reference
    whose = "the client's" if template.is_request else "the backend's"
    escaped = f'$util.escapeJavaScript({_inner(text)}).replaceAll("\\\\\'","\'")'
    match rendered.data, rendered.in_string:
        case (Data.ESCAPED, _):
            rule = "apostrophe"
            message = f"escapeJavaScript turns ' into \\', which is not JSON: {text}"
            fix = 'append .replaceAll("\\\\\'","\'")'
        case (Data.JSON, True):
            rule, message, fix = (
                "quoted-json",
                f"JSON text within a JSON string: {text}",
                "take off the quotes around it",
            )
        case (Data.JSON, False):
            return
        case (Data.VALUE, False):
            rule = "java-text"
            message = f"prints an object as Java does, {{a=1}}, and a string without quotes: {text}"
            fix = "use $input.json(...) in place of $input.path(...)"
        case (_, False):
            rule, message = "unquoted", f"{whose} text becomes JSON of its own making: {text}"
            fix = f'quote and escape it: "{escaped}"'
        case _:
            rule, message, fix = "unescaped", f'a " or \\ in {whose} text breaks the JSON: {text}', f"write {escaped}"
    severity: Severity = "warning" if rule in ("apostrophe", "java-text") else "error"
    yield _finding(template, rule, severity, node.line, node.column, message, fix)


def _inner(text: str) -> str:
    match = re.fullmatch(r"\$!?\{?(.*?)\}?", text, re.DOTALL)
    return f"${match[1]}" if match else text


def _finding(
    template: _Template, rule: str, severity: Severity, line: int, column: int, message: str, fix: str
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        declared_by=f"{template.declared_by} ({template.content_type})",
        message=message,
        fix=fix,
        template=template.source,
        line=line,
        column=column,
    )


def _unused_parameters(resource: Resource, method: Method, integration: Integration) -> Iterator[Finding]:
    """Parameters that the method request declares, and that nothing maps, reads or requires."""
    if integration.type.endswith("_PROXY"):
        return
    sources = " ".join(integration.request_parameters.values())
    templates = [*integration.request_templates.values()]
    templates += [text for response in integration.responses for text in response.response_templates.values()]
    text = "\n".join(templates)
    if re.search(r"\$!?\{?input\.params\(\s*\)", text):
        return
    for parameter, required in method.request_parameters.items():
        place, _, name = parameter.removeprefix("method.request.").partition(".")
        mapped = re.search(rf"method\.request\.(multivalue)?{place}\.{re.escape(name)}(\s|$)", sources)
        read = re.search(rf"params\(\s*['\"]{re.escape(name)}['\"]\s*\)", text)
        validated = required and method.request_validator and method.request_validator.validate_request_parameters
        if not (mapped or read or validated or place == "path"):
            yield Finding(
                rule="unused-parameter",
                severity="warning",
                declared_by=method.declared_by or f"{method.http_method} {resource.path}",
                message=f"{parameter} is declared, but no mapping and no template uses it: the backend never sees it",
                fix=f"map it (integration.request.{place}.{name}: {parameter}), or take it out",
            )
