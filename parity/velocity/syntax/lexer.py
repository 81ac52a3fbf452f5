"""Template text to tokens, by the lexical states of Velocity 1.7's grammar.

Velocity's lexer is a stack of states, and which state is on top decides what a character means: a dot is text in a
sentence and an operator in a reference. What it makes of malformed input follows from those states, so they are kept.
In every state the longest match wins; each pattern below lists its alternatives so that the first that matches is it.
"""

import re

from parity.velocity.errors import ParseError
from parity.velocity.syntax.tokens import Kind, Token

REFERENCE = 0
REFMODIFIER = 1
REFINDEX = 2
DIRECTIVE = 3
REFMOD2 = 4
DEFAULT = 5
IN_TEXTBLOCK = 7
IN_MULTI_LINE_COMMENT = 8
IN_FORMAL_COMMENT = 9
IN_SINGLE_LINE_COMMENT = 10
PRE_DIRECTIVE = 11

STATE_NAMES = {
    REFERENCE: "a reference",
    REFMODIFIER: "a reference",
    REFINDEX: "an index",
    DIRECTIVE: "a directive",
    REFMOD2: "a method's arguments",
    DEFAULT: "text",
    IN_TEXTBLOCK: "an unparsed block, which ends with ]]#",
    IN_MULTI_LINE_COMMENT: "a comment",
    IN_FORMAL_COMMENT: "a comment",
    IN_SINGLE_LINE_COMMENT: "a comment",
    PRE_DIRECTIVE: "a directive",
}

_NEWLINE = r"(?:\r\n|\n|\r)"
_WORD = r"[a-zA-Z_@][a-zA-Z0-9_@]*"
_BRACKETED = r"\{[a-zA-Z_][a-zA-Z0-9_@]*\}"
_SET = (Kind.SET_DIRECTIVE, r"[ \t]*(?:#set|#\{set\}) *\(")
_DOLLARS = [(Kind.DOLLARBANG, r"\\*\$\\*!"), (Kind.DOLLAR, r"\\*\$")]
_COMMENTS = [
    (Kind.TEXTBLOCK_START, r"#\[\["),
    (Kind.FORMAL_COMMENT_START, r"#\*\*[^#]"),
    (Kind.MULTI_LINE_COMMENT_START, r"#\*"),
]
_LINE_COMMENT = (Kind.SINGLE_LINE_COMMENT_START, "##")
_HASH = (Kind.HASH, "#")
_ANYWHERE = [*_DOLLARS, *_COMMENTS, _HASH]
_EMPTY_INDEX = (Kind.EMPTY_INDEX, r"\$(?:\[|!\[|\\!\[|\.)")
_IDENTIFIER = (Kind.IDENTIFIER, "[a-zA-Z_][a-zA-Z0-9_-]*")
_DOT = (Kind.DOT, r"\.(?=[a-zA-Z])")
_CURLIES = [(Kind.LCURLY, r"\{"), (Kind.RCURLY, r"\}")]
_SPACE = (Kind.WHITESPACE, r"[ \t\n\r]+")
_STRING = (Kind.STRING_LITERAL, r"\"[^\"]*(?:\"\"[^\"]*)*\"|'[^']*(?:''[^']*)*'")
_NUMBERS = [
    (Kind.INTEGER_LITERAL, r"-?[0-9]+(?=\.\.)"),
    (
        Kind.FLOATING_POINT_LITERAL,
        r"-?[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|-?\.[0-9]+(?:[eE][+-]?[0-9]+)?|-?[0-9]+[eE][+-]?[0-9]+",
    ),
    (Kind.INTEGER_LITERAL, "-?[0-9]+"),
]
_BRACKETS = [
    (Kind.LBRACKET, r"\["),
    (Kind.RBRACKET, r"\]"),
    (Kind.COMMA, ","),
    (Kind.DOUBLEDOT, r"\.\."),
    (Kind.COLON, ":"),
]
_BRACES = [(Kind.LEFT_CURLEY, r"\{"), (Kind.RIGHT_CURLEY, r"\}")]
_OPERATORS = [
    (Kind.MINUS, "-"),
    (Kind.PLUS, r"\+"),
    (Kind.MULTIPLY, r"\*"),
    (Kind.DIVIDE, "/"),
    (Kind.MODULUS, "%"),
    (Kind.LOGICAL_AND, "&&"),
    (Kind.LOGICAL_OR, r"\|\|"),
    (Kind.LOGICAL_LE, "<="),
    (Kind.LOGICAL_LT, "<"),
    (Kind.LOGICAL_GE, ">="),
    (Kind.LOGICAL_GT, ">"),
    (Kind.LOGICAL_EQUALS, "=="),
    (Kind.LOGICAL_NOT_EQUALS, "!="),
    (Kind.LOGICAL_NOT, "!"),
    (Kind.EQUALS, "="),
]
_LINE_END = rf"(?:[ \t]*{_NEWLINE})?"

