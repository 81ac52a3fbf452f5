"""A quicker Python for plain templates: their variables are local variables.

A template is plain when nothing but its own statements can see its variables: it declares and calls no macro, defines
no block, evaluates no text, and its strings hold only text and references. Nearly every mapping template is.
"""

from parity.velocity import nodes
from parity.velocity.compiler import Compiler, Features, Writer, everything, roots, weight_of
from parity.velocity.functions import NOWHERE, Function, Module
from parity.velocity.limits import NullRule

_LOOP_STATE = {
    "index": "i{0}",
    "count": "(i{0} + 1)",
    "hasNext": "(i{0} < m{0})",
    "first": "(i{0} < 1)",
    "last": "(i{0} >= m{0})",
}
_MAX_DEPTH = 6


_QUOTES = {
    ord("{"): "{{",
    ord("}"): "}}",
    ord('"'): '\\"',
    ord("\\"): "\\\\",
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    0: "\\x00",
    **{code: f"\\u{code:04x}" for code in range(0xD800, 0xE000)},
}


class NotPlain(Exception):  # noqa: N818 - a turn that compilation takes, not an error
    """The template cannot be compiled this way."""


def check_plain(tree: nodes.Node, features: Features) -> None:
    """Makes sure that a template is plain.

    Raises:
        NotPlain: it is not.
    """
    if features.dynamic or features.counter or features.has_next:
        raise NotPlain
    assigned, loop_variables = set(), set()
    for node in everything(tree):
        if isinstance(node, nodes.Directive):
            loop_variables |= _loop_variable(node)
        elif isinstance(node, nodes.SetDirective):
            assigned.add(node.target.root)
            assigned.add(node.target.assigned_name())
    if assigned & (loop_variables | {"foreach"}) or "foreach" in loop_variables:
        raise NotPlain


def _loop_variable(node: nodes.Directive) -> set[str]:
    if node.name in ("literal", "stop") or (node.name == "break" and not node.arguments):
        return set()
    if node.name != "foreach" or len(node.arguments) != 3 or not isinstance(node.arguments[0], nodes.Reference):
        raise NotPlain
    return {node.arguments[0].root}


class LocalCompiler(Compiler):
    """Compiles a plain template."""

    def __init__(self, module: Module, rule: NullRule, features: Features, name: str) -> None:
        super().__init__(module, rule, features, name)
        self._variables: dict[str, str] = {}
        self._loops: list[str] = []
        self._loop_variables: list[str] = []

    def compile_plain(self, tree: nodes.Node) -> None:
        """Compiles the template.

        Raises:
            NotPlain: it turned out not to be plain.
        """
        check_plain(tree, self.features)
        for name in dict.fromkeys(root for root in roots(everything(tree)) if root != "foreach"):
            self._variables[name] = f"v{len(self._variables)}_"
        writer = PieceWriter(self.module)
        for name, variable in self._variables.items():
            writer.line(f"{variable} = get({name!r})")
        self._statement(tree, writer)
        writer.flush()
        self.module.add("render", Function("ctx, out, rt", writer.lines))

    # expressions

    def load(self, name: str) -> str:
        if name == "foreach":
            raise NotPlain  # it is an object that the loop must keep
        return self._variables[name]

    def store(self, name: str, value: str) -> str:
        return f"{self._variables[name]} = {value}"

    def _outlined(self, _: str) -> str:
        raise NotPlain

    def block_function(self, _: nodes.Node) -> str:
        raise NotPlain

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
                raise NotPlain
            loops.pop()
        if not loops or not steps or not isinstance(steps[0], nodes.Property) or steps[0].name not in _LOOP_STATE:
            raise NotPlain
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
                raise NotPlain
        return f"rt.text(({', '.join(pieces)}{',' * (len(pieces) == 1)}), {node.padded})"

    # statements

    def _shown(self, node: nodes.Reference) -> str | None:
        """Python for the text of a reference; None for a runt, which is text itself."""
        if node.notation is nodes.Notation.RUNT:
            return None
        if node.escaped or node.escape_prefix or node.more_prefix or not node.computable:
            raise NotPlain
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
            raise NotPlain
        variable = self._variables[first.root]
        if variable in self._loop_variables:
            raise NotPlain  # inside a loop over a null, the inner loop's variable stays null
        number = self.module.name("")
        if self.features.changes:
            writer.line(f"s{number} = {self._iterated(node.arguments[2], weight_of(body))}", node)
            writer.line(f"if s{number} is not None:")
            writer.indent += 1
            writer.line(f"a{number}, b{number} = s{number}")
        else:
            writer.line(f"a{number} = {self._items(node.arguments[2], weight_of(body))}", node)
            writer.line(f"if a{number} is not None:")
            writer.indent += 1
        writer.line(f"o{number} = {variable}; m{number} = len(a{number}) - 1")
        self._loops.append(number)
        self._loop_variables.append(variable)
        writer.line(f"for i{number}, {variable} in enumerate({self._bounded(number)}):")
        self._plain_iteration(body, number, writer)
        self._loops.pop()
        self._loop_variables.pop()
        writer.line(f"{variable} = o{number}")
        writer.indent -= 1

    def _items(self, node: nodes.Node, weight: int) -> str:
        """What a loop goes through when nothing changes it meanwhile; the keys of a map without a view of them."""
        if isinstance(node, nodes.Reference) and node.steps and node.root != "foreach" and node.computable:
            last = node.steps[-1]
            if isinstance(last, nodes.Method) and last.name == "keySet" and not last.arguments:
                owner = self.load(node.root)
                for step in node.steps[:-1]:
                    owner = self.step(owner, step)
                return f"rt.keys({owner}, {weight})"
        return self._iterated(node, weight).replace("rt.iterate(", "rt.items(", 1)

    def _plain_iteration(self, body: nodes.Node, number: str, writer: Writer) -> None:
        loops, writer.loops = writer.loops, 1
        self._indented(body, writer)
        writer.loops = loops
        if self.features.changes:
            writer.indent += 1
            writer.line(f"if b{number}.__class__ in (list, dict) and len(b{number}) != m{number} + 1:")
            writer.line(f"    rt.changed(b{number}, m{number} + 1, i{number}); break")
            writer.indent -= 1


class PieceWriter(Writer):
    """Writes texts and references that follow each other as one formatted string."""

    def __init__(self, module: Module) -> None:
        super().__init__()
        self.module = module
        self._pieces: list[tuple[bool, str]] = []
        self._origin = NOWHERE

    def text(self, value: str) -> None:
        if value:
            self._pieces.append((False, value))

    def piece(self, code: str, node: nodes.Node) -> None:
        if "\\" in code or '"' in code or "{" in code:
            self.flush()
            self.line(f"out({code})", node)
            return
        if self._origin is NOWHERE:
            self._origin = (node.line, node.column)
        self._pieces.append((True, code))

    def flush(self) -> None:
        if not self._pieces:
            return
        pieces, self._pieces = self._pieces, []
        origin, self._origin = self._origin, NOWHERE
        if not any(dynamic for dynamic, _ in pieces):
            code = repr("".join(text for _, text in pieces))
        elif len(pieces) == 1:
            code = pieces[0][1]
        else:
            code = 'f"' + "".join(f"{{{text}}}" if dynamic else _quoted(text) for dynamic, text in pieces) + '"'
        self.lines.append((self.indent, f"out({code})", origin))


def _quoted(text: str) -> str:
    """Text as it stands between the double quotes of a formatted string."""
    return text.translate(_QUOTES)
