"""The parser's way through the tokens: looking ahead, taking them, and telling what is wrong with them."""

from typing import TypeVar

from parity.velocity.errors import ParseError
from parity.velocity.syntax import nodes
from parity.velocity.syntax.lexer import Lexer
from parity.velocity.syntax.tokens import DESCRIPTIONS, Kind, Token

MAX_NESTING = 100
"""How deep blocks, parentheses, arguments and list literals may nest in each other."""

_AFTER_A_QUOTE = (Kind.WORD, Kind.STRING_LITERAL, Kind.IDENTIFIER, Kind.INTEGER_LITERAL)

AnyNode = TypeVar("AnyNode", bound=nodes.Node)


class TokenReader:
    """Reads the tokens of a text.

    Args:
        source: the text.
        name: its template's name, for errors.
        origin: the line and the column at which the text begins in its template.
    """

    def __init__(self, source: str, name: str, origin: tuple[int, int]) -> None:
        self.lexer = Lexer(source, name)
        self.name = name
        self.origin = origin
        self.token = Token(Kind.EOF, "", 0, 0, None)
        self._nesting = 0

    def _next(self, count: int = 1) -> Token:
        token = self.token
        for _ in range(count):
            if token.next is None:
                token.next = self.lexer.next_token()
            token = token.next
        return token

    def _kind(self) -> Kind:
        token = self.token.next
        if token is None:
            token = self.token.next = self.lexer.next_token()
        return token.kind

    def _consume(self, *kinds: Kind) -> Token:
        token = self._next()
        if token.kind not in kinds:
            raise self._expected(" or ".join(DESCRIPTIONS.get(kind, kind.name.lower()) for kind in kinds), token)
        self.token = token
        return token

    def _skip(self, kind: Kind) -> None:
        if self._kind() is kind:
            self._consume(kind)

    def _place(self, token: Token) -> tuple[int, int]:
        line, column = self.lexer.place(token.offset)
        first_line, first_column = self.origin
        return (line + first_line - 1, column + first_column - 1 if line == 1 else column)

    def _error(self, message: str, token: Token, java_class: str | None = None) -> ParseError:
        line, column = self._place(token)
        return ParseError(message, template=self.name, line=line, column=column, java_class=java_class)

    def _expected(self, what: str, token: Token) -> ParseError:
        found = repr(token.image) if token.kind is not Kind.EOF else DESCRIPTIONS[Kind.EOF]
        message = f"expected {what}, found {found}"
        last = self.token
        if last.kind is Kind.STRING_LITERAL and last.end == token.offset and token.kind in _AFTER_A_QUOTE:
            quote = last.image[0]
            message += f"; a {quote} inside {quote}…{quote} is written twice: {quote}{quote}"
        return self._error(message, token)

    def _open(self, node: AnyNode) -> AnyNode:
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self._error(f"nested more than {MAX_NESTING} deep", node.first, "StackOverflowError")
        return node

    def _close(self, node: AnyNode) -> AnyNode:
        self._nesting -= 1
        node.last = self.token
        return node

    def _leaf(self, node: type[AnyNode]) -> AnyNode:
        token = self._next()
        self.token = token
        return node(token, self._place(token))
