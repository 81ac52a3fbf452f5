"""What Velocity does with a parsed tree before it renders: strings are parsed, macros registered, directives checked.

It goes through the tree from below, in the order of the text; a string can therefore name the macros before it.
"""

import re
from dataclasses import dataclass, field

from parity.velocity.errors import ParseError
from parity.velocity.syntax import nodes
from parity.velocity.syntax.parser import Parser

_MAX_STRINGS = 20
_MAX_DIGITS = 4000
_UNICODE = re.compile(r"[+-]?[0-9a-fA-F]+")


@dataclass(slots=True)
class MacroDeclaration:
    """A macro that a template declares, with the names of its parameters."""

    parameters: tuple[str, ...]
    body: nodes.Node


@dataclass(slots=True)
class Registry:
    """The macros that an engine knows.

    Attributes:
        declared: the names that its parser met.
        macros: the macros that can be called; the first declaration of a name counts.
    """

    declared: set[str] = field(default_factory=set)
    macros: dict[str, MacroDeclaration] = field(default_factory=dict)


def parse_and_check(source: str, name: str, registry: Registry) -> nodes.Block:
    """The tree of a template, ready to be compiled.

    Args:
        source: the template.
        name: its name, for errors.
        registry: the macros known so far; it grows.

    Raises:
        ParseError: the template is not Velocity.
    """
    tree = Parser(source, name, registry.declared, registry.macros).parse()
    _SemanticChecks(name, registry)._visit(tree)
    return tree


class _SemanticChecks:
    def __init__(self, name: str, registry: Registry) -> None:
        self.name = name
        self.registry = registry
        self._depth = 0

    def _visit(self, tree: nodes.Block) -> None:
        for node in tree.walk():
            if isinstance(node, nodes.StringLiteral):
                self._string(node)
            elif isinstance(node, nodes.Directive):
                self._directive(node)
            elif isinstance(node, (nodes.IntegerLiteral, nodes.FloatingPointLiteral)):
                self._number(node)

    def _error(self, node: nodes.Node, message: str, java_class: str = "ParseErrorException") -> ParseError:
        return ParseError(message, template=self.name, line=node.line, column=node.column, java_class=java_class)

    def _string(self, node: nodes.StringLiteral) -> None:
        image = node.first.image
        quote, text = image[0], image[1:-1]
        if quote == '"':
            text = self._unescaped(node, text)
        node.value = text.replace(quote * 2, quote)
        if quote == '"' and ("$" in image or "#" in image):
            node.padded = "##" not in node.value
            if self._depth == _MAX_STRINGS:
                raise self._error(node, f"strings nest more than {_MAX_STRINGS} deep", "StackOverflowError")
            self._depth += 1
            inner = node.value + " " if node.padded else node.value
            origin = (node.line, node.column + 1)
            node.tree = Parser(inner, self.name, self.registry.declared, self.registry.macros, origin).parse()
            self._visit(node.tree)
            self._depth -= 1

    def _number(self, node: nodes.Node) -> None:
        image = node.first.image
        if (not image[-1:].isdigit() and image[-1:] != ".") or image.lstrip("-.0123456789")[:1] not in ("", "e", "E"):
            raise self._error(node, f"expected a number, found {image!r}", "NumberFormatException")
        if len(image) > _MAX_DIGITS:
            raise self._error(node, f"a number has more than {_MAX_DIGITS} digits", "NumberFormatException")

    def _unescaped(self, node: nodes.Node, text: str) -> str:
        """The text with Java's backslash-u escapes replaced."""
        parts = []
        start = 0
        while (found := text.find("\\u", start)) >= 0:
            digits = text[found + 2 : found + 6]
            if len(digits) < 4:
                raise self._error(node, "expected four digits after \\u", "StringIndexOutOfBoundsException")
            if not _UNICODE.fullmatch(digits):
                raise self._error(node, f"expected four digits after \\u, found {digits!r}", "NumberFormatException")
            parts += [text[start:found], chr(int(digits, 16) & 0xFFFF)]
            start = found + 6
        return "".join([*parts, text[start:]])

    def _directive(self, node: nodes.Directive) -> None:
        check = getattr(self, f"_{node.name}", None) if node.name in _CHECKED else None
        if check is not None:
            check(node)

    def _needs_parentheses(self, node: nodes.Directive) -> nodes.Block:
        if node.block is None:
            raise self._error(node, f"#{node.name} needs parentheses", "NullPointerException")
        return node.block

    def _foreach(self, node: nodes.Directive) -> None:
        block = self._needs_parentheses(node)
        if not node.arguments and not block.first.image:
            raise self._error(node, "#foreach needs a variable", "StringIndexOutOfBoundsException")

    def _define(self, node: nodes.Directive) -> None:
        self._needs_parentheses(node)
        if len(node.arguments) != 1:
            raise self._error(node, "#define needs one argument, the block's name", "VelocityException")

    def _literal(self, node: nodes.Directive) -> None:
        block = self._needs_parentheses(node)
        if not node.arguments and not block.statements:
            raise self._error(node, "#literal needs something between it and its #end", "NullPointerException")

    def _evaluate(self, node: nodes.Directive) -> None:
        if len(node.arguments) != 1:
            raise self._error(node, f"#evaluate needs one argument, found {len(node.arguments)}")
        if not isinstance(node.arguments[0], (nodes.StringLiteral, nodes.Reference)):
            raise self._error(node.arguments[0], "expected a string or a reference as the argument of #evaluate")

    def _break(self, node: nodes.Directive) -> None:
        if len(node.arguments) > 1:
            raise self._error(node, f"#{node.name} needs no argument or one", "VelocityException")

    _stop = _break

    def _macro(self, node: nodes.Directive) -> None:
        name, *parameters = [argument.first.image for argument in node.arguments]
        body = self._needs_parentheses(node)
        if name not in self.registry.macros:
            names = tuple(parameter[1:] if parameter.startswith("$") else parameter for parameter in parameters)
            self.registry.macros[name] = MacroDeclaration(names, body)


_CHECKED = frozenset(("foreach", "define", "literal", "evaluate", "break", "stop", "macro"))
