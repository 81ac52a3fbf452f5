"""Follows request data through a template to the places where it is rendered into JSON.

It reads the template and renders nothing: a variable holds the most dangerous thing that any branch puts into it. What
a macro does with its arguments is not followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from parity.velocity.syntax import nodes


class Data(IntEnum):
    """What a value may hold, the more dangerous the higher."""

    SAFE = 0
    """Nothing that a client chose, or encoded so that it cannot end a JSON string."""
    ESCAPED = 1
    """The result of `$util.escapeJavaScript`: safe in a JSON string but for `\\'`, which JSON does not know."""
    JSON = 2
    """JSON text."""
    VALUE = 3
    """A part of the parsed body, which prints as Java prints it."""
    PARAMETERS = 4
    """`$input.params()`: the three maps of parameters."""
    PARAMETER_MAP = 5
    """Parameters by name."""
    TEXT = 6
    """Text as the client sent it."""


SAFE_RESULTS = frozenset(
    {"size", "length", "isEmpty", "contains", "containsKey", "containsValue", "equals", "equalsIgnoreCase"}
    | {"startsWith", "endsWith", "matches", "indexOf", "lastIndexOf", "hashCode", "compareTo"}
)
"""Methods whose result tells of the client's text, but does not hold it."""
UTIL_RESULTS = {
    "escapeJavaScript": Data.ESCAPED,
    "parseJson": Data.VALUE,
    "urlEncode": Data.SAFE,
    "base64Encode": Data.SAFE,
    "urlDecode": Data.TEXT,
    "base64Decode": Data.TEXT,
}
CLIENT_CONTEXT = frozenset({("path",), ("identity", "userAgent"), ("domainName",), ("domainPrefix",)})
"""The `$context` variables that a client chooses."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A reference that renders request data: where, and whether within a JSON string."""

    reference: nodes.Reference
    data: Data
    in_string: bool


