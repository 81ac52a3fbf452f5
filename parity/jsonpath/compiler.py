"""The grammar of JSONPath expressions, as Jayway JsonPath reads them."""

import re
from typing import Final

from parity.jsonpath.cursor import Cursor, unescape
from parity.jsonpath.filter import compile_filter
from parity.jsonpath.functions import FunctionToken, Parameter
from parity.jsonpath.json_text import JsonTextError, parse_json
from parity.jsonpath.tokens import (
    CompiledPath,
    FilterToken,
    IndexToken,
    InvalidPathError,
    PropertyToken,
    RootToken,
    ScanToken,
    SliceToken,
    Token,
    WildcardToken,
)

_INDEXES: Final = re.compile(r"[0-9,\-: ]*")
_INTEGER: Final = re.compile(r"-?[0-9]+")
_SLICE: Final = re.compile(r"(-?[0-9]+)?:(-?[0-9]+)?(?::.*)?")
_LARGEST_INDEX: Final = 2**31 - 1


def compile_path(expression: str) -> CompiledPath:
    """Compiles an expression; one that does not begin with `$` or `@` is taken to begin with `$.`.

    Raises:
        InvalidPathError: the expression is not JSONPath.
    """
    if not expression:
        raise InvalidPathError("the expression is empty")
    text = (expression if expression[0] in "$@" else f"$.{expression}").rstrip(" ")
    if text.endswith("."):
        raise InvalidPathError("a path must not end with '.'")
    try:
        return _PathCompiler(text).compile()
    except (IndexError, ValueError, RecursionError) as error:
        raise InvalidPathError(f"{expression} is not JSONPath") from error


class _PathCompiler:
    def __init__(self, text: str) -> None:
        self._cursor = Cursor(text)
        self._tokens: list[Token] = []

    def compile(self) -> CompiledPath:
        cursor = self._cursor
        while cursor.current.isspace():
            cursor.position += 1
        root = cursor.current
        if root not in ("$", "@"):
            raise InvalidPathError("a path begins with $ or @")
        self._tokens.append(RootToken())
        if not cursor.at_tail:
            cursor.position += 1
            if cursor.current not in (".", "["):
                raise InvalidPathError(f"expected . or [ in {cursor.text}")
            self._read_tokens()
        return CompiledPath(_with_scan_as_parameter(self._tokens), root=root == "$")

    def _read_tokens(self) -> None:
        """Reads steps up to the end of the text. What stands alone at the end after a bracket is not looked at."""
        cursor = self._cursor
        while True:
            if cursor.current == ".":
                self._read_dots()
            if cursor.current == "[":
                self._read_brackets()
            elif cursor.current == "*":
                cursor.position += 1
                self._tokens.append(WildcardToken())
            else:
                self._read_name()
            if cursor.at_tail:
                return

    def _read_dots(self) -> None:
        cursor = self._cursor
        cursor.position += 1
        if cursor.current == ".":
            self._tokens.append(ScanToken())
            cursor.position += 1
        if cursor.current in (".", ""):
            raise InvalidPathError(f"{cursor.text} has a '.' too many")

    def _read_name(self) -> None:
        cursor = self._cursor
        start = cursor.position
        while cursor.current not in (".", "[", "(", " ", ""):
            cursor.position += 1
        name = cursor.text[start : cursor.position]
        if cursor.current == " " or not name:
            raise InvalidPathError(f"a property with a blank needs brackets in {cursor.text}")
        if cursor.current == "(":
            self._tokens.append(FunctionToken(name, self._read_parameters(name)))
        else:
            self._tokens.append(PropertyToken([name]))

    def _read_parameters(self, name: str) -> list[Parameter]:
        """The arguments of a function. Without any, the position stays at the closing bracket, as Jayway leaves it."""
        cursor = self._cursor
        if cursor.at(cursor.position + 1) == ")":
            cursor.position += 1
            return []
        close = _closing_parenthesis(cursor)
        if close < 0:
            raise InvalidPathError(f"the arguments of {name}() are not closed")
        texts = _split_arguments(cursor.text[cursor.position + 1 : close])
        cursor.position = close + 1
        return [parameter for text in texts if (parameter := _parameter(text)) is not None]

    def _read_brackets(self) -> None:
        cursor = self._cursor
        first = cursor.at(cursor.next_significant())
        if first and first in "'\"":
            self._read_quoted_names(first)
        elif first and (first.isdigit() or first in "-:"):
            self._read_indexes()
        elif first == "*":
            close = cursor.next_significant(cursor.next_significant())
            if cursor.at(close) != "]":
                raise InvalidPathError("expected ] after *")
            cursor.position = close + 1
            self._tokens.append(WildcardToken())
        elif first == "?":
            self._read_filter()
        else:
            raise InvalidPathError(f"expected ?, ', a digit or * after [ in {cursor.text}")

    def _read_quoted_names(self, quote: str) -> None:
        cursor = self._cursor
        names: list[str] = []
        position = cursor.next_significant()
        while True:
            if cursor.at(position) != quote:
                raise InvalidPathError(f"expected {quote} in {cursor.text}")
            close = cursor.closing_quote(position)
            names.append(unescape(cursor.text[position + 1 : close]))
            position = cursor.next_significant(close)
            if cursor.at(position) == "]":
                break
            if cursor.at(position) != ",":
                raise InvalidPathError(f"expected , or ] in {cursor.text}")
            position = cursor.next_significant(position)
        cursor.position = position + 1
        self._tokens.append(PropertyToken(names))

    def _read_indexes(self) -> None:
        cursor = self._cursor
        close = cursor.text.index("]", cursor.position)
        text = cursor.text[cursor.position + 1 : close].strip(" ")
        if not _INDEXES.fullmatch(text):
            raise InvalidPathError(f"[{text}] are not indexes")
        if ":" in text:
            match = _SLICE.fullmatch(text)
            if match is None or match.group(1) is match.group(2) is None:
                raise InvalidPathError(f"[{text}] is not a slice")
            start, stop = (None if end is None else _integer(end) for end in match.groups())
            self._tokens.append(SliceToken(start, stop))
        else:
            self._tokens.append(IndexToken([_integer(item) for item in re.split(r"\s*,\s*", text)]))
        cursor.position = close + 1

    def _read_filter(self) -> None:
        cursor = self._cursor
        opening = cursor.next_significant(cursor.next_significant())
        if cursor.at(opening) != "(":
            raise InvalidPathError(f"expected ( after ? in {cursor.text}")
        closing = cursor.closing_bracket(opening, "(", ")", skip_regex=True)
        end = cursor.next_significant(closing)
        if closing < 0 or cursor.at(end) != "]":
            raise InvalidPathError(f"the filter is not closed in {cursor.text}")
        self._tokens.append(FilterToken(compile_filter(cursor.text[opening : closing + 1], compile_path)))
        cursor.position = end + 1


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or abs(int(text)) > _LARGEST_INDEX:
        raise InvalidPathError(f"{text!r} is not an index")
    return int(text)


