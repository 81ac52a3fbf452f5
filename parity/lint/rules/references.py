"""References to names that nothing has, or that are used as what they are not: they render as nothing.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

import difflib
from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.known_names import unknown_name
from parity.lint.references import references, statements, step_name, text_variables
from parity.lint.registry import Template, template_rule
from parity.velocity.syntax import nodes

OWN_VARIABLES = ("input", "util", "context", "stageVariables")
"""The variables that API Gateway gives a template."""
_VELOCITY_VARIABLES = frozenset({"foreach", "velocityCount", "velocityHasNext", "bodyContent", "macro", "template"})
_MEANT_AS_NULL = "null"
"""What templates compare with on purpose: `$x == $null`."""
_FUNCTIONS = {"input": ("json", "params", "path"), "util": None}
_STRING_PROPERTIES = frozenset({"class", "bytes", "empty", "blank"})
_MAPPING_EXPRESSIONS = frozenset({"method", "integration"})
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
    if name in _MAPPING_EXPRESSIONS:
        return "that is a parameter mapping's; in a template write $input.params('name') or $input.path('$.name')"
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
    rest = [name for name in map(step_name, reference.steps[1:]) if name]
    if reference.root == "util":
        return f"write $util.{function}(...)"
    if function == "params":
        named = rest[1:] if rest[:1] in (["path"], ["querystring"], ["header"]) else rest
        return f"write $input.params('{named[0]}')" if named else "write $input.params()"
    return f"write $input.{function}('$.{'.'.join(rest)}')" if rest else f"write $input.{function}('$')"


@template_rule(text_has_no_fields="a field of text, such as $input.body.name or $input.json('$').name: there is none")
def text_has_no_fields(template: Template) -> Iterator[Finding]:
    """Looks for properties of what is text for certain. Methods of Java's String are its own, and two properties."""
    texts = text_variables(template.tree)
    for reference, place in references(template.tree):
        whole = reference.literal()
        if reference.root in texts and reference.steps:
            step, source, what = reference.steps[0], f"${reference.root}", reference.steps
        elif reference.root == "input" and len(reference.steps) > 1 and _is_text_of_body(reference.steps[0]):
            step, source, what = (
                reference.steps[1],
                f"$input.{reference.steps[0].literal().strip('.')}",
                reference.steps[1:],
            )
        else:
            continue
        if isinstance(step, nodes.Property) and step.name not in _STRING_PROPERTIES:
            message = f"{source} is text and has no fields: {whole} renders as nothing"
            names = ".".join(name for name in map(step_name, what) if name)
            yield template.finding(
                "text-has-no-fields",
                "error",
                place,
                message,
                f"read it with $input.path, such as $input.path('$.{names}')",
            )


def _is_text_of_body(step: nodes.Node) -> bool:
    return (isinstance(step, nodes.Property) and step.name == "body") or (
        isinstance(step, nodes.Method) and step.name == "json"
    )