@dataclass(slots=True)
class Flow:
    """Walks one template. `rendered` collects what it finds; `variables` is what each variable may hold by now.

    `unclosed` is the line and column, from 1, of the first quote that opens a JSON string which its line does not
    close. It is looked for up to where quotes may come from elsewhere: a macro, a variable, one branch of several.
    """

    variables: dict[str, Data] = field(default_factory=dict)
    rendered: list[Rendered] = field(default_factory=list)
    in_string: bool = False
    unclosed: tuple[int, int] | None = None
    _conditional: int = 0
    _escaped: bool = False
    _opened: tuple[int, int] = (0, 0)
    _certain: bool = True

    def template(self, block: nodes.Block) -> None:
        """Follows a whole template."""
        self.block(block)
        self._string_ends_here()

    def block(self, block: nodes.Block) -> None:
        """Follows the statements of a template or a directive, in their order."""
        for statement in block.statements:
            self._statement(statement)

    def _statement(self, node: nodes.Node) -> None:
        match node:
            case nodes.Comment():
                pass
            case nodes.Text():
                self._text(node)
            case nodes.Reference():
                self._reference(node)
            case nodes.SetDirective():
                self._certain &= not _is_text_with_quotes(node.value)
                self._assign(node.target.root, self.data_of(node.value))
            case nodes.IfStatement():
                self._if(node)
            case nodes.Directive() if node.name == "foreach":
                self._foreach(node)
            case nodes.Directive() if node.name == "define" and node.block is not None:
                self._define(node)
            case nodes.Directive():
                self._certain = False

    def _text(self, node: nodes.Text) -> None:
        line, column = node.line, node.column
        for character in node.value:
            if self._escaped:
                self._escaped = False
            elif character == "\\" and self.in_string:
                self._escaped = True
            elif character == '"':
                self.in_string = not self.in_string
                self._opened = (line, column)
            if character == "\n":
                self._string_ends_here()
                line, column = line + 1, 0
            column += 1

    def _string_ends_here(self) -> None:
        if self.in_string and self._certain and self.unclosed is None:
            self.unclosed = self._opened

    def _reference(self, node: nodes.Reference) -> None:
        data = Data.SAFE if node.escaped else self.data_of(node)
        if data is not Data.SAFE:
            self.rendered.append(Rendered(node, data, self.in_string))

    def _assign(self, name: str, data: Data) -> None:
        known = self.variables.get(name, Data.SAFE) if self._conditional else Data.SAFE
        self.variables[name] = max(known, data)

    def _if(self, node: nodes.IfStatement) -> None:
        self._conditional += 1
        before = self.in_string
        opened = self._opened
        blocks = [block for _, block in node.branches] + ([node.otherwise] if node.otherwise else [])
        after = []
        for block in blocks:
            self.in_string, self._opened = before, opened
            self.block(block)
            after.append(self.in_string)
        self._certain &= len({*after, *(() if node.otherwise else (before,))}) < 2
        self.in_string = after[0] if after else before
        self._conditional -= 1

    def _foreach(self, node: nodes.Directive) -> None:
        variable, source = node.arguments[0], node.arguments[-1]
        if isinstance(variable, nodes.Reference):
            over = self.data_of(source)
            self.variables[variable.root] = {
                Data.PARAMETERS: Data.PARAMETER_MAP,
                Data.PARAMETER_MAP: Data.TEXT,
            }.get(over, over)
        if node.block is not None:
            self._conditional += 1
            before = self.in_string
            self.block(node.block)
            if self.in_string != before and self._certain and self.unclosed is None:
                self.unclosed = self._opened  # whatever surrounds the loop, it is not JSON for one item or for two
            self._certain &= self.in_string == before
            self._conditional -= 1

    def _define(self, node: nodes.Directive) -> None:
        inner = Flow(dict(self.variables))
        if node.block is not None:
            inner.block(node.block)
        self._certain &= not inner.in_string
        target = node.arguments[0]
        if isinstance(target, nodes.Reference):
            self._assign(target.root, max((found.data for found in inner.rendered), default=Data.SAFE))

    def data_of(self, node: nodes.Node) -> Data:
        """What an expression's value may hold."""
        match node:
            case nodes.Reference():
                return self._data_of_reference(node)
            case nodes.StringLiteral():
                return max((self.data_of(part) for part in _parts(node)), default=Data.SAFE)
            case nodes.Expression():
                return self.data_of(node.value)
            case nodes.Binary() if node.operator.name == "PLUS":
                return max(self.data_of(node.left), self.data_of(node.right))
            case nodes.ObjectArray() | nodes.MapLiteral():
                return max((self.data_of(item) for item in node.items), default=Data.SAFE)
        return Data.SAFE

    def _data_of_reference(self, node: nodes.Reference) -> Data:
        steps = list(node.steps)
        names = tuple(step.name for step in steps if isinstance(step, nodes.Property | nodes.Method))
        if node.root == "context":
            return Data.TEXT if names in CLIENT_CONTEXT else self._overridden(names)
        if node.root in ("input", "util") and steps:
            data = self._source(node.root, steps.pop(0))
        else:
            data = self.variables.get(node.root, Data.SAFE)
        for step in steps:
            data = self._step(data, step)
        return data

    def _overridden(self, names: tuple[str, ...]) -> Data:
        return self.variables.get("context", Data.SAFE) if names[:1] == ("requestOverride",) else Data.SAFE

    def _source(self, root: str, step: nodes.Node) -> Data:
        if root == "input":
            match step:
                case nodes.Property(name="body"):
                    return Data.TEXT
                case nodes.Method(name="json"):
                    return Data.JSON
                case nodes.Method(name="path"):
                    return Data.VALUE
                case nodes.Method(name="params"):
                    return Data.TEXT if step.arguments else Data.PARAMETERS
        elif isinstance(step, nodes.Method):
            given = max((self.data_of(argument) for argument in step.arguments), default=Data.SAFE)
            return UTIL_RESULTS.get(step.name, given) if given is not Data.SAFE else Data.SAFE
        return Data.SAFE

    def _step(self, data: Data, step: nodes.Node) -> Data:
        name = step.name if isinstance(step, nodes.Property | nodes.Method) else "get"
        if isinstance(step, nodes.Method) and name in SAFE_RESULTS:
            return Data.SAFE
        if data is Data.PARAMETERS:
            return Data.SAFE if name == "keySet" else Data.PARAMETER_MAP
        if data is Data.PARAMETER_MAP:
            return Data.TEXT
        if data is Data.ESCAPED and isinstance(step, nodes.Method) and _mends_apostrophes(step):
            return Data.SAFE
        return data


def _parts(literal: nodes.StringLiteral) -> Iterator[nodes.Node]:
    if literal.tree is not None:
        yield from (node for node in literal.tree.walk() if isinstance(node, nodes.Reference))


def _is_text_with_quotes(value: nodes.Node) -> bool:
    """Whether a variable gets a text that a template may print as the quote of a JSON string."""
    while isinstance(value, nodes.Expression):
        value = value.value
    return isinstance(value, nodes.StringLiteral) and '"' in value.literal()[1:-1]


def _mends_apostrophes(step: nodes.Method) -> bool:
    texts = [argument.value for argument in step.arguments if isinstance(argument, nodes.StringLiteral)]
    return step.name in ("replaceAll", "replace") and len(texts) == 2 and "'" in texts[0] and texts[1] == "'"
