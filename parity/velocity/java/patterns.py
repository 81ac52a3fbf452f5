"""Java's regular expressions as String's methods use them."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from parity.velocity.budget import BudgetError, current_budget
from parity.velocity.errors import JavaError, LimitError
from parity.velocity.java.pattern_syntax import translate
from parity.velocity.java.text import MAX_TEXT, from_units, to_units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regex import Match, Pattern

_SHOWN = 80
_LAST_END = re.compile(r"\\G(?![*?{])")
_STEPS_A_MATCH = 3
_CHARGED_AT_ONCE = 1000
_BYTES_A_PART = 64
_MAX_EXPANDED = 20_000
"""How long a pattern may be once its counted repetitions, such as `(a{100}){100}`, are written out."""
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|.", re.DOTALL)


def _expanded_size(pattern: str) -> int:
    """The length of a pattern with its counted repetitions written out, as its compiler has it."""
    totals, last = [0], [0]
    for piece in _PIECE.finditer(pattern):
        text = piece.group()
        if text == "(":
            totals.append(0)
            last.append(0)
        elif piece.group(1) is not None:
            count = max(int(piece.group(1)[:9]), int((piece.group(2) or "0")[:9]), 1)
            totals[-1] += last[-1] * (count - 1)
            last[-1] *= count
        else:
            size = 1
            if text == ")" and len(totals) > 1:
                last.pop()
                size = totals.pop()
            totals[-1] += size
            last[-1] = size
    return sum(totals)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> "Pattern[str]":
    """A Java pattern, compiled.

    Raises:
        JavaError: Java refuses the pattern.
    """
    import regex  # here, because most templates never need it

    try:
        translated = translate(pattern)
        if _expanded_size(translated) > _MAX_EXPANDED:
            raise _too_long(pattern)
        return regex.compile(translated, regex.VERSION1)
    except (regex.error, OverflowError, RecursionError) as error:
        raise JavaError("PatternSyntaxException", str(error)) from None


_MEANING_SOMETHING = frozenset("\\.[]{}()*+?^$|#")


@lru_cache(maxsize=512)
def literal(pattern: str) -> str | None:
    """The only text that a Java pattern matches, when it is written without anything that means more; else None."""
    characters = []
    escaped = False
    for character in pattern:
        if escaped and character.isalnum():
            return None
        if not escaped and character == "\\":
            escaped = True
            continue
        if not character.isascii() or (not escaped and character in _MEANING_SOMETHING):
            return None
        characters.append(character)
        escaped = False
    return "".join(characters) if characters and not escaped else None


def is_plain(replacement: str) -> bool:
    """Whether a replacement stands for itself."""
    return "$" not in replacement and "\\" not in replacement


def _too_long(pattern: str) -> LimitError:
    shown = pattern if len(pattern) <= _SHOWN else f"{pattern[:_SHOWN]}…"
    return LimitError(f"the pattern {shown!r} takes too long")


def out_of_time(pattern: str) -> BudgetError:
    """A search ran until the budget was used up: a pattern can need exponential time."""
    return BudgetError(f"{_too_long(pattern).message}: {current_budget().out_of_time().message}")


def _too_large() -> LimitError:
    return LimitError(f"a string is longer than {MAX_TEXT} characters")


def matches(text: str, pattern: str) -> bool:
    """Java's `String.matches`: the whole text matches."""
    try:
        return compiled(pattern).fullmatch(text, timeout=current_budget().seconds_left) is not None
    except TimeoutError:
        raise out_of_time(pattern) from None


