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


def text_variables(tree: nodes.Node) -> frozenset[str]:
    """The variables that are text whatever branch a template takes: all that is assigned to them is."""
    texts: dict[str, bool] = {}
    for node in statements(tree):
        match node:
            case nodes.SetDirective() if not node.target.steps:
                name = node.target.root
                texts[name] = texts.get(name, True) and is_text(node.value.value)
            case nodes.Directive(name="foreach" | "define" | "macro"):
                given = node.arguments if node.name == "macro" else node.arguments[:1]
                texts.update({each.root: False for each in given if isinstance(each, nodes.Reference)})
    return frozenset(name for name, only_text in texts.items() if only_text)


def is_text(node: nodes.Node) -> bool:
    """Whether an expression is text for certain: `$input.body`, `$input.json(...)`, a parameter, a string."""
    match node:
        case nodes.Expression():
            return is_text(node.value)
        case nodes.StringLiteral():
            return True
        case nodes.Reference(root="input", steps=[nodes.Property(name="body") | nodes.Method(name="json")]):
            return True
        case nodes.Reference(root="input", steps=[nodes.Method(name="params") as params]):
            return bool(params.arguments)
        case nodes.Reference(root="util", steps=[nodes.Method() as function]):
            return function.name != "parseJson"
        case nodes.Reference(root="stageVariables", steps=[nodes.Property()]):
            return True
    return False
