"""Faster Python for templates whose variables can be Python's local variables.

They can when nothing but the template's own statements can see them: it declares and calls no macro, defines
no block, evaluates no text, and its strings hold only text and references. Nearly every mapping template is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from parity.velocity.compiler.codegen import NOWHERE, Function, Module, SourcePosition
from parity.velocity.compiler.statements import Compiler, Features, Writer, everything, roots, weight_of
from parity.velocity.java import patterns
from parity.velocity.limits import NullRule
from parity.velocity.syntax import nodes

_LOOP_STATE = {
    "index": "i{0}",
    "count": "(i{0} + 1)",
    "hasNext": "(i{0} < m{0})",
    "first": "(i{0} < 1)",
    "last": "(i{0} >= m{0})",
}
_MAX_DEPTH = 6
_MAX_INLINE_REPLACEMENT = 8
_MAX_REPEATED_TEXT = 80
"""How long a text may be that each branch of an `#if` repeats, so that it is one piece with it."""


class NotSupported(Exception):  # noqa: N818 - a turn that compilation takes, not an error
    """The template cannot be compiled this way."""


def check_supported(features: Features) -> None:
    """Makes sure that a template's variables can be local variables.

    Raises:
        NotSupported: they cannot.
    """
    if features.dynamic or features.counter or features.has_next:
        raise NotSupported
    assigned, loop_variables = set(), set()
    for node in features.nodes:
        if isinstance(node, nodes.Directive):
            loop_variables |= _loop_variable(node)
        elif isinstance(node, nodes.SetDirective):
            assigned.add(node.target.root)
            assigned.add(node.target.assigned_name())
    if assigned & (loop_variables | {"foreach"}) or "foreach" in loop_variables:
        raise NotSupported


def _loop_variable(node: nodes.Directive) -> set[str]:
    if node.name in ("literal", "stop") or (node.name == "break" and not node.arguments):
        return set()
    if node.name != "foreach" or len(node.arguments) != 3 or not isinstance(node.arguments[0], nodes.Reference):
        raise NotSupported
    return {node.arguments[0].root}


def own_variables(every: Sequence[nodes.Node], named: Mapping[str, int]) -> set[str]:
    """The variables that nothing but the loops over them names, so that no value is put back after a loop.

    Args:
        every: all nodes of a template.
        named: how often each variable is named in it.
    """
    inside: Counter[str] = Counter()
    for node in every:
        if isinstance(node, nodes.Directive) and node.name == "foreach":
            first, body = node.arguments[0], node.block
            if isinstance(first, nodes.Reference) and body is not None:
                inside[first.root] += 1 + sum(root == first.root for root in roots(everything(body)))
    return {name for name, count in inside.items() if count == named[name]}


class FastCompiler(Compiler):
    """Compiles a template whose variables can be local variables."""

    def __init__(self, module: Module, rule: NullRule, features: Features, name: str) -> None:
        super().__init__(module, rule, features, name)
        self._variables: dict[str, str] = {}
        self._loops: list[str] = []
        self._loop_variables: list[str] = []
        self._counted: set[str] = set()
        self._own: set[str] = set()
        self._assigned: set[str] = set()
        self._host_calls: dict[tuple[str, str], str] = {}
        self._key_loops: dict[tuple[str, str], str] = {}

    def compile_fast(self, tree: nodes.Node) -> None:
        """Compiles the template.

        Raises:
            NotSupported: they turn out not to be.
        """
        check_supported(self.features)
        every, named = self.features.nodes, self.features.named
        self._own = own_variables(every, named)
        self._assigned = {node.target.root for node in every if isinstance(node, nodes.SetDirective)}
        for name in named:
            if name != "foreach":
                self._variables[name] = f"v{len(self._variables)}_"
        writer = PieceWriter()
        self._statement(tree, writer)
        writer.flush()
        loads = [
            (0, f"{self._variables[name]} = get({name!r})", NOWHERE)
            for name in self._variables
            if name not in self._own
        ]
        binds = [
            (0, f"{function} = host_method({variable}, {method!r})", NOWHERE)
            for (variable, method), function in self._host_calls.items()
        ]
        self.module.add("render", Function("ctx, out, rt", [*loads, *binds, *writer.lines]))

    # expressions

    def load(self, name: str) -> str:
        if name == "foreach":
            raise NotSupported  # it is an object that the loop must keep
        return self._variables[name]

    def store(self, name: str, value: str) -> str:
        return f"{self._variables[name]} = {value}"

    def _outlined(self, _: str) -> str:
        raise NotSupported

    def block_function(self, _: nodes.Node) -> str:
        raise NotSupported

    def nullable(self, node: nodes.Reference) -> str:
        if node.root != "foreach":
            return super().nullable(node)
        code, steps = self._loop_state(node)
        for step in steps:
            code = self.step(code, step)
        return code

    def _loop_state(self, node: nodes.Reference) -> tuple[str, list[nodes.Property | nodes.Method | nodes.Index]]:
        loops, steps = list(self._loops), list(node.steps)
        while steps and isinstance(steps[0], nodes.Property) and steps[0].name == "parent":
            steps.pop(0)
            if not loops:
                raise NotSupported
            loops.pop()
        if not loops or not steps or not isinstance(steps[0], nodes.Property) or steps[0].name not in _LOOP_STATE:
            raise NotSupported
        self._counted.add(loops[-1])
        return _LOOP_STATE[steps[0].name].format(loops[-1]), steps[1:]

    def _condition(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.Reference) and node.root == "foreach" and node.notation is not nodes.Notation.RUNT:
            code, further = self._loop_state(node)
            if not further and code.startswith("(i") and " + " not in code:
                return code
        return super()._condition(node)

    def _interpolated(self, node: nodes.StringLiteral) -> str:
        """A string with references as one expression."""
        pieces = []
        for part in node.tree.statements if node.tree is not None else ():
            if isinstance(part, nodes.Text):
                pieces.append(repr(part.value))
            elif isinstance(part, nodes.Reference):
                shown = self._shown(part)
                pieces.append(repr(part.root) if shown is None else shown)
            else:
                raise NotSupported
        return f"rt.text(({', '.join(pieces)}{',' * (len(pieces) == 1)}), {node.padded})"

    def _method(self, of: str, step: nodes.Method) -> str:
        if step.name == "replaceAll":
            return self._replaced(of, step) or super()._method(of, step)
        if len(step.arguments) != 1 or not of.isidentifier():
            return super()._method(of, step)
        argument = step.arguments[0]
        if step.name == "get" and isinstance(argument, nodes.Reference) and not argument.steps and argument.computable:
            key = self.nullable(argument)
            if key.isidentifier():
                number = self._key_loops.get((of, key))
                if number is not None:
                    return f"({of}[k{number}] if d{number} else rt.call({of}, 'get', {self.value(argument)}))"
                return (
                    f"({of}.get({key}) if {key}.__class__ is str and {of}.__class__ is dict "
                    f"else rt.call({of}, 'get', {self.value(argument)}))"
                )
        if self._loops and of in self._variables.values() and of not in self._loop_variables:
            name = next(name for name, variable in self._variables.items() if variable == of)
            if name not in self._assigned | self._own:
                function = self._host_calls.setdefault((of, step.name), f"h{len(self._host_calls)}_")
                return f"(None if {of} is None else {function}(rt, {of}, {self.value(argument)}))"
        return super()._method(of, step)

    def _replaced(self, of: str, step: nodes.Method) -> str | None:
        """Python for `text.replaceAll(…)` that replaces one text by another; None for any other pattern."""
        constants = [text.value for text in step.arguments if isinstance(text, nodes.StringLiteral) and not text.tree]
        if len(constants) != 2 or len(step.arguments) != 2:
            return None
        old, new = patterns.literal(constants[0]), constants[1]
        if old is None or not patterns.is_plain(new) or len(new) > _MAX_INLINE_REPLACEMENT:
            return None
        name, code = self._named(of)
        shown = [self._text_constant(text) for text in (old, new, *constants)]
        return (
            f"({name}.replace({shown[0]}, {shown[1]}) if {code}.__class__ is str and len({name}) < 2000 "
            f"else rt.call({name}, 'replaceAll', {shown[2]}, {shown[3]}))"
        )

    # statements

    def _set(self, node: nodes.SetDirective, writer: Writer) -> None:
        """A variable is assigned at once where the value cannot be null."""
        target = node.target
        value: nodes.Node = node.value
        while isinstance(value, nodes.Expression):
            value = value.value
        certain = isinstance(value, nodes.StringLiteral) or (self.empty_nulls and isinstance(value, nodes.Reference))
        if target.steps or not certain:
            super()._set(node, writer)
        else:
            writer.line(self.store(target.assigned_name(), self.value(value)), node)

    def _if(self, node: nodes.IfStatement, writer: Writer) -> None:
        """Where the branches are only text, the statement is a piece of text itself."""
        blocks = [block for _, block in node.branches] + ([] if node.otherwise is None else [node.otherwise])
        if any(not isinstance(part, nodes.Text) for block in blocks for part in block.statements):
            super()._if(node, writer)
            return
        before = writer.take_text(_MAX_REPEATED_TEXT) if isinstance(writer, PieceWriter) else ""
        texts = [
            repr(before + "".join(part.value for part in block.statements if isinstance(part, nodes.Text)))
            for block in blocks
        ]
        code = repr(before) if node.otherwise is None else texts.pop()
        for (condition, _), text in zip(reversed(node.branches), reversed(texts), strict=True):
            code = f"({text} if {self.condition(condition)} else {code})"
        writer.piece(code, node)

    def _shown(self, node: nodes.Reference) -> str | None:
        """Python for the text of a reference; None for a runt, which is text itself."""
        if node.notation is nodes.Notation.RUNT:
            return None
        if node.escaped or node.escape_prefix or node.more_prefix or not node.computable:
            raise NotSupported
        null = "''" if self.empty_nulls else self._text_constant(node.null_text)
        if not node.steps:
            variable = self.load(node.root)
            return f"({variable} if {variable}.__class__ is str else text_of({variable}, {null}))"
        value, temporary = self.nullable(node), self.module.temporary()
        return f"({temporary} if ({temporary} := {value}).__class__ is str else text_of({temporary}, {null}))"

    def _text_constant(self, text: str) -> str:
        quoted = repr(text)
        return quoted if '"' not in quoted and "\\" not in quoted else self.module.keep(text)

    def _reference(self, node: nodes.Reference, writer: Writer) -> None:
        shown = self._shown(node)
        if shown is None:
            writer.text(node.root)
        else:
            writer.piece(shown, node)

    def _foreach(self, node: nodes.Directive, writer: Writer) -> None:
        first, body = node.arguments[0], node.block
        if writer.depth >= _MAX_DEPTH or body is None or not isinstance(first, nodes.Reference):
            raise NotSupported
        variable = self._variables[first.root]
        if variable in self._loop_variables:
            raise NotSupported  # inside a loop over a null, the inner loop's variable stays null
        number = self.module.name("")
        owner = self._settle_items(node, number, weight_of(body), writer)
        if first.root not in self._own:
            writer.line(f"o{number} = {variable}")
        self._loops.append(number)
        self._loop_variables.append(variable)
        start = len(writer.lines)
        writer.line("")
        item = variable if owner is None else f"k{number}"
        if owner is not None:
            writer.line(f"    {variable} = {item}.value if {item}.__class__ is Key else {item}")
            if not {owner, variable} & self._assigned_in(body):
                self._key_loops[owner, variable] = number
        self._plain_iteration(body, number, writer)
        self._key_loops.pop((owner or "", variable), None)
        self._loops.pop()
        self._loop_variables.pop()
        items = self._bounded(number) if self.features.changes else f"a{number}"
        counted = self.features.changes or number in self._counted
        head = f"i{number}, {item} in enumerate({items})" if counted else f"{item} in {items}"
        writer.lines[start] = (writer.indent, f"for {head}:", NOWHERE)
        if first.root not in self._own:
            writer.line(f"{variable} = o{number}")
        writer.indent -= 1

    def _assigned_in(self, body: nodes.Node) -> set[str]:
        """The local variables that a loop's body gives another value."""
        names = [node.target.root for node in everything(body) if isinstance(node, nodes.SetDirective)]
        names += [
            node.arguments[0].root
            for node in everything(body)
            if isinstance(node, nodes.Directive) and node.arguments and isinstance(node.arguments[0], nodes.Reference)
        ]
        return {self._variables[name] for name in names if name in self._variables}

    def _settle_items(self, node: nodes.Directive, number: str, weight: int, writer: Writer) -> str | None:
        """Writes what a loop goes through, which is charged for; the map whose keys that is, None for anything else."""
        source = node.arguments[2]
        keys_of: str | None = None
        if self.features.changes:
            writer.line(f"s{number} = {self._iterated(source, weight)}", node)
            writer.line(f"if s{number} is not None:")
            writer.indent += 1
            writer.line(f"a{number}, b{number} = s{number}")
            writer.line(f"m{number} = len(a{number}) - 1")
            writer.line(f"g{number} = rt.budget.modifications; w{number} = g{number}.get(id(b{number}))")
            return None
        owner = self._owner_of_keys(source)
        if owner is not None:
            name, code = self._named(owner)
            keys_of = name
            items = f"list({name}) if (d{number} := {code}.__class__ is dict) else rt.items(rt.call({name}, 'keySet'))"
        elif isinstance(source, nodes.IntegerRange):
            items = f"rt.loop_range({self.value(source.low)}, {self.value(source.high)})"
        else:
            name, code = self._named(self.value(source))
            items = f"{name} if {code}.__class__ is list else rt.items({name})"
        writer.line(f"a{number} = {items}", node)
        writer.line(f"if a{number} is not None:")
        writer.indent += 1
        writer.line(f"m{number} = len(a{number}) - 1")
        writer.line(f"if m{number} > 99 or budget.steps_left < budget.checkpoint:")
        writer.line(f"    a{number} = rt.bounded(a{number}, {weight}); budget.steps_left -= len(a{number}) * {weight}")
        writer.line(f"else: budget.steps_left -= m{number} * {weight} + {weight}")
        return keys_of

    def _named(self, code: str) -> tuple[str, str]:
        """A name for the value of some Python, and the Python that gives it the name."""
        if code.isidentifier():
            return code, code
        temporary = self.module.temporary()
        return temporary, f"({temporary} := {code})"

    def _owner_of_keys(self, node: nodes.Node) -> str | None:
        """Python for `$map` of `$map.keySet()`; None for anything else."""
        if not isinstance(node, nodes.Reference) or not node.steps or node.root == "foreach" or not node.computable:
            return None
        last = node.steps[-1]
        if not isinstance(last, nodes.Method) or last.name != "keySet" or last.arguments:
            return None
        owner = self.load(node.root)
        for step in node.steps[:-1]:
            owner = self.step(owner, step)
        return owner

    def _plain_iteration(self, body: nodes.Node, number: str, writer: Writer) -> None:
        loops, writer.loops = writer.loops, 1
        self._indented(body, writer)
        writer.loops = loops
        if self.features.changes:
            writer.indent += 1
            writer.line(f"if len(b{number}) != m{number} + 1 or g{number}.get(id(b{number})) != w{number}:")
            writer.line(f"    rt.changed(b{number}, m{number} + 1, i{number}); break")
            writer.indent -= 1


class PieceWriter(Writer):
    """Writes texts and references that follow each other as one extension of the output, without copying them."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[tuple[str, SourcePosition]] = []

    def piece(self, code: str, node: nodes.Node) -> None:
        self._end_text()
        self._pieces.append((code, (node.line, node.column)))

    def take_text(self, longest: int) -> str:
        """The text that was written last, to be written with what follows it, if it is not too long for that."""
        text = "".join(self._text)
        if len(text) > longest:
            return ""
        self._text.clear()
        return text

    def _end_text(self) -> None:
        if self._text:
            self._pieces.append((repr("".join(self._text)), NOWHERE))
            self._text.clear()

    def flush(self) -> None:
        self._end_text()
        pieces, self._pieces = self._pieces, []
        if len(pieces) == 1:
            code, origin = pieces[0]
            self.lines.append((self.indent, f"out({code})", origin))
        elif pieces:
            self.lines.append((self.indent, "extend((", NOWHERE))
            self.lines.extend((self.indent + 1, f"{code},", origin) for code, origin in pieces)
            self.lines.append((self.indent, "))", NOWHERE))