_PATTERNS: dict[int, list[tuple[Kind, str]]] = {
    DEFAULT: [
        _SET,
        (Kind.TEXT, r"[^$#\\]+"),
        _EMPTY_INDEX,
        *_DOLLARS,
        *_COMMENTS,
        _LINE_COMMENT,
        _HASH,
        (Kind.ESCAPE_DIRECTIVE, rf"(?:\\\\)*\\#(?:{_WORD}|{_BRACKETED})"),
        (Kind.DOUBLE_ESCAPE, r"\\\\"),
        (Kind.ESCAPE, r"\\"),
    ],
    REFERENCE: [
        _IDENTIFIER,
        _DOT,
        (Kind.INDEX_LBRACKET, r"\["),
        *_CURLIES,
        _SET,
        _EMPTY_INDEX,
        *_DOLLARS,
        *_COMMENTS,
        _LINE_COMMENT,
        _HASH,
        (Kind.REFERENCE_TERMINATOR, r"[\s\S]"),
    ],
    REFMODIFIER: [
        _IDENTIFIER,
        _DOT,
        (Kind.INDEX_LBRACKET, r"\["),
        (Kind.LPAREN, r"\("),
        *_CURLIES,
        _SET,
        *_ANYWHERE,
        (Kind.REFERENCE_TERMINATOR, r"[\s\S]"),
    ],
    REFINDEX: [(Kind.INDEX_RBRACKET, r"\]"), _SPACE, _STRING, *_NUMBERS, (Kind.TRUE, "true|false"), *_ANYWHERE],
    DIRECTIVE: [
        _SPACE,
        (Kind.WORD, _WORD),
        _STRING,
        *_NUMBERS,
        *_BRACKETS,
        (Kind.LPAREN, r"\("),
        (Kind.RPAREN, rf"\){_LINE_END}"),
        *_DOLLARS,
        *_OPERATORS,
        (Kind.BRACKETED_WORD, _BRACKETED),
        *_BRACES,
        *_COMMENTS,
        _LINE_COMMENT,
        _HASH,
    ],
    REFMOD2: [
        _IDENTIFIER,
        (Kind.REFMOD2_RPAREN, r"\)"),
        _STRING,
        _SET,
        _SPACE,
        *_NUMBERS,
        _DOT,
        *_BRACKETS,
        *_BRACES,
        *_ANYWHERE,
    ],
    PRE_DIRECTIVE: [
        (Kind.END, rf"(?:end(?![a-zA-Z0-9_@])|\{{end\}}){_LINE_END}"),
        (Kind.ELSE_DIRECTIVE, rf"(?:else(?![a-zA-Z0-9_@])|\{{else\}}){_LINE_END}"),
        (Kind.IF_DIRECTIVE, r"if(?![a-zA-Z0-9_@])|\{if\}"),
        (Kind.ELSEIF_DIRECTIVE, r"elseif(?![a-zA-Z0-9_@])|\{elseif\}"),
        (Kind.WORD, _WORD),
        (Kind.BRACKETED_WORD, _BRACKETED),
        *_NUMBERS,
        *_DOLLARS,
        *_COMMENTS,
        _LINE_COMMENT,
        _HASH,
        (Kind.DIRECTIVE_TERMINATOR, r"[\s\S]"),
    ],
    IN_TEXTBLOCK: [(Kind.TEXTBLOCK, r"(?:(?!\]\]#|#\*\*[^#])[\s\S]|#\*\*[^#])*\]\]#")],
    IN_MULTI_LINE_COMMENT: [
        (Kind.COMMENT_CHARACTER, r"[^$#\\*]+"),
        (Kind.MULTI_LINE_COMMENT, r"\*#"),
        (Kind.COMMENT_CHARACTER, r"\\++(?!\$)"),
        *_ANYWHERE,
        (Kind.COMMENT_CHARACTER, r"[\s\S]"),
    ],
    IN_FORMAL_COMMENT: [
        (Kind.COMMENT_CHARACTER, r"[^$#\\*]+"),
        (Kind.FORMAL_COMMENT, r"\*#"),
        (Kind.COMMENT_CHARACTER, r"\\++(?!\$)"),
        *_ANYWHERE,
        (Kind.COMMENT_CHARACTER, r"[\s\S]"),
    ],
    IN_SINGLE_LINE_COMMENT: [
        (Kind.COMMENT_CHARACTER, r"[^$#\\\r\n]+"),
        (Kind.SINGLE_LINE_COMMENT, _NEWLINE),
        (Kind.COMMENT_CHARACTER, r"\\++(?!\$)"),
        *_ANYWHERE,
        (Kind.COMMENT_CHARACTER, r"[\s\S]"),
    ],
}

