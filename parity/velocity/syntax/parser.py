"""Tokens to nodes: recursive descent over Velocity 1.7's grammar, with its lookaheads.

The parser reads tokens one at a time, because what it finds changes how the lexer goes on.
"""

from collections.abc import Container

from parity.velocity.errors import ParseError
from parity.velocity.syntax import lexer as lexical
from parity.velocity.syntax import nodes
from parity.velocity.syntax.token_reader import MAX_NESTING, TokenReader
from parity.velocity.syntax.tokens import Kind, Token

LINE_DIRECTIVES = frozenset(("include", "parse", "evaluate", "break", "stop"))
BLOCK_DIRECTIVES = frozenset(("foreach", "macro", "define", "literal"))
DIRECTIVES = LINE_DIRECTIVES | BLOCK_DIRECTIVES
_ESCAPABLE = DIRECTIVES | {"if", "end", "set", "else", "elseif"}
_CONTROLS = (Kind.IF_DIRECTIVE, Kind.ELSE_DIRECTIVE, Kind.ELSEIF_DIRECTIVE, Kind.END)

_TEXTS = frozenset(
    (
        Kind.LPAREN,
        Kind.RPAREN,
        Kind.ESCAPE,
        Kind.TEXT,
        Kind.STRING_LITERAL,
        Kind.INTEGER_LITERAL,
        Kind.FLOATING_POINT_LITERAL,
        Kind.DOT,
        Kind.LCURLY,
        Kind.RCURLY,
        Kind.EMPTY_INDEX,
    )
)
_ARGUMENT_STARTS = frozenset(
    (
        Kind.IDENTIFIER,
        Kind.LCURLY,
        Kind.STRING_LITERAL,
        Kind.INTEGER_LITERAL,
        Kind.FLOATING_POINT_LITERAL,
        Kind.LBRACKET,
        Kind.LEFT_CURLEY,
        Kind.TRUE,
        Kind.FALSE,
    )
)
_PARAMETER_STARTS = _ARGUMENT_STARTS | {Kind.WHITESPACE}
_A_REFERENCE = "a reference such as $x"
_A_VALUE = "a value, which is a reference such as $x or quoted as 'x'"
_BINDING = {
    Kind.LOGICAL_OR: 1,
    Kind.LOGICAL_AND: 2,
    Kind.LOGICAL_EQUALS: 3,
    Kind.LOGICAL_NOT_EQUALS: 3,
    Kind.LOGICAL_LT: 4,
    Kind.LOGICAL_LE: 4,
    Kind.LOGICAL_GT: 4,
    Kind.LOGICAL_GE: 4,
    Kind.PLUS: 5,
    Kind.MINUS: 5,
    Kind.MULTIPLY: 6,
    Kind.DIVIDE: 6,
    Kind.MODULUS: 6,
}


