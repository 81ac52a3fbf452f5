"""References to names that nothing has, or that are used as what they are not: they render as nothing.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

import difflib
from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.known_names import unknown_name
from parity.lint.references import references, statements
from parity.lint.registry import Template, template_rule
from parity.velocity.syntax import nodes

OWN_VARIABLES = ("input", "util", "context", "stageVariables")
"""The variables that API Gateway gives a template."""
_VELOCITY_VARIABLES = frozenset({"foreach", "velocityCount", "velocityHasNext", "bodyContent", "macro", "template"})
_MEANT_AS_NULL = "null"
"""What templates compare with on purpose: `$x == $null`."""
_FUNCTIONS = {"input": ("json", "params", "path"), "util": None}
_APPSYNC_VARIABLES = frozenset({"ctx", "utils", "extensions"})


@template_rule(unknown_name="a $context, $input or $util name that API Gateway does not have")
def unknown_names(template: Template) -> Iterator[Finding]:
    """Looks up the names in API Gateway's own variables."""
    for reference, place in references(template.tree):
        unknown = unknown_name(reference)
        if unknown:
            name, hint = unknown
            message = f"{name} does not exist in API Gateway and renders as nothing"
            yield template.finding("unknown-name", "error", place, message, hint)


@template_rule(unset_reference="a reference to a variable that the template does not set: it renders as nothing")
def unset_references(template: Template) -> Iterator[Finding]:
    """Looks for the `#set`, `#foreach`, `#define` or `#macro` of each variable; wherever it is, it counts."""
    given = {*OWN_VARIABLES, *_VELOCITY_VARIABLES, _MEANT_AS_NULL, *_assigned(template.tree)}
    targets = {id(node.target) for node in statements(template.tree) if isinstance(node, nodes.SetDirective)}
    for reference, place in references(template.tree):
        if reference.root in given or (id(reference) in targets and not reference.steps):
            continue
        text = reference.literal()
        message = f"${reference.root} is not set in the template and not a variable of API Gateway: {text} is empty"
        yield template.finding("unset-reference", "error", place, message, _remedy(reference.root, given))


def _assigned(tree: nodes.Block) -> Iterator[str]:
    """The names that a template gives a value to."""
    for node in statements(tree):
        match node:
            case nodes.SetDirective() if not node.target.steps:
                yield node.target.root
            case nodes.Directive(name="foreach" | "define"):
                yield from (argument.root for argument in node.arguments[:1] if isinstance(argument, nodes.Reference))
            case nodes.Directive(name="macro"):
                yield from (argument.root for argument in node.arguments if isinstance(argument, nodes.Reference))


def _remedy(name: str, given: set[str]) -> str:
    if name in _APPSYNC_VARIABLES:
        return "that is AppSync's; API Gateway has $input, $context, $util and $stageVariables"
    same = next((other for other in sorted(given) if other.lower() == name.lower()), None)
    close = [same] if same else difflib.get_close_matches(name, sorted(given - _VELOCITY_VARIABLES), n=1, cutoff=0.7)
    if close:
        return f"did you mean ${close[0]}?"
    return f"set it with #set(${name} = ...); to print a dollar sign, #set($D = '$') and write ${{D}}{name}"


@template_rule(missing_parentheses="a function of $input or $util without its parentheses: $input.params.x")
def missing_parentheses(template: Template) -> Iterator[Finding]:
    """Looks for functions that are written as properties."""
    for reference, place in references(template.tree):
        if reference.root not in _FUNCTIONS or not reference.steps:
            continue
        step, names = reference.steps[0], _FUNCTIONS[reference.root]
        if not isinstance(step, nodes.Property) or unknown_name(reference) or (names and step.name not in names):
            continue
        text = reference.literal()
        message = f"{step.name} is a function: without parentheses {text} renders as nothing"
        yield template.finding("missing-parentheses", "error", place, message, _with_parentheses(reference, step.name))


def _with_parentheses(reference: nodes.Reference, function: str) -> str:
    rest = [step.name for step in reference.steps[1:] if isinstance(step, nodes.Property)]
    if reference.root == "util":
        return f"write $util.{function}(...)"
    if function == "params":
        named = rest[1:] if rest[:1] in (["path"], ["querystring"], ["header"]) else rest
        return f"write $input.params('{named[0]}')" if named else "write $input.params()"
    return f"write $input.{function}('$.{'.'.join(rest)}')" if rest else f"write $input.{function}('$')"


@template_rule(body_is_text="a field of $input.body, which is text and has none")
def body_is_text(template: Template) -> Iterator[Finding]:
    """Looks for `$input.body.name`; methods of Java's String are its own."""
    for reference, place in references(template.tree):
        names = [step.name for step in reference.steps if isinstance(step, nodes.Property)]
        steps = reference.steps
        if reference.root == "input" and len(steps) > 1 and len(names) > 1 and names[0] == "body":
            if not (isinstance(steps[0], nodes.Property) and isinstance(steps[1], nodes.Property)):
                continue
            message = f"$input.body is text and has no fields: {reference.literal()} renders as nothing"
            fix = f"write $input.path('$.{'.'.join(names[1:])}')"
            yield template.finding("body-is-text", "error", place, message, fix)