def _closing_parenthesis(cursor: Cursor) -> int:
    depth = 0
    for position in range(cursor.position, cursor.end):
        if cursor.text[position] == "(":
            depth += 1
        elif cursor.text[position] == ")":
            depth -= 1
            if depth == 0:
                return position
    return -1


def _split_arguments(text: str) -> list[str]:
    """The arguments between a function's brackets: split at the commas outside strings and brackets."""
    arguments = [""]
    depth = 0
    quoted = False
    for index, character in enumerate(text):
        if character == '"' and not (quoted and text[index - 1] == "\\"):
            quoted = not quoted
        elif not quoted:
            depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0 and not quoted:
            arguments.append("")
        else:
            arguments[-1] += character
    return [argument.strip() for argument in arguments]


def _parameter(text: str) -> Parameter | None:
    """A path or a JSON value; what is neither is not an argument."""
    if text[:1] in ("$", "@"):
        return compile_path(text)
    if text and (text[0].isdigit() or text[0] in '{"-'):
        try:
            return [parse_json(text)]
        except JsonTextError as error:
            raise InvalidPathError(f"{text} is not JSON") from error
    return None


def _with_scan_as_parameter(tokens: list[Token]) -> list[Token]:
    """`$..path.function()` as `$.function($..path)`: a function of all that is found, not of each."""
    if len(tokens) < 3 or not isinstance(tokens[1], ScanToken) or not isinstance(tokens[-1], FunctionToken):
        return tokens
    first, function = next((at, token) for at, token in enumerate(tokens) if isinstance(token, FunctionToken))
    inner = CompiledPath(tokens[:first], root=True)
    return [RootToken(), FunctionToken(function.name, [inner]), *tokens[first + 1 :]]