_KEYWORDS: dict[int, dict[str, Kind]] = {
    DIRECTIVE: {
        "true": Kind.TRUE,
        "false": Kind.FALSE,
        "and": Kind.LOGICAL_AND,
        "or": Kind.LOGICAL_OR,
        "lt": Kind.LOGICAL_LT,
        "le": Kind.LOGICAL_LE,
        "gt": Kind.LOGICAL_GT,
        "ge": Kind.LOGICAL_GE,
        "eq": Kind.LOGICAL_EQUALS,
        "ne": Kind.LOGICAL_NOT_EQUALS,
        "not": Kind.LOGICAL_NOT,
    },
    REFERENCE: {"true": Kind.TRUE, "false": Kind.FALSE},
    REFMODIFIER: {"true": Kind.TRUE, "false": Kind.FALSE},
    REFMOD2: {"true": Kind.TRUE, "false": Kind.FALSE},
    REFINDEX: {"true": Kind.TRUE, "false": Kind.FALSE},
}
_NO_KEYWORDS: dict[str, Kind] = {}
_MATCHERS = {state: re.compile("|".join(f"({p})" for _, p in patterns)) for state, patterns in _PATTERNS.items()}
_KINDS = {state: [kind for kind, _ in patterns] for state, patterns in _PATTERNS.items()}
_MORE = frozenset(range(Kind.DOLLAR, Kind.HASH + 1))
_OPENINGS = frozenset((Kind.DOLLAR, Kind.DOLLARBANG))
_BACKSLASHES = re.compile(r"\\+")


