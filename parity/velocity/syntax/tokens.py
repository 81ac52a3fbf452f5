"""The tokens of the Velocity Template Language, as Velocity 1.7's grammar names them."""

from enum import IntEnum


class Kind(IntEnum):
    """What a token is. The names are those of Velocity's grammar file, Parser.jjt."""

    EOF = 0
    INDEX_LBRACKET = 1
    INDEX_RBRACKET = 2
    LBRACKET = 3
    RBRACKET = 4
    COMMA = 5
    DOUBLEDOT = 6
    COLON = 7
    LEFT_CURLEY = 8
    RIGHT_CURLEY = 9
    LPAREN = 10
    RPAREN = 11
    REFMOD2_RPAREN = 12
    ESCAPE_DIRECTIVE = 13
    SET_DIRECTIVE = 14
    DOLLAR = 15
    DOLLARBANG = 16
    TEXTBLOCK_START = 17
    FORMAL_COMMENT_START = 18
    MULTI_LINE_COMMENT_START = 19
    HASH = 20
    SINGLE_LINE_COMMENT_START = 21
    DOUBLE_ESCAPE = 22
    ESCAPE = 23
    TEXT = 24
    SINGLE_LINE_COMMENT = 25
    FORMAL_COMMENT = 26
    MULTI_LINE_COMMENT = 27
    TEXTBLOCK = 28
    COMMENT_CHARACTER = 29
    WHITESPACE = 31
    STRING_LITERAL = 32
    TRUE = 33
    FALSE = 34
    MINUS = 36
    PLUS = 37
    MULTIPLY = 38
    DIVIDE = 39
    MODULUS = 40
    LOGICAL_AND = 41
    LOGICAL_OR = 42
    LOGICAL_LT = 43
    LOGICAL_LE = 44
    LOGICAL_GT = 45
    LOGICAL_GE = 46
    LOGICAL_EQUALS = 47
    LOGICAL_NOT_EQUALS = 48
    LOGICAL_NOT = 49
    EQUALS = 50
    END = 51
    IF_DIRECTIVE = 52
    ELSEIF_DIRECTIVE = 53
    ELSE_DIRECTIVE = 54
    INTEGER_LITERAL = 56
    FLOATING_POINT_LITERAL = 57
    WORD = 61
    BRACKETED_WORD = 62
    IDENTIFIER = 66
    DOT = 67
    LCURLY = 68
    RCURLY = 69
    REFERENCE_TERMINATOR = 70
    DIRECTIVE_TERMINATOR = 71
    EMPTY_INDEX = 72


DESCRIPTIONS: dict[Kind, str] = {
    Kind.EOF: "the end of the template",
    Kind.INDEX_LBRACKET: '"["',
    Kind.INDEX_RBRACKET: '"]"',
    Kind.LBRACKET: '"["',
    Kind.RBRACKET: '"]"',
    Kind.COMMA: '","',
    Kind.DOUBLEDOT: '".."',
    Kind.COLON: '":"',
    Kind.RIGHT_CURLEY: '"}"',
    Kind.RCURLY: '"}"',
    Kind.LPAREN: '"("',
    Kind.RPAREN: '")"',
    Kind.REFMOD2_RPAREN: '")"',
    Kind.EQUALS: '"="',
    Kind.END: "#end",
    Kind.IDENTIFIER: "an identifier",
    Kind.INTEGER_LITERAL: "an integer",
    Kind.WHITESPACE: "white space",
}
"""How an error message names what was expected; a kind that is not here is named by what it looks like."""


class Token:
    """A piece of a template.

    Attributes:
        kind: what it is.
        image: its text; what Velocity strips off a reference's first token is stripped here too.
        offset: where it begins, in characters from the template's start.
        end: where it ends, likewise.
        special: the text of the terminator that was read, and given back, just before it.
        next: the token after it, once that has been read.
    """

    __slots__ = ("end", "image", "kind", "next", "offset", "special")

    def __init__(self, kind: Kind, image: str, offset: int, end: int, special: "Token | None") -> None:
        self.kind = kind
        self.image = image
        self.offset = offset
        self.end = end
        self.special = special
        self.next: Token | None = None

    def __repr__(self) -> str:
        return f"Token({self.kind.name}, {self.image!r})"
