"""Regular expressions of JSON schemas, which are ECMA 262's as Rhino reads them, for Python's `regex` module.

API Gateway validates by the library json-schema-validator (its error messages are that library's), whose regular
expressions are JavaScript's: no `(?i)`, no lookbehind, no Unicode property, `$` at the very end alone.
https://json-schema.org/draft-04/draft-fge-json-schema-validation-00#rfc.section.3.3
"""

import re
from collections.abc import Iterator
from typing import Final

_SPACES: Final = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_SETS: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": "".join(f"\\u{ord(space):04x}" for space in _SPACES)}
_CONTROLS: Final = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_QUANTIFIER: Final = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_CODE: Final = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|c([A-Za-z])|([0-3][0-7]{0,2}|[4-7][0-7]?)")
_MOST_REPETITIONS: Final = 65_535


def utf_16_units(text: str) -> str:
    """The text with a surrogate pair for each character beyond U+FFFF: JavaScript's `.` is one of the two."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join([chr(units[at] << 8 | units[at + 1]) for at in range(0, len(units), 2)])


class EcmaPatternError(ValueError):
    """A text that is no regular expression of ECMA 262; it says why."""


def translated(pattern: str) -> str:
    """The pattern for `regex.compile` with the flag ASCII, to be searched in `utf_16_units` of a text.

    Raises:
        EcmaPatternError: JavaScript refuses the pattern.
    """
    return _Translation(utf_16_units(pattern)).text()


def _complement(ranges: str) -> str:
    """The ranges of the characters that are not white space, for a class that has `\\S` among others."""
    excluded = sorted(set(map(ord, _SPACES))) if ranges == "s" else []
    parts, start = [], 0
    for code in [*excluded, 0x110000]:
        if code > start:
            parts.append(f"\\U{start:08x}-\\U{code - 1:08x}")
        start = code + 1
    return "".join(parts)


_NEGATED: Final = {"D": "\\x00-/:-\\U0010ffff", "W": "\\x00-/:-@\\[-\\^`{-\\U0010ffff", "S": _complement("s")}


class _Translation:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._groups = len(re.findall(r"\((?!\?)", re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", "", pattern, flags=re.DOTALL)))

    def text(self) -> str:
        """The whole pattern, translated."""
        pieces: list[str] = []
        depth, repeatable = 0, False
        while self._at < len(self._pattern):
            character = self._next()
            piece, then = "", True
            if character in "*+?" or (character == "{" and self._counts(repeatable)):
                piece, then = self._quantifier(character, repeatable), False
            elif character == "(":
                piece, depth, then = self._group(), depth + 1, False
            elif character == ")":
                piece, depth = ")", depth - 1
            elif character in "|^$":
                piece, then = {"$": r"\Z"}.get(character, character), False
            elif character == ".":
                piece = r"[^\n\r\u2028\u2029]"
            elif character == "[":
                piece = self._class()
            elif character == "\\":
                piece, then = self._escape()
            else:
                piece = re.escape(character)
            if depth < 0:
                raise EcmaPatternError("unmatched )")
            pieces.append(piece)
            repeatable = then
        if depth:
            raise EcmaPatternError("unterminated parenthetical")
        return "".join(pieces)

    def _next(self) -> str:
        character = self._pattern[self._at : self._at + 1]
        self._at += 1
        return character

    def _take(self, expected: str) -> bool:
        if self._pattern.startswith(expected, self._at):
            self._at += len(expected)
            return True
        return False

    def _counts(self, repeatable: bool) -> bool:
        """Whether the brace before the current place begins `{n,m}`; elsewhere it is an ordinary character."""
        return repeatable and _QUANTIFIER.match(self._pattern, self._at - 1) is not None

    def _quantifier(self, character: str, repeatable: bool) -> str:
        if not repeatable:
            raise EcmaPatternError(f"invalid quantifier {character}")
        quantifier = character
        match = _QUANTIFIER.match(self._pattern, self._at - 1) if character == "{" else None
        if match is not None:
            quantifier, self._at = match.group(), match.end()
            least, most = int(match[1]), int(match[3] or match[1])
            if max(least, most) > _MOST_REPETITIONS or most < least:
                raise EcmaPatternError(f"invalid quantifier {quantifier}")
        return quantifier + ("?" if self._take("?") else "")

    def _group(self) -> str:
        if not self._take("?"):
            return "("
        kind = self._next()
        if kind not in (":", "=", "!"):
            raise EcmaPatternError(f"invalid group (?{kind}")
        return f"(?{kind}"

    def _escape(self) -> tuple[str, bool]:
        """What follows a backslash, and whether it may be repeated."""
        if self._at >= len(self._pattern):
            raise EcmaPatternError("trailing \\")
        character = self._pattern[self._at]
        if character in "bB":
            self._at += 1
            return f"\\{character}", False
        if character in _SETS or character in _NEGATED:
            self._at += 1
            return f"[{_SETS.get(character) or _NEGATED[character]}]", True
        reference = re.compile(r"[1-9]\d*").match(self._pattern, self._at)
        if reference is not None and int(reference.group()) <= self._groups:
            self._at = reference.end()
            return f"(?:\\{reference.group()})", True
        return re.escape(self._character()), True

    def _character(self) -> str:
        """The one character that an escape is for; one that is not known is that character itself."""
        match = _CODE.match(self._pattern, self._at)
        if match is None:
            character = self._next()
            return _CONTROLS.get(character, character)
        self._at = match.end()
        if match[3] is not None:
            return chr(ord(match[3]) & 31)
        return chr(int(match[4], 8) if match[4] is not None else int(match[1] or match[2], 16))

    def _class(self) -> str:
        negated = self._take("^")
        if self._take("]"):
            return r"[\s\S]" if negated else "(?!)"
        return f"[{'^' if negated else ''}{''.join(self._members())}]"

    def _members(self) -> Iterator[str]:
        while not self._take("]"):
            first = self._member()
            if not self._pattern.startswith("-", self._at) or self._pattern.startswith("-]", self._at):
                yield first[0]
                continue
            self._at += 1
            second = self._member()
            if first[1] is None or second[1] is None or first[1] > second[1]:
                raise EcmaPatternError("invalid range in a character class")
            yield f"{first[0]}-{second[0]}"

    def _member(self) -> tuple[str, str | None]:
        """A member of a class as it is written, and the character, None for a set such as `\\d`."""
        if self._at >= len(self._pattern):
            raise EcmaPatternError("unterminated character class")
        character = self._next()
        if character == "\\":
            if self._at >= len(self._pattern):
                raise EcmaPatternError("trailing \\")
            name = self._pattern[self._at]
            if name in _SETS or name in _NEGATED:
                self._at += 1
                return _SETS.get(name) or _NEGATED[name], None
            character = "\b" if self._take("b") else self._character()
        return f"\\U{ord(character):08x}", character
