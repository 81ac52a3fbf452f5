"""The syntax tree of a template, with the names of Velocity's own nodes.

Every node knows its place (`line`, `column`, counted from 1) and its source text (`literal()`).
"""

from collections.abc import Iterator
from enum import Enum

from parity.velocity.syntax.tokens import Kind, Token


class Node:
    """A piece of a template between two tokens, both included."""

    __slots__ = ("column", "first", "last", "line")

    def __init__(self, first: Token, place: tuple[int, int]) -> None:
        self.first = first
        self.last = first
        self.line, self.column = place

    def children(self) -> "Iterator[Node]":
        """The nodes directly below, in the order in which Velocity prepares them."""
        return iter(())

    def literal(self) -> str:
        """The node's source text, as Velocity repeats it for a reference that has no value."""
        token = self.first
        text = [token_literal(token)]
        while token is not self.last and token.next is not None:
            token = token.next
            text.append(token_literal(token))
        return "".join(text)

    def walk(self) -> "Iterator[Node]":
        """This node and all below it, the lower ones first."""
        order: list[Node] = []
        pending = [self]
        while pending:
            node = pending.pop()
            order.append(node)
            pending.extend(node.children())
        return reversed(order)


def token_literal(token: Token) -> str:
    """A token's text with the lone `$` and `#` that its lexer put aside before it."""
    if token.kind is Kind.MULTI_LINE_COMMENT:
        return ""
    special = token.special
    if special is None or special.image.startswith("##"):
        return token.image
    put_aside = []
    while special is not None:
        put_aside.append(_signs(special.image))
        special = special.special
    return "".join(reversed(put_aside)) + token.image


def _signs(image: str) -> str:
    kept = []
    position = 0
    while position < len(image):
        character = image[position]
        if character in "#$":
            kept.append(character)
        elif character == "\\":
            end = position
            while end < len(image) and image[end] == "\\":
                end += 1
            if end < len(image) and image[end] == "$":
                kept.append(image[position : end + 1])
                position = end + 1
        position += 1
    return "".join(kept)


class Block(Node):
    """Statements one after another: a template's, a directive's or an interpolated string's."""

    __slots__ = ("statements",)

    def __init__(self, first: Token, place: tuple[int, int]) -> None:
        super().__init__(first, place)
        self.statements: list[Node] = []

    def children(self) -> Iterator[Node]:
        return iter(self.statements)


class Text(Node):
    """Text that renders as it stands; `value` is what it renders."""

    __slots__ = ("value",)

    def __init__(self, first: Token, place: tuple[int, int], value: str) -> None:
        super().__init__(first, place)
        self.value = value


class Comment(Text):
    """`## …`, `#* … *#` or `#** … *#`; `value` is what renders of it, which is nearly always nothing."""

    __slots__ = ()


class TextBlock(Text):
    """`#[[ … ]]#`: content that is not parsed."""

    __slots__ = ()


class Escape(Text):
    """Backslashes before something that is not a reference."""

    __slots__ = ()


class EscapedDirective(Text):
    """`\\#set` and the like."""

    __slots__ = ()


class Notation(Enum):
    """How a reference is written."""

    UNSET = 0
    NORMAL = 1
    FORMAL = 2
    QUIET = 3
    RUNT = 4


class Property(Node):
    """`.name` in a reference."""

    __slots__ = ("name",)

    def __init__(self, first: Token, place: tuple[int, int], name: str) -> None:
        super().__init__(first, place)
        self.name = name


class Method(Node):
    """`.name(arguments)` in a reference."""

    __slots__ = ("arguments", "name")

    def __init__(self, first: Token, place: tuple[int, int], name: str) -> None:
        super().__init__(first, place)
        self.name = name
        self.arguments: list[Node] = []

    def children(self) -> Iterator[Node]:
        return iter(self.arguments)


class Index(Node):
    """`[argument]` in a reference."""

    __slots__ = ("argument",)

    def __init__(self, first: Token, place: tuple[int, int], argument: Node) -> None:
        super().__init__(first, place)
        self.argument = argument

    def children(self) -> Iterator[Node]:
        yield self.argument


