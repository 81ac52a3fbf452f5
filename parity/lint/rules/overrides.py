"""A parameter that a template overrides twice: API Gateway applies one override, and answers a second one with a 5XX.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
"""

from collections.abc import Iterator

from parity.lint.finding import Finding
from parity.lint.references import step_name
from parity.lint.registry import Template, template_rule
from parity.velocity.syntax import nodes

_Branches = tuple[tuple[int, int], ...]
"""The branches that a statement is in, from the outside: which `#if`, and which of its blocks."""


@template_rule(override_twice="a parameter that a template overrides twice, which is a 5XX")
def overrides_twice(template: Template) -> Iterator[Finding]:
    """Looks for a second override that is certain to come after a first one."""
    seen: dict[tuple[str, ...], list[_Branches]] = {}
    for path, node, branches in _overrides(template.tree, ()):
        before = seen.setdefault(path, [])
        if any(branches[: len(other)] == other or other[: len(branches)] == branches for other in before):
            message = f"$context.{'.'.join(path)} is overridden for a second time: API Gateway answers with a 5XX"
            fix = "set a variable of your own, and override once at the template's end"
            yield template.finding("override-twice", "error", node, message, fix)
        before.append(branches)


def _overrides(block: nodes.Block, branches: _Branches) -> Iterator[tuple[tuple[str, ...], nodes.Node, _Branches]]:
    """Every override of a block: its path below `$context`, where it is, and the branches around it."""
    for node in block.statements:
        match node:
            case nodes.SetDirective():
                path = tuple(step_name(step) or "" for step in node.target.steps)
                if node.target.root == "context" and _is_override(path):
                    yield path, node, branches
                value = node.value.value
                if isinstance(value, nodes.Reference):
                    yield from _put(value, branches)
            case nodes.Reference():
                yield from _put(node, branches)
            case nodes.IfStatement():
                blocks = [inner for _, inner in node.branches] + ([node.otherwise] if node.otherwise else [])
                for index, inner in enumerate(blocks):
                    yield from _overrides(inner, (*branches, (id(node), index)))
            case nodes.Directive() if node.block is not None and node.name == "foreach":
                yield from _overrides(node.block, (*branches, (id(node), 0)))


def _put(reference: nodes.Reference, branches: _Branches) -> Iterator[tuple[tuple[str, ...], nodes.Node, _Branches]]:
    """The override by `$context.requestOverride.header.put("name", value)`."""
    last = reference.steps[-1] if reference.steps else None
    if reference.root != "context" or not isinstance(last, nodes.Method) or last.name != "put" or not last.arguments:
        return
    name = last.arguments[0]
    path = tuple(step_name(step) or "" for step in reference.steps[:-1])
    if isinstance(name, nodes.StringLiteral) and name.tree is None and _is_override((*path, name.value)):
        yield (*path, name.value), reference, branches


def _is_override(path: tuple[str, ...]) -> bool:
    if "" in path:
        return False
    return (len(path) == 3 and path[0] in ("requestOverride", "responseOverride")) or path == (
        "responseOverride",
        "status",
    )
