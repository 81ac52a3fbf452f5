"""The filters of JSONPath, `[?(@.price < 10 && @.name)]`, compiled to predicates.

or          = and { "||" and }
and         = operand { "&&" operand }
operand     = "(" or ")" | "!" operand | relation
relation    = value [ operator value ]
"""

from collections.abc import Callable
from typing import Any, Final

from parity.jsonpath.cursor import Cursor
from parity.jsonpath.operators import (
    OPERATORS,
    UNDEFINED,
    Literal,
    Node,
    Pattern,
    UnparsedJson,
    node_of,
    number_node,
    string_literal,
)
from parity.jsonpath.tokens import CompiledPath, InvalidPathError, PathNotFoundError, Predicate
from parity.velocity.errors import JavaError
from parity.velocity.java.patterns import compiled

PathCompiler = Callable[[str], CompiledPath]
_NUMBER_CHARACTERS: Final = frozenset("0123456789-.eE")
_OPERATOR_CHARACTERS: Final = frozenset("<>=~!")
_REGEX_FLAGS: Final = frozenset("ixmsudU")


def compile_filter(criteria: str, compile_path: PathCompiler) -> Predicate:
    """Compiles what stands between `[?` and `]`, brackets included.

    Args:
        criteria: such as `(@.price < 10)`.
        compile_path: compiles the paths in it.

    Raises:
        InvalidPathError: the text is not a filter.
    """
    return _FilterCompiler(criteria, compile_path).compile()


class _Path:
    """A path in a filter: its value, or whether it exists."""

    def __init__(self, path: CompiledPath, *, negated: bool) -> None:
        self.path = path
        self.negated = negated

    def value(self, item: Any, root: Any) -> Node:
        try:
            return node_of(self.path.value(root if self.path.is_root else item, root))
        except PathNotFoundError:
            return UNDEFINED

    def exists(self, item: Any, root: Any) -> bool:
        """Looks in the item even for a path that begins with `$`, as Jayway does."""
        try:
            self.path.value(item, root, require_properties=True)
        except PathNotFoundError:
            return False
        return True


_Operand = _Path | Node


class _FilterCompiler:
    def __init__(self, criteria: str, compile_path: PathCompiler) -> None:
        self._cursor = Cursor(criteria)
        self._compile_path = compile_path

    def compile(self) -> Predicate:
        predicate = self._or()
        self._cursor.skip_blanks()
        if self._cursor.current:
            raise InvalidPathError(f"expected the end of the filter {self._cursor.text}")
        return predicate

    def _or(self) -> Predicate:
        terms = [self._and()]
        while self._cursor.take("||"):
            terms.append(self._and())
        return terms[0] if len(terms) == 1 else lambda item, root: any(term(item, root) for term in terms)

    def _and(self) -> Predicate:
        terms = [self._operand()]
        while self._cursor.take("&&"):
            terms.append(self._operand())
        return terms[0] if len(terms) == 1 else lambda item, root: all(term(item, root) for term in terms)

    def _operand(self) -> Predicate:
        cursor = self._cursor.skip_blanks()
        if cursor.current == "!" and cursor.at(cursor.next_significant()) not in ("$", "@"):
            cursor.position += 1
            negated = self._operand()
            return lambda item, root: not negated(item, root)
        if cursor.current == "(":
            cursor.position += 1
            inner = self._or()
            if not cursor.take(")"):
                raise InvalidPathError(f"expected ) in {cursor.text}")
            return inner
        return self._relation()

    def _relation(self) -> Predicate:
        left = self._value()
        savepoint = self._cursor.position
        try:
            evaluate = self._operator()
            right = self._value()
        except InvalidPathError:
            self._cursor.position = savepoint
            if not isinstance(left, _Path):
                raise
            path = left
            return lambda item, root: path.exists(item, root) is not path.negated
        return lambda item, root: evaluate(_resolved(left, item, root), _resolved(right, item, root))

    def _operator(self) -> Callable[[Node, Node], bool]:
        cursor = self._cursor.skip_blanks()
        start = cursor.position
        if cursor.current in _OPERATOR_CHARACTERS:
            while cursor.current in _OPERATOR_CHARACTERS:
                cursor.position += 1
        else:
            while cursor.current not in (" ", ""):
                cursor.position += 1
        name = cursor.text[start : cursor.position].upper()
        if name not in OPERATORS:
            raise InvalidPathError(f"{name} is not an operator")
        return OPERATORS[name]

    def _value(self) -> _Operand:
        cursor = self._cursor.skip_blanks()
        if cursor.current == "!":
            cursor.position += 1
            if cursor.skip_blanks().current not in ("$", "@"):
                raise InvalidPathError("unexpected !")
        if cursor.current in ("$", "@"):
            return self._path()
        return self._literal()

    def _literal(self) -> Node:
        cursor = self._cursor
        start = cursor.position
        first = cursor.current
        if first in ("'", '"'):
            cursor.position = cursor.closing_quote(start) + 1
            return string_literal(cursor.text[start : cursor.position])
        for word, value in (("true", True), ("false", False), ("null", None)):
            if first == word[0]:
                if not cursor.take(word):
                    raise InvalidPathError(f"expected {word}")
                return Literal(value)
        if first in ("{", "["):
            close = cursor.closing_bracket(start, first, "}" if first == "{" else "]")
            if close < 0:
                raise InvalidPathError(f"{first} is not closed in {cursor.text}")
            cursor.position = close + 1
            return UnparsedJson(cursor.text[start : cursor.position])
        if first == "/":
            return self._pattern()
        while cursor.current in _NUMBER_CHARACTERS:
            cursor.position += 1
        return number_node(cursor.text[start : cursor.position])

    def _pattern(self) -> Pattern:
        cursor = self._cursor
        start = cursor.position
        close = cursor.closing_quote(start)
        cursor.position = close + 1
        flags = ""
        while cursor.current in _REGEX_FLAGS:
            flags += cursor.current
            cursor.position += 1
        source = f"{f'(?{flags})' if flags else ''}{cursor.text[start + 1 : close]}"
        try:
            compiled(source)
        except JavaError as error:
            raise InvalidPathError(f"{cursor.text[start : cursor.position]} is not a pattern: {error}") from error
        return Pattern(source)

    def _path(self) -> _Path:
        cursor = self._cursor
        negated = cursor.previous_significant() == "!"
        start = cursor.position
        cursor.position += 1
        while cursor.current:
            if cursor.current == "[":
                close = cursor.closing_bracket(cursor.position, "[", "]")
                if close < 0:
                    raise InvalidPathError(f"[ is not closed in {cursor.text}")
                cursor.position = close + 1
            closes_filter = cursor.current == ")" and not self._closes_function(start)
            if cursor.current in _OPERATOR_CHARACTERS or cursor.current in (" ", "") or closes_filter:
                break
            cursor.position += 1
        return _Path(self._compile_path(cursor.text[start : cursor.position]), negated=negated)

    def _closes_function(self, start: int) -> bool:
        """Whether the `)` here ends a call without arguments, such as `@.length()`."""
        before = self._cursor.text[: self._cursor.position].rstrip(" ")
        return before.endswith("(") and "." in before[start + 1 : -1]


def _resolved(operand: _Operand, item: Any, root: Any) -> Node:
    return operand.value(item, root) if isinstance(operand, _Path) else operand