class Lexer:
    """Reads tokens on demand: the parser may change the state between two of them, as Velocity's does.

    Args:
        source: the template.
        name: its name, for errors.
    """

    def __init__(self, source: str, name: str) -> None:
        self.source = source
        self.name = name
        self.position = 0
        self.state = DEFAULT
        self.in_set = False
        self.in_comment = False
        self._lparen = 0
        self._rparen = 0
        self._stack: list[tuple[int, int, int]] = []
        self._line_starts: list[int] = []
        self._backslashes_end = 0

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column, counted from 1, of an offset in the template.

        As in Velocity a tab goes to a multiple of 8, and a character beyond U+FFFF counts twice.
        """
        if not self._line_starts:
            self._line_starts = [0, *(match.end() for match in re.finditer(_NEWLINE, self.source))]
        low, high = 0, len(self._line_starts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._line_starts[middle] <= offset else (low, middle)
        start = self._line_starts[low]
        before = self.source[start:offset]
        if "\t" in before:
            before = before.expandtabs(8)
        return low + 1, len(before) + (0 if before.isascii() else sum(map("\uffff".__lt__, before))) + 1

    def pop(self) -> bool:
        """Goes back to the state before, or to plain text; tells whether there was one."""
        if not self._stack:
            self._lparen = 0
            self.state = DEFAULT
            return False
        self._lparen, self._rparen, self.state = self._stack.pop()
        return True

    def _push(self, state: int) -> None:
        self._stack.append((self._lparen, self._rparen, self.state))
        self._lparen = 0
        self.state = state

    def left_parenthesis_follows(self) -> bool:
        """Whether the next character that is not white space is an opening parenthesis."""
        position, source = self.position, self.source
        while position < len(source) and source[position] in " \n\r\t":
            position += 1
        return source.startswith("(", position)

    def next_token(self) -> Token:
        """Reads a token.

        Raises:
            ParseError: no token begins here.
        """
        special: Token | None = None
        start = self.position
        while self.position < len(self.source):
            kind, end = self._match()
            if kind in _MORE:
                self.position = end
                self._more(kind)
                if self.position >= len(self.source):
                    raise self._error(start)
                continue
            self.position = end
            if kind is Kind.COMMENT_CHARACTER:
                start = end
                continue
            # what was read before a dot is lost, as in Velocity
            image = "." if kind is Kind.DOT else self.source[start:end]
            token = Token(kind, image, start, end, special)
            if kind is Kind.REFERENCE_TERMINATOR or kind is Kind.DIRECTIVE_TERMINATOR:
                special = token
                start = self.position = end - 1
                self.pop()
                continue
            self._act(kind)
            return token
        return Token(Kind.EOF, "", self.position, self.position, special)

    def _match(self) -> tuple[Kind, int]:
        state = self.state
        position = self.position
        if state == DEFAULT and position < self._backslashes_end:
            # inside a run of backslashes that no dollar sign and no directive ends: two at a time, the last alone
            pair = position + 1 < self._backslashes_end
            return (Kind.DOUBLE_ESCAPE, position + 2) if pair else (Kind.ESCAPE, position + 1)
        match = _MATCHERS[state].match(self.source, position)
        if match is None:
            raise self._error(position)
        kind = _KINDS[state][(match.lastindex or 1) - 1]
        if kind is Kind.DOUBLE_ESCAPE and (run := _BACKSLASHES.match(self.source, position)):
            # neither a reference nor an escaped directive took the whole run, so none will take the rest of it
            self._backslashes_end = run.end()
        elif kind is Kind.WORD or kind is Kind.IDENTIFIER or kind is Kind.TRUE:
            kind = _KEYWORDS.get(state, _NO_KEYWORDS).get(match.group(), kind)
        return kind, match.end()

    def _error(self, offset: int) -> ParseError:
        line, column = self.place(min(offset, len(self.source)))
        if self.position < len(self.source):
            what = f"{self.source[self.position]!r} has no meaning in {STATE_NAMES[self.state]}"
            line, column = self.place(self.position)
        else:
            what = f"the template ends inside {STATE_NAMES[self.state]}"
        return ParseError(what, template=self.name, line=line, column=column)

    def _more(self, kind: Kind) -> None:
        """Enters what an opening sign opens; its text belongs to the token that follows."""
        if self.in_comment:
            return
        if kind in _OPENINGS:
            if self.state == REFERENCE:
                self.pop()
            self._push(REFERENCE)
        elif kind is Kind.HASH:
            if self.state in (REFERENCE, REFMODIFIER):
                self.pop()
            self._push(PRE_DIRECTIVE)
        else:
            self.in_comment = True
            if kind is Kind.TEXTBLOCK_START:
                self._push(IN_TEXTBLOCK)
            elif kind is Kind.FORMAL_COMMENT_START:
                self.position -= 1
                self._push(IN_FORMAL_COMMENT)
            else:
                self._push(IN_MULTI_LINE_COMMENT)

    def _act(self, kind: Kind) -> None:
        """Changes the state as a token demands."""
        if kind is Kind.TEXT or kind is Kind.IDENTIFIER or kind is Kind.WHITESPACE:
            return
        if kind is Kind.DOT:
            self.state = REFMODIFIER
        elif kind is Kind.INDEX_LBRACKET:
            self._push(REFINDEX)
        elif kind is Kind.LPAREN:
            self._lparen += 1
            if self.state == REFMODIFIER:
                self.state = REFMOD2
        elif kind is Kind.RPAREN:
            self._close_parenthesis()
        elif kind is Kind.REFMOD2_RPAREN:
            self.state = REFERENCE
        elif kind is Kind.SET_DIRECTIVE:
            self._push(DIRECTIVE)
            self.in_set = True
            self._lparen += 1
        elif kind is Kind.IF_DIRECTIVE or kind is Kind.ELSEIF_DIRECTIVE:
            self.state = DIRECTIVE
        elif kind is Kind.SINGLE_LINE_COMMENT_START:
            if self.state == REFERENCE:
                self.pop()
            self.in_comment = True
            self._push(IN_SINGLE_LINE_COMMENT)
        else:
            self._leave(kind)

    def _leave(self, kind: Kind) -> None:
        outside = self._lparen == 0 and not self.in_set
        if kind in (Kind.SINGLE_LINE_COMMENT, Kind.FORMAL_COMMENT, Kind.MULTI_LINE_COMMENT, Kind.TEXTBLOCK):
            self.in_comment = False
            self.pop()
        elif kind in (Kind.INDEX_RBRACKET, Kind.END, Kind.ELSE_DIRECTIVE, Kind.RCURLY) or (
            (kind is Kind.STRING_LITERAL and self.state == DIRECTIVE and outside)
            or (kind is Kind.INTEGER_LITERAL and self.state not in (REFMOD2, REFINDEX) and outside)
            or (kind is Kind.FLOATING_POINT_LITERAL and self.state != REFMOD2 and outside)
        ):
            self.pop()

    def _close_parenthesis(self) -> None:
        while True:
            if self._lparen > 0:
                if self._lparen == self._rparen + 1:
                    self.pop()
                else:
                    self._rparen += 1
                return
            if not self.pop():
                return
