"""Stage variables that no stage has.

https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
"""

import re
from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.references import references, step_name
from parity.lint.registry import MethodSubject, Template, method_rule, template_rule
from parity.velocity.syntax import nodes

_IN_SETTING = re.compile(r"\$\{stageVariables\.([^}]*)\}")
_IN_MAPPING = re.compile(r"stageVariables\.(\S+)")


@template_rule(stage_variable="a stage variable that no stage has")
def stage_variables_of_templates(template: Template) -> Iterator[Finding]:
    """Looks up `$stageVariables.name`, `$stageVariables['name']` and `$stageVariables.get('name')`."""
    variables = template.of.of.stage_variables
    for reference, place in references(template.tree):
        if reference.root != "stageVariables" or not reference.steps:
            continue
        name = _name(reference.steps[0])
        if name is not None and name not in variables:
            message = f"no stage has the variable {name}, so that {reference.literal()} renders as nothing"
            fix = f"add {name} to the stage's variables"
            yield template.finding("stage-variable", "warning", place, message, fix)


def _name(step: nodes.Node) -> str | None:
    if isinstance(step, nodes.Method):
        argument = step.arguments[0] if step.name == "get" and step.arguments else None
        return argument.value if isinstance(argument, nodes.StringLiteral) and argument.tree is None else None
    return step_name(step)


@method_rule(stage_variable="a stage variable that no stage has")
def stage_variables_of_settings(subject: MethodSubject) -> Iterator[Finding]:
    """Looks up the stage variables in an integration's URI, credentials and parameter mappings."""
    integration = subject.integration
    settings = [integration.uri, integration.credentials or "", integration.connection_id or ""]
    names = [name for setting in settings for name in _IN_SETTING.findall(setting)]
    names += [
        found[1] for source in integration.request_parameters.values() if (found := _IN_MAPPING.fullmatch(source))
    ]
    for name in dict.fromkeys(names):
        if subject.of.stages and name not in subject.of.stage_variables:
            yield Finding(
                rule="stage-variable",
                severity="warning",
                declared_by=integration.declared_by or subject.declared_by,
                message=f"no stage has the variable {name}, so that it is empty in the integration request",
                fix=f"add {name} to the stage's variables",
            )
