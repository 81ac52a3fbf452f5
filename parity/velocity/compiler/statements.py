"""Nodes to Python: a template becomes a module of functions, which append their output piece by piece.

Every function that renders takes the context, the output's `append` and the runtime. A line of the Python knows the
line of the template that it comes from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from parity.velocity.compiler.codegen import NOWHERE, Function, Line, Module
from parity.velocity.compiler.expressions import ExpressionCompiler
from parity.velocity.limits import NullRule
from parity.velocity.syntax import nodes
from parity.velocity.syntax.parser import DIRECTIVES
from parity.velocity.syntax.semantic_checks import MacroDeclaration

_PARAMETERS = "ctx, out, rt"
_DEPTH_OF_A_FUNCTION = 6
_CHANGING = frozenset(
    (
        "add",
        "addAll",
        "clear",
        "put",
        "putAll",
        "putIfAbsent",
        "remove",
        "removeAll",
        "replace",
        "retainAll",
        "set",
        "sort",
        "subList",
    )
)


class Features:
    """What a template makes use of, so that what it does not need is left out of its Python.

    Args:
        source: the template.
        trees: everything that is compiled.
        evaluated: whether another template evaluates it, whose variables it shares.

    Attributes:
        nodes: all nodes of the trees.
        named: how often each variable is named.
    """

    def __init__(self, source: str, trees: list[nodes.Node], *, evaluated: bool) -> None:
        self.dynamic = evaluated or "evaluate" in source
        self.counter = self.dynamic or "velocityCount" in source
        self.has_next = self.dynamic or "velocityHasNext" in source
        self.stops = self.dynamic or "break" in source or "stop" in source
        self.blocks = self.dynamic or "define" in source or "@" in source
        self.nodes = [node for tree in trees for node in everything(tree)]
        self.named = Counter(roots(self.nodes))
        self.scope = self.dynamic or "foreach" in self.named
        self.changes = self.dynamic or any(map(_changes, self.nodes))


def everything(tree: nodes.Node) -> Iterator[nodes.Node]:
    """All nodes of a tree, those of its interpolated strings too."""
    for node in tree.walk():
        yield node
        if isinstance(node, nodes.StringLiteral) and node.tree is not None:
            yield from everything(node.tree)


def roots(tree: Iterable[nodes.Node]) -> Iterator[str]:
    """The variables that nodes name."""
    for node in tree:
        if isinstance(node, nodes.Reference):
            yield node.root
        elif isinstance(node, nodes.SetDirective):
            yield from (node.target.root, node.target.assigned_name())


def _changes(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Method):
        return node.name in _CHANGING
    return isinstance(node, nodes.SetDirective) and bool(node.target.steps)


class Writer:
    """The body of one function while it is written; texts that follow each other become one."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.indent = 0
        self.depth = 0
        self.loops = 0
        self._text: list[str] = []

    def text(self, value: str) -> None:
        if value:
            self._text.append(value)

    def flush(self) -> None:
        if self._text:
            self.lines.append((self.indent, f"out({''.join(self._text)!r})", NOWHERE))
            self._text.clear()

    def piece(self, code: str, node: nodes.Node) -> None:
        """Renders the text that an expression gives."""
        self.line(f"out({code})", node)

    def line(self, code: str, node: nodes.Node | None = None) -> None:
        self.flush()
        self.lines.append((self.indent, code, (node.line, node.column) if node is not None else NOWHERE))