class Parser(TokenReader):
    """Parses one text.

    Args:
        source: the template.
        name: its name, for errors.
        declared_macros: the names of the macros that the same parser has met; it grows.
        known_macros: the macros that can be called already.
        origin: the line and the column at which the text begins in its template.
    """

    def __init__(
        self,
        source: str,
        name: str,
        declared_macros: set[str],
        known_macros: Container[str] = (),
        origin: tuple[int, int] = (1, 1),
    ) -> None:
        super().__init__(source, name, origin)
        self.declared_macros = declared_macros
        self.known_macros = known_macros
        self._ranges: dict[int, bool] = {}
        self._trials = 0

    def parse(self) -> nodes.Block:
        """The template's statements.

        Raises:
            ParseError: the text is not Velocity.
        """
        template = self._open(nodes.Block(self._next(), (1, 1)))
        self._statements(template)
        if self._kind() in (Kind.END, Kind.ELSE_DIRECTIVE, Kind.ELSEIF_DIRECTIVE):
            token = self._next()
            open_one = "#if" if token.kind is not Kind.END else "#if, #foreach, #macro, #define or @ block"
            raise self._error(f"{token.image.strip()} belongs to no {open_one}", token)
        self._consume(Kind.EOF)
        return self._close(template)

    def _end(self, opening: Token) -> None:
        """The `#end` of a directive that a token opened."""
        line, _ = self._place(opening)
        name = opening.image.strip().rstrip("(").replace("{", "").replace("}", "")
        if self._kind() is Kind.EOF:
            raise self._error(f"the {name} of line {line} has no #end", opening)
        if self._kind() is not Kind.END:
            token = self._next()
            raise self._error(f"the {name} of line {line} has no #end before this {token.image.strip()}", token)
        self._consume(Kind.END)

    # statements

    def _statements(self, block: nodes.Block) -> None:
        while (statement := self._statement()) is not None:
            block.statements.append(statement)

    def _block(self) -> nodes.Block:
        token = self._next()
        block = self._open(nodes.Block(token, self._place(token)))
        self._statements(block)
        return self._close(block)

    def _statement(self) -> nodes.Node | None:
        kind = self._kind()
        if kind is Kind.IDENTIFIER or (kind is Kind.LCURLY and self._next(2).kind is Kind.IDENTIFIER):
            self._next(2)
            return self._reference()
        if kind in _TEXTS:
            token = self._consume(kind)
            return nodes.Text(token, self._place(token), nodes.token_literal(token))
        if kind is Kind.SET_DIRECTIVE:
            return self._set_directive()
        if kind is Kind.IF_DIRECTIVE:
            return self._if_statement()
        if kind is Kind.WORD or kind is Kind.BRACKETED_WORD:
            return self._directive()
        return self._unparsed(kind)

    def _unparsed(self, kind: Kind) -> nodes.Node | None:
        if kind in (Kind.SINGLE_LINE_COMMENT_START, Kind.MULTI_LINE_COMMENT, Kind.FORMAL_COMMENT):
            token = self._consume(kind)
            hashes, star = token.image.find("##"), token.image.find("#*")
            shown = token.image[: max(hashes if hashes != -1 else star, 0)]
            comment = nodes.Comment(token, self._place(token), shown)
            if kind is Kind.SINGLE_LINE_COMMENT_START:
                self._skip(Kind.SINGLE_LINE_COMMENT)
            comment.last = self.token
            return comment
        if kind is Kind.TEXTBLOCK:
            token = self._consume(kind)
            return nodes.TextBlock(token, self._place(token), token.image[3:-3])
        if kind is Kind.ESCAPE_DIRECTIVE:
            token = self._consume(kind)
            token.image = self._unescaped_directive(token.image)
            return nodes.EscapedDirective(token, self._place(token), token.image)
        if kind is Kind.DOUBLE_ESCAPE:
            return self._escape()
        return None

    def _is_directive_or_macro(self, name: str, directives: frozenset[str]) -> bool:
        return name in directives or name in self.declared_macros or name in self.known_macros

    def _unescaped_directive(self, image: str) -> str:
        last = image.rfind("\\")
        directive = image[last + 1 :]
        name = directive[2:-1] if directive.startswith("#{") else directive[1:]
        return image[: last // 2] + directive if self._is_directive_or_macro(name, _ESCAPABLE) else image

    def _escape(self) -> nodes.Escape:
        first = self._consume(Kind.DOUBLE_ESCAPE)
        count = 1
        while self._kind() is Kind.DOUBLE_ESCAPE:
            self._consume(Kind.DOUBLE_ESCAPE)
            count += 1
        follower = self._next()
        control = follower.kind in _CONTROLS or self._is_directive_or_macro(follower.image[1:], DIRECTIVES)
        node = nodes.Escape(first, self._place(first), ("\\" if control else "\\\\") * count)
        node.last = self.token
        return node

    def _set_directive(self) -> nodes.SetDirective:
        token = self._consume(Kind.SET_DIRECTIVE)
        self._skip(Kind.WHITESPACE)
        if self._kind() is Kind.WORD:
            raise self._expected(_A_REFERENCE, self._next())
        target = self._reference()
        self._skip(Kind.WHITESPACE)
        self._consume(Kind.EQUALS)
        value = self._expression()
        self._consume(Kind.RPAREN)
        self.lexer.in_set = False
        self._next()
        node = nodes.SetDirective(token, self._place(token), target, value)
        node.last = self.token
        return node

    def _if_statement(self) -> nodes.IfStatement:
        token = self._consume(Kind.IF_DIRECTIVE)
        node = nodes.IfStatement(token, self._place(token))
        while True:
            self._skip(Kind.WHITESPACE)
            self._consume(Kind.LPAREN)
            condition = self._expression()
            self._consume(Kind.RPAREN)
            node.branches.append((condition, self._block()))
            if self._kind() is not Kind.ELSEIF_DIRECTIVE:
                break
            self._consume(Kind.ELSEIF_DIRECTIVE)
        if self._kind() is Kind.ELSE_DIRECTIVE:
            self._consume(Kind.ELSE_DIRECTIVE)
            node.otherwise = self._block()
        self._end(token)
        node.last = self.token
        return node

    def _directive(self) -> nodes.Directive:
        token = self._consume(Kind.WORD, Kind.BRACKETED_WORD)
        name = token.image[2:-1] if token.kind is Kind.BRACKETED_WORD else token.image[1:]
        node = nodes.Directive(token, self._place(token), name)
        self.lexer.state = lexical.DIRECTIVE
        if not self.lexer.left_parenthesis_follows():
            if name == "macro":
                raise self._error("#macro needs a name in parentheses", token)
            self.lexer.pop()
            return node
        self._skip(Kind.WHITESPACE)
        self._consume(Kind.LPAREN)
        self._directive_arguments(node)
        self._skip(Kind.WHITESPACE)
        self._consume(Kind.RPAREN)
        if name in BLOCK_DIRECTIVES or name.startswith("@"):
            node.block = self._block()
            self._end(token)
        if name == "macro":
            self._declare(node)
        node.last = self.token
        return node

    def _declare(self, macro: nodes.Directive) -> None:
        if not macro.arguments:
            raise self._error("#macro needs a name", macro.first)
        self.declared_macros.add(macro.arguments[0].first.image)

    def _directive_arguments(self, node: nodes.Directive) -> None:
        while True:
            ahead = 2 if self._kind() is Kind.WHITESPACE else 1
            following = self._next(ahead).kind
            if following not in _ARGUMENT_STARTS and following is not Kind.WORD and following is not Kind.COMMA:
                return
            self._skip(Kind.WHITESPACE)
            if self._kind() is Kind.COMMA:
                self._consume(Kind.COMMA)
                self._skip(Kind.WHITESPACE)
            self._check_word(node, self._kind() is Kind.WORD)
            node.arguments.append(self._leaf(nodes.Word) if self._kind() is Kind.WORD else self._operand())

    def _check_word(self, node: nodes.Directive, word: bool) -> None:
        """A bare word may only be a macro's name in its declaration and the `in` of a `#foreach`."""
        position = len(node.arguments)
        if node.name == "macro" and position == 0:
            if not word:
                raise self._expected("the macro's name", self._next())
        elif word and (
            node.name in self.known_macros
            or (node.name in DIRECTIVES and not (node.name == "foreach" and position == 1))
        ):
            what = _A_VALUE if node.name != "foreach" else _A_REFERENCE
            raise self._expected(f"{what} as argument {position + 1} of #{node.name}", self._next())

    # references

    def _reference(self) -> nodes.Reference:
        token = self._next()
        node = self._open(nodes.Reference(token, self._place(token)))
        formal = token.kind is Kind.LCURLY
        if formal:
            self._consume(Kind.LCURLY)
        self._consume(Kind.IDENTIFIER)
        self._indexes(node)
        while self._kind() is Kind.DOT and self._next(2).kind is Kind.IDENTIFIER:
            self._consume(Kind.DOT)
            node.steps.append(self._method() if self._method_follows() else self._property())
            self._indexes(node)
        if formal:
            self._consume(Kind.RCURLY)
        self._close(node)
        if not self._trials:
            node.settle()
        return node

    def _method_follows(self) -> bool:
        if self._next(2).kind is not Kind.LPAREN:
            return False
        third = self._next(3).kind
        return third is Kind.REFMOD2_RPAREN or third in _PARAMETER_STARTS

    def _property(self) -> nodes.Property:
        token = self._consume(Kind.IDENTIFIER)
        return nodes.Property(token, self._place(token), token.image)

    def _method(self) -> nodes.Method:
        token = self._consume(Kind.IDENTIFIER)
        node = nodes.Method(token, self._place(token), token.image)
        self._consume(Kind.LPAREN)
        if self._kind() is not Kind.REFMOD2_RPAREN:
            self._parameters(node.arguments)
        self._consume(Kind.REFMOD2_RPAREN)
        node.last = self.token
        return node

    def _indexes(self, node: nodes.Reference) -> None:
        while self._kind() is Kind.INDEX_LBRACKET:
            token = self._consume(Kind.INDEX_LBRACKET)
            self._skip(Kind.WHITESPACE)
            argument = self._index_argument()
            self._skip(Kind.WHITESPACE)
            self._consume(Kind.INDEX_RBRACKET)
            index = nodes.Index(token, self._place(token), argument)
            index.last = self.token
            node.steps.append(index)

    def _index_argument(self) -> nodes.Node:
        kind = self._kind()
        if kind in (Kind.STRING_LITERAL, Kind.INTEGER_LITERAL, Kind.TRUE, Kind.FALSE, Kind.IDENTIFIER, Kind.LCURLY):
            return self._operand()
        raise self._expected("a string, an integer, true, false or a reference as index", self._next())

    # expressions

    def _expression(self) -> nodes.Expression:
        token = self._next()
        place = self._place(token)
        self._open(nodes.Block(token, place))
        node = nodes.Expression(token, place, self._operation(1))
        return self._close(node)

    def _operation(self, binding: int) -> nodes.Node:
        left = self._unary()
        while _BINDING.get(self._kind(), 0) >= binding:
            operator = self._next().kind
            self._consume(operator)
            token = self._next()
            right = self._operation(_BINDING[operator] + 1)
            left = nodes.Binary(token, self._place(token), operator, left, right)
            left.last = self.token
        return left

    def _unary(self) -> nodes.Node:
        negations = []
        while self._kind() is Kind.LOGICAL_NOT or (
            self._kind() is Kind.WHITESPACE and self._next(2).kind is Kind.LOGICAL_NOT
        ):
            self._skip(Kind.WHITESPACE)
            self._consume(Kind.LOGICAL_NOT)
            negations.append(self._next())
        if self._nesting + len(negations) > MAX_NESTING:
            raise self._error(f"nested more than {MAX_NESTING} deep", self._next(), "StackOverflowError")
        self._skip(Kind.WHITESPACE)
        if self._kind() is Kind.LPAREN:
            self._consume(Kind.LPAREN)
            node: nodes.Node = self._expression()
            self._consume(Kind.RPAREN)
        else:
            node = self._operand()
        self._skip(Kind.WHITESPACE)
        for token in reversed(negations):
            node = nodes.Not(token, self._place(token), node)
            node.last = self.token
        return node

    def _operand(self) -> nodes.Node:
        kind = self._kind()
        if kind is Kind.IDENTIFIER or kind is Kind.LCURLY:
            return self._reference()
        if kind is Kind.STRING_LITERAL:
            return self._leaf(nodes.StringLiteral)
        if kind is Kind.INTEGER_LITERAL:
            return self._leaf(nodes.IntegerLiteral)
        if kind is Kind.FLOATING_POINT_LITERAL:
            return self._leaf(nodes.FloatingPointLiteral)
        if kind is Kind.TRUE or kind is Kind.FALSE:
            return self._leaf(nodes.BooleanLiteral)
        if kind is Kind.LBRACKET:
            return self._range() if self._range_follows() else self._list()
        if kind is Kind.LEFT_CURLEY:
            return self._map()
        raise self._expected(_A_VALUE if kind is Kind.WORD else "a value", self._next())

    def _parameters(self, into: list[nodes.Node]) -> None:
        into.append(self._parameter())
        while self._kind() is Kind.COMMA:
            self._consume(Kind.COMMA)
            into.append(self._parameter())

    def _parameter(self) -> nodes.Node:
        self._skip(Kind.WHITESPACE)
        operand = self._operand()
        self._skip(Kind.WHITESPACE)
        return operand

    def _key(self) -> nodes.Node:
        """A key of a map."""
        ahead = 2 if self._kind() is Kind.WHITESPACE else 1
        word = self._next(ahead)
        if word.kind is Kind.WORD:
            raise self._error(f"a key must be quoted: '{word.image}'", word)
        return self._parameter()

    def _range_follows(self) -> bool:
        """Whether `[`, a reference or an integer, and `..` come next."""
        start = self._next()
        known = self._ranges.get(start.offset)
        if known is None:
            before, nesting = self.token, self._nesting
            self._trials += 1
            try:
                self._range_start()
                known = True
            except ParseError as error:
                if error.java_class == "StackOverflowError":
                    raise
                known = False
            self._trials -= 1
            self.token, self._nesting = before, nesting
            self._ranges[start.offset] = known
        return known

    def _range_start(self) -> nodes.Node:
        self._consume(Kind.LBRACKET)
        low = self._range_bound()
        self._consume(Kind.DOUBLEDOT)
        return low

    def _range_bound(self) -> nodes.Node:
        self._skip(Kind.WHITESPACE)
        if self._kind() not in (Kind.IDENTIFIER, Kind.LCURLY, Kind.INTEGER_LITERAL):
            raise self._expected("a reference or an integer", self._next())
        bound = self._operand()
        self._skip(Kind.WHITESPACE)
        return bound

    def _range(self) -> nodes.IntegerRange:
        token = self._next()
        low = self._range_start()
        high = self._range_bound()
        self._consume(Kind.RBRACKET)
        node = nodes.IntegerRange(token, self._place(token), low, high)
        node.last = self.token
        return node

    def _list(self) -> nodes.ObjectArray:
        token = self._consume(Kind.LBRACKET)
        node = self._open(nodes.ObjectArray(token, self._place(token)))
        if self._kind() in _PARAMETER_STARTS or self._kind() is Kind.WORD:
            self._parameters(node.items)
        self._consume(Kind.RBRACKET)
        return self._close(node)

    def _map(self) -> nodes.MapLiteral:
        token = self._consume(Kind.LEFT_CURLEY)
        node = self._open(nodes.MapLiteral(token, self._place(token)))
        ahead = 2 if self._kind() is Kind.WHITESPACE else 1
        if self._next(ahead).kind in _ARGUMENT_STARTS or self._next(ahead).kind is Kind.WORD:
            while True:
                node.items.append(self._key())
                self._consume(Kind.COLON)
                node.items.append(self._parameter())
                if self._kind() is not Kind.COMMA:
                    break
                self._consume(Kind.COMMA)
        else:
            self._skip(Kind.WHITESPACE)
        self._consume(Kind.RIGHT_CURLEY, Kind.RCURLY)
        return self._close(node)