def replace(text: str, pattern: str, replacement: str | None, *, first: bool = False) -> str:
    """Java's `String.replaceAll` and `replaceFirst`."""
    text_matched = literal(pattern)
    if text_matched is not None and replacement is not None and is_plain(replacement):
        count = 1 if first else -1
        if len(text) + text.count(text_matched) * (len(replacement) - len(text_matched)) > MAX_TEXT:
            raise _too_large()
        return text.replace(text_matched, replacement, count)
    expression = compiled(pattern)
    if replacement is None:
        if first or expression.search(text, timeout=current_budget().seconds_left):
            raise JavaError("NullPointerException", "replacement")
        return text
    budget, size = current_budget(), 0

    def expanded(match: "Match[str]") -> str:
        nonlocal size
        new = replacement if plain else _expand(match, replacement)
        budget.consume(_STEPS_A_MATCH)
        size += len(new)
        if size > MAX_TEXT:
            raise _too_large()
        return new

    plain = is_plain(replacement)
    parts: list[str] = []
    end = 0
    for match in _found(expression, text, pattern):
        parts += (text[end : match.start()], expanded(match))
        end = match.end()
        if first:
            break
    result = "".join([*parts, text[end:]])
    if len(result) > MAX_TEXT:
        raise _too_large()
    return result


def _found(expression: "Pattern[str]", text: str, pattern: str) -> "Iterator[Match[str]]":
    """What Java finds one after another: after an empty match it goes on at the next character."""
    start = 0
    try:
        while start <= len(text):
            for match in expression.finditer(text, start, timeout=current_budget().seconds_left):
                yield match
                if match.end() == match.start():
                    start = match.end() + 1
                    break
            else:
                return
            if _LAST_END.search(pattern):
                return  # no later match begins where this one ended
    except TimeoutError:
        raise out_of_time(pattern) from None


def _expand(match: "Match[str]", replacement: str) -> str:
    out = []
    position = 0
    while position < len(replacement):
        character = replacement[position]
        position += 1
        if character == "\\":
            if position == len(replacement):
                raise JavaError("IllegalArgumentException", "character to be escaped is missing")
            out.append(replacement[position])
            position += 1
        elif character == "$":
            group, position = _group(match, replacement, position)
            out.append(group)
        else:
            out.append(character)
    return "".join(out)


def _group(match: "Match[str]", replacement: str, position: int) -> tuple[str, int]:
    if position == len(replacement):
        raise JavaError("IllegalArgumentException", "Illegal group reference: group index is missing")
    if replacement[position] == "{":
        end = replacement.find("}", position)
        name = replacement[position + 1 : end]
        if end < 0 or name not in match.re.groupindex:
            raise JavaError("IllegalArgumentException", f"No group with name {{{name}}}")
        return match.group(name) or "", end + 1
    if not "0" <= replacement[position] <= "9":
        raise JavaError("IllegalArgumentException", "Illegal group reference")
    number = int(replacement[position])
    position += 1
    if number > match.re.groups:
        raise JavaError("IndexOutOfBoundsException", f"No group {number}")
    while position < len(replacement) and "0" <= replacement[position] <= "9":
        longer = number * 10 + int(replacement[position])
        if longer > match.re.groups:
            break
        number = longer
        position += 1
    return match.group(number) or "", position


def split(text: str, pattern: str, limit: int = 0) -> list[str]:
    """Java's `String.split`."""
    text_matched = literal(pattern)
    if text_matched is not None or not pattern:
        return _split_by_text(text, text_matched or "", limit)
    parts: list[str] = []
    start = 0
    budget = current_budget()
    for match in _found(compiled(pattern), text, pattern):
        if match.end() == 0:
            continue
        if limit > 0 and len(parts) == limit - 1:
            break
        parts.append(text[start : match.start()])
        if len(parts) % _CHARGED_AT_ONCE == 0:
            budget.consume_memory(_CHARGED_AT_ONCE * _BYTES_A_PART)
        start = match.end()
    if not parts and start == 0:
        return [text]
    parts.append(text[start:])
    return parts if limit else _without_empty_end(parts)


def _split_by_text(text: str, separator: str, limit: int) -> list[str]:
    count = text.count(separator) if separator else len(text)
    current_budget().consume_memory((min(count, limit) if limit > 0 else count) * _BYTES_A_PART)
    if not text:
        return [text]
    if separator:
        parts = text.split(separator, limit - 1 if limit > 0 else -1)
    else:
        units = to_units(text)
        most = limit - 1 if limit > 0 else len(units)
        parts = [*units[:most], from_units(units[most:])]
    return parts if limit or len(parts) == 1 else _without_empty_end(parts)


def _without_empty_end(parts: list[str]) -> list[str]:
    while parts and not parts[-1]:
        parts.pop()
    return parts