class Compiler(ExpressionCompiler):
    """Compiles the statements of one template.

    Args:
        module: where the functions go.
        rule: what a reference without a value is.
        features: what the template makes use of.
        name: the template's name.
    """

    def __init__(self, module: Module, rule: NullRule, features: Features, name: str) -> None:
        super().__init__(module, rule)
        self.features = features
        self.template_name = name

    def compile(self, tree: nodes.Node, macros: Mapping[str, MacroDeclaration]) -> dict[str, str]:
        """Compiles a template and the macros that it declares.

        Returns:
            The names of the functions that render the macros, by macro.
        """
        self.module.add("render", self._function(tree))
        names = {}
        for name, macro in macros.items():
            names[name] = self.module.name("macro_")
            self.module.add(names[name], self._function(macro.body))
        return names

    def _function(self, tree: nodes.Node, writer: Writer | None = None) -> Function:
        writer = writer or Writer()
        self._statement(tree, writer)
        writer.flush()
        return Function(_PARAMETERS, writer.lines)

    def block_function(self, tree: nodes.Node) -> str:
        """The name of a function that renders a tree."""
        name = self.module.name("block_")
        self.module.add(name, self._function(tree))
        return name

    def store(self, name: str, value: str) -> str:
        """Python that gives a variable a value."""
        return f"ctx[{name!r}] = {value}"

    def string_function(self, node: nodes.StringLiteral) -> str:
        assert node.tree is not None  # noqa: S101 - only called for a string with something to interpolate
        name = self.module.name("string_")
        writer = Writer()
        writer.line("parts = []")
        writer.line("out = parts.append")
        self._statement(node.tree, writer)
        writer.line(f"return rt.text(parts, {node.padded})")
        self.module.add(name, Function("ctx, rt", writer.lines))
        return name

    # statements

    def _statement(self, node: nodes.Node, writer: Writer) -> None:
        if isinstance(node, nodes.Text):
            writer.text(node.value)
        elif isinstance(node, nodes.Reference):
            self._reference(node, writer)
        elif isinstance(node, nodes.SetDirective):
            self._set(node, writer)
        elif isinstance(node, nodes.IfStatement):
            self._if(node, writer)
        elif isinstance(node, nodes.Directive):
            self._directive(node, writer)
        elif isinstance(node, nodes.Block):
            for statement in node.statements:
                self._statement(statement, writer)
        else:
            for child in node.children():
                self._statement(child, writer)

    def _indented(self, tree: nodes.Node, writer: Writer) -> None:
        """A block inside a compound statement; deep ones become functions, as Python bounds how deep code may nest."""
        before = len(writer.lines)
        writer.flush()
        writer.indent += 1
        writer.depth += 1
        if writer.depth > _DEPTH_OF_A_FUNCTION:
            name = self.block_function(tree)
            writer.line(f"{name}(ctx, out, rt)", tree)
        else:
            self._statement(tree, writer)
            writer.flush()
        if len(writer.lines) == before:
            writer.line("pass")
        writer.depth -= 1
        writer.indent -= 1

    def _reference(self, node: nodes.Reference, writer: Writer) -> None:
        if node.notation is nodes.Notation.RUNT:
            writer.text(node.root)
            return
        temporary = self.module.temporary()
        value = self.reference(node, always=True)
        null = node.null_text
        if node.escaped:
            writer.line(f"out(rt.show_escaped({value}, ctx, {null!r}, {node.escape_prefix!r}))", node)
        elif node.escape_prefix or node.more_prefix:
            prefixes = (node.escape_prefix, node.more_prefix)
            writer.line(f"out(rt.show_prefixed({value}, ctx, out, {null!r}, {prefixes!r}))", node)
        else:
            writer.line(
                f"out({temporary} if ({temporary} := {value}).__class__ is str "
                f"else rt.show({temporary}, ctx, out, {null!r}))",
                node,
            )

    def _set(self, node: nodes.SetDirective, writer: Writer) -> None:
        value = self.module.temporary()
        target = node.target
        writer.line(f"if ({value} := {self.value(node.value)}) is not None:", node)
        writer.indent += 1
        if not target.steps:
            writer.line(self.store(target.assigned_name(), value))
        else:
            owner = self.load(target.root)
            for step in target.steps[:-1]:
                owner = self.step(owner, step)
            self._assign(owner, target.steps[-1], value, writer)
        writer.indent -= 1

    def _assign(
        self, owner: str, step: nodes.Property | nodes.Method | nodes.Index, value: str, writer: Writer
    ) -> None:
        holder = self.module.temporary()
        writer.line(f"if ({holder} := {owner}) is not None:", step)
        if isinstance(step, nodes.Index):
            assignment = f"set_index({holder}, {self.value(step.argument)}, {value})"
        else:
            assignment = f"set_property({holder}, {step.name!r}, {value})"
        writer.indent += 1
        writer.line(assignment, step)
        writer.indent -= 1

    def _if(self, node: nodes.IfStatement, writer: Writer) -> None:
        word = "if"
        for condition, block in node.branches:
            writer.line(f"{word} {self.condition(condition)}:", condition)
            self._indented(block, writer)
            word = "elif"
        if node.otherwise is not None:
            writer.line("else:")
            self._indented(node.otherwise, writer)

    # directives

    def _directive(self, node: nodes.Directive, writer: Writer) -> None:
        if node.name not in DIRECTIVES:
            self._macro_call(node, writer)
        elif node.name == "foreach":
            self._foreach(node, writer)
        elif node.name == "define":
            name = node.arguments[0].first.image[1:]
            body = self.block_function(node.block or node)
            writer.line(f"ctx[{name!r}] = BlockReference(ctx, {body}, 2, rt)", node)
        elif node.name == "literal":
            writer.text((node.arguments[0] if node.arguments else node.block or node).literal())
        elif node.name == "evaluate":
            writer.line(f"rt.evaluate(ctx, out, {self.value(node.arguments[0])})", node)
        elif node.name in ("break", "stop"):
            self._stop(node, writer)
        elif node.name in ("include", "parse"):
            self._include(node, writer)

    def _stop(self, node: nodes.Directive, writer: Writer) -> None:
        if node.name == "stop":
            if node.arguments:
                writer.line(f"{self.value(node.arguments[0])}", node)
            writer.line("raise Stop(everything=True)", node)
        elif node.arguments:
            argument = node.arguments[0]
            writer.line(f"break_scope({self.value(argument)}, {argument.literal()!r})", node)
        else:
            writer.line("break" if writer.loops else "raise Stop()", node)

    def _include(self, node: nodes.Directive, writer: Writer) -> None:
        arguments = ", ".join(map(self.value, node.arguments[:1] if node.name == "parse" else node.arguments))
        kinds = [isinstance(argument, (nodes.StringLiteral, nodes.Reference)) for argument in node.arguments]
        writer.line(f"rt.{node.name}(out, ({arguments}{',' * bool(arguments)}), {kinds!r})", node)

    def _macro_call(self, node: nodes.Directive, writer: Writer) -> None:
        if node.name.startswith("@") and node.block is None:
            writer.text(f"#{node.name}")
            return
        arguments = [self._argument(argument) for argument in node.arguments]
        words = [argument.first.image for argument in node.arguments if isinstance(argument, nodes.Word)]
        body = "None" if node.block is None else self.block_function(node.block)
        name = self.module.name("call_")
        call = (
            f"Call({node.name.removeprefix('@')!r}, ({''.join(argument + ', ' for argument in arguments)}), "
            f"{_raw_literal(node)!r}, {words[-1] if words else None!r}, {body})"
        )
        self.module.calls.append((name, call))
        writer.line(f"rt.call_macro(ctx, out, {name})", node)

    def _argument(self, node: nodes.Node) -> str:
        by_name = (nodes.Reference, nodes.StringLiteral, nodes.IntegerRange, nodes.ObjectArray, nodes.MapLiteral)
        constant = not isinstance(node, by_name)
        if isinstance(node, nodes.Reference) and not node.steps:
            value = f"get({node.root!r})"
        elif isinstance(node, nodes.Reference):
            value = self.reference(node, always=True)
        else:
            value = self.value(node)
        name = self.module.name("argument_")
        self.module.add(name, Function("ctx, rt", [(0, f"return {value}", (node.line, node.column))]))
        return f"Argument({name}, {constant}, {node.literal()!r})"

    # foreach

    def _foreach(self, node: nodes.Directive, writer: Writer) -> None:
        block = node.block or node
        children = [*node.arguments, block]
        if len(children) < 3:
            writer.line(
                "raise JavaError('ArrayIndexOutOfBoundsException', '#foreach needs a variable, in and a list')", node
            )
            return
        if len(children) == 3:
            return  # the block stands where the list should, and a block has no value
        first = children[0]
        variable = first.root if isinstance(first, nodes.Reference) else first.first.image[1:]
        number = self.module.name("")
        body = children[3]
        writer.line(f"s{number} = {self._iterated(children[2], weight_of(body) + _OF_A_SCOPE)}", node)
        writer.line(f"if s{number} is not None:")
        writer.indent += 1
        self._loop(node, variable, body, number, writer)
        writer.indent -= 1

    def _iterated(self, node: nodes.Node, weight: int) -> str:
        if isinstance(node, nodes.IntegerRange):
            value = f"rt.loop_range({self.value(node.low)}, {self.value(node.high)})"
        else:
            value = self.value(node)
        return f"rt.iterate({value}, {weight})"

    def _loop(self, node: nodes.Directive, variable: str, body: nodes.Node, number: str, writer: Writer) -> None:
        features = self.features
        names = [variable]
        names += ["velocityCount"] if features.counter else []
        names += ["velocityHasNext"] if features.has_next else []
        writer.line(f"a{number}, b{number} = s{number}")
        writer.line(f"n{number} = len(a{number})")
        if features.changes:
            writer.line(f"g{number} = rt.budget.modifications; w{number} = g{number}.get(id(b{number}))")
        writer.line(f"o{number} = ({''.join(f'({name!r}, get({name!r})), ' for name in names)})")
        if features.scope:
            place = (self.template_name, node.line, node.column)
            writer.line(f"ctx['foreach'] = f{number} = ForeachScope(get('foreach'), n{number} - 1, {place!r})")
        writer.line(f"c{number} = ctx; h{number} = None")
        writer.line(f"for i{number}, v{number} in enumerate({self._bounded(number)}):", node)
        writer.indent += 1
        self._iteration(variable, body, number, writer)
        writer.indent -= 1
        writer.line(f"if ctx is not c{number}: ctx = c{number}; get = ctx.get")
        writer.line(f"rt.end_foreach(ctx, o{number}, {features.scope})", node)

    def _bounded(self, number: str) -> str:
        return f"bounded(a{number}, rt)" if self.empty_nulls else f"a{number}"

    def _iteration(self, variable: str, body: nodes.Node, number: str, writer: Writer) -> None:
        features = self.features
        if features.counter:
            writer.line(f"ctx['velocityCount'] = i{number} + 1")
        if features.has_next:
            writer.line(f"ctx['velocityHasNext'] = i{number} < n{number} - 1")
        writer.line(f"if ctx is not c{number}: ctx = c{number}; get = ctx.get")
        writer.line(f"ctx[{variable!r}] = v{number}")
        if features.scope:
            writer.line(f"f{number}.index = i{number}")
        writer.line(f"if v{number} is None:")
        writer.line(f"    h{number} = h{number} or NullHolder({variable!r}, ctx); ctx = h{number}; get = ctx.get")
        loops, writer.loops = writer.loops, 1
        if features.stops:
            self._stoppable(body, number, writer)
        else:
            writer.indent -= 1
            self._indented(body, writer)
            writer.indent += 1
        writer.loops = loops
        if features.changes:
            writer.line(f"if len(b{number}) != n{number} or g{number}.get(id(b{number})) != w{number}:")
            writer.line(f"    rt.changed(b{number}, n{number}, i{number}); break")

    def _stoppable(self, body: nodes.Node, number: str, writer: Writer) -> None:
        scope = f"f{number}" if self.features.scope else "None"
        writer.line("try:")
        self._indented(body, writer)
        writer.line("except Stop as stop:")
        writer.line(f"    if stop.ends({scope}): break")
        writer.line(f"    rt.end_foreach(c{number}, o{number}, {self.features.scope})")
        writer.line("    raise")


_WEIGHTS: Mapping[type[nodes.Node], int] = {
    nodes.Reference: 1,
    nodes.Directive: 1,
    nodes.SetDirective: 1,
    nodes.Binary: 1,
    nodes.Index: 2,
    nodes.Method: 5,
    nodes.StringLiteral: 2,
}
_OF_A_SCOPE = 2


def weight_of(body: nodes.Node) -> int:
    """How much one run of a block takes, in statements."""
    return 1 + sum(_WEIGHTS.get(node.__class__, 0) for node in body.walk())


def _raw_literal(node: nodes.Node) -> str:
    token = node.first
    text = [token.image]
    while token is not node.last and token.next is not None:
        token = token.next
        text.append(token.image)
    return "".join(text)
