"""The references of a template, within strings too."""

from collections.abc import Iterator

from parity.velocity.syntax import nodes


def references(tree: nodes.Node) -> Iterator[tuple[nodes.Reference, nodes.Node]]:
    """Every reference that is evaluated, with the node whose place tells where it is: a string's, if it is in one."""
    for node in tree.walk():
        if isinstance(node, nodes.Reference) and not node.escaped and node.notation is not nodes.Notation.RUNT:
            yield node, node
        elif isinstance(node, nodes.StringLiteral) and node.tree is not None:
            yield from ((reference, node) for reference, _ in references(node.tree))


def statements(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, those in interpolated strings included."""
    for node in tree.walk():
        yield node
        if isinstance(node, nodes.StringLiteral) and node.tree is not None:
            yield from statements(node.tree)


def step_name(step: nodes.Node) -> str | None:
    """The name that a step of a reference asks for: that of a property, a method, or an index by a string."""
    match step:
        case nodes.Property() | nodes.Method():
            return step.name
        case nodes.Index(argument=nodes.StringLiteral(value=value)):
            return value
    return None