class Reference(Node):
    """`$name`, `${name}`, `$!name`, `$!{name}` and what follows the name.

    Attributes:
        root: the variable's name.
        steps: the properties, methods and indexes after it.
        notation: how it is written; a runt is an identifier without its dollar sign and renders as `root`.
        null_text: what it renders when it has no value.
        escape_prefix: half of the backslashes before it.
        more_prefix: what its first token holds before the dollar sign that counts.
        escaped: whether an odd number of backslashes stands before it.
        computable: false for `$\\!name`, which has no value in an expression.
    """

    __slots__ = ("computable", "escape_prefix", "escaped", "more_prefix", "notation", "null_text", "root", "steps")

    def __init__(self, first: Token, place: tuple[int, int]) -> None:
        super().__init__(first, place)
        self.root = ""
        self.steps: list[Property | Method | Index] = []
        self.notation = Notation.UNSET
        self.null_text = ""
        self.escape_prefix = ""
        self.more_prefix = ""
        self.escaped = False
        self.computable = True

    def children(self) -> Iterator[Node]:
        return iter(self.steps)

    def assigned_name(self) -> str:
        """The variable that `#set`, `#define` and the like assign: the first token without its first character."""
        return self.first.image[1:]

    def settle(self) -> None:
        """Works out name, notation and escapes from the tokens, once they are all known."""
        image = self.first.image
        if "\\!" in image:
            self.root = self.null_text = _without_one_backslash(image)
            self.computable = False
            return
        slashes = len(image) - len(image.lstrip("\\"))
        self.escaped = slashes % 2 == 1
        self.escape_prefix = image[: slashes // 2]
        image = image[slashes:]
        dollar = image.rfind("$")
        if dollar > 0:
            self.more_prefix = image[:dollar]
            image = image[dollar:]
        self.first.image = image
        self.null_text = self.literal()
        follower = self.first.next.image if self.first.next is not None else ""
        if image.startswith("$!"):
            self.notation = Notation.QUIET
            if not self.escaped:
                self.null_text = ""
            self.root = follower if image.startswith("$!{") else image[2:]
        elif image == "${":
            self.notation = Notation.FORMAL
            self.root = follower
        elif image.startswith("$"):
            self.notation = Notation.NORMAL
            self.root = image[1:]
        else:
            self.notation = Notation.RUNT
            self.root = image


def _without_one_backslash(image: str) -> str:
    start = image.find("\\", max(image.find("$"), 0))
    end = start
    while end < len(image) and image[end] == "\\":
        end += 1
    return image[: end - 1] + image[end:]


class Expression(Node):
    """A whole expression: a condition or the right side of a `#set`, or what stands in parentheses."""

    __slots__ = ("value",)

    def __init__(self, first: Token, place: tuple[int, int], value: Node) -> None:
        super().__init__(first, place)
        self.value = value

    def children(self) -> Iterator[Node]:
        yield self.value


class Binary(Node):
    """Two operands and `||`, `&&`, `==`, `!=`, `<`, `<=`, `>`, `>=`, `+`, `-`, `*`, `/` or `%` between them."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, first: Token, place: tuple[int, int], operator: Kind, left: Node, right: Node) -> None:
        super().__init__(first, place)
        self.operator = operator
        self.left = left
        self.right = right

    def children(self) -> Iterator[Node]:
        yield self.left
        yield self.right


class Not(Node):
    """`!operand`."""

    __slots__ = ("operand",)

    def __init__(self, first: Token, place: tuple[int, int], operand: Node) -> None:
        super().__init__(first, place)
        self.operand = operand

    def children(self) -> Iterator[Node]:
        yield self.operand


class StringLiteral(Node):
    """A string; `tree` is its content when it is double-quoted and has something to interpolate.

    Attributes:
        value: the text between the quotes, with `\\uXXXX` and doubled quotes resolved.
        padded: whether a space was put after `value` to make `tree`, which is taken off what `tree` renders.
    """

    __slots__ = ("padded", "tree", "value")

    def __init__(self, first: Token, place: tuple[int, int]) -> None:
        super().__init__(first, place)
        self.value = ""
        self.padded = False
        self.tree: Block | None = None


class IntegerLiteral(Node):
    """A whole number; Java's Integer, Long or BigInteger, whichever holds it."""

    __slots__ = ()


class FloatingPointLiteral(Node):
    """A number with a point or an exponent; Java's Double."""

    __slots__ = ()


class BooleanLiteral(Node):
    """`true` or `false`."""

    __slots__ = ()


class IntegerRange(Node):
    """`[low..high]`."""

    __slots__ = ("high", "low")

    def __init__(self, first: Token, place: tuple[int, int], low: Node, high: Node) -> None:
        super().__init__(first, place)
        self.low = low
        self.high = high

    def children(self) -> Iterator[Node]:
        yield self.low
        yield self.high


class ObjectArray(Node):
    """`[a, b, …]`: Java's ArrayList."""

    __slots__ = ("items",)

    def __init__(self, first: Token, place: tuple[int, int]) -> None:
        super().__init__(first, place)
        self.items: list[Node] = []

    def children(self) -> Iterator[Node]:
        return iter(self.items)


class MapLiteral(Node):
    """`{a: b, …}`: Java's LinkedHashMap. Keys and values alternate in `items`."""

    __slots__ = ("items",)

    def __init__(self, first: Token, place: tuple[int, int]) -> None:
        super().__init__(first, place)
        self.items: list[Node] = []

    def children(self) -> Iterator[Node]:
        return iter(self.items)


class Word(Node):
    """A bare word among a directive's arguments: the name of a macro, or the `in` of a `#foreach`."""

    __slots__ = ()


class SetDirective(Node):
    """`#set(target = value)`."""

    __slots__ = ("target", "value")

    def __init__(self, first: Token, place: tuple[int, int], target: Reference, value: Expression) -> None:
        super().__init__(first, place)
        self.target = target
        self.value = value

    def children(self) -> Iterator[Node]:
        yield self.target
        yield self.value


class IfStatement(Node):
    """`#if … #elseif … #else … #end`: conditions with their blocks, then the block of the `#else` if there is one."""

    __slots__ = ("branches", "otherwise")

    def __init__(self, first: Token, place: tuple[int, int]) -> None:
        super().__init__(first, place)
        self.branches: list[tuple[Expression, Block]] = []
        self.otherwise: Block | None = None

    def children(self) -> Iterator[Node]:
        for condition, block in self.branches:
            yield condition
            yield block
        if self.otherwise is not None:
            yield self.otherwise


class Directive(Node):
    """Any other directive, and any use of a macro.

    Attributes:
        name: its name; a macro called with a block keeps its `@` here.
        arguments: what stands in its parentheses.
        block: what stands between it and its `#end`.
    """

    __slots__ = ("arguments", "block", "name")

    def __init__(self, first: Token, place: tuple[int, int], name: str) -> None:
        super().__init__(first, place)
        self.name = name
        self.arguments: list[Node] = []
        self.block: Block | None = None

    def children(self) -> Iterator[Node]:
        yield from self.arguments
        if self.block is not None:
            yield self.block
