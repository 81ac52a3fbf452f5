"""Java's regular expressions on Python's."""

import re
from functools import lru_cache

from parity.velocity.errors import JavaError, LimitError
from parity.velocity.values import MAX_TEXT


@lru_cache(maxsize=512)
def compiled(pattern: str) -> "re.Pattern[str]":
    """A Java pattern as a Python one."""
    try:
        return re.compile(translate(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise JavaError("PatternSyntaxException", str(error)) from None


def translate(pattern: str) -> str:
    """A Java pattern in Python's syntax."""
    out = []
    position = 0
    while position < len(pattern):
        if pattern.startswith("\\Q", position):
            end = pattern.find("\\E", position)
            end = len(pattern) if end < 0 else end
            out.append(re.escape(pattern[position + 2 : end]))
            position = end + 2
        else:
            width = 2 if pattern[position] == "\\" else 1
            out.append(pattern[position : position + width])
            position += width
    return "".join(out)


def matches(text: str, pattern: str) -> bool:
    """Java's `String.matches`: the whole text matches."""
    return compiled(pattern).fullmatch(text) is not None


def replace(text: str, pattern: str, replacement: str | None, *, first: bool = False) -> str:
    """Java's `String.replaceAll` and `replaceFirst`."""
    expression = compiled(pattern)
    if replacement is None:
        raise JavaError("NullPointerException", "replacement")
    result = expression.sub(lambda match: _expand(match, replacement), text, 1 if first else 0)
    if len(result) > MAX_TEXT:
        raise LimitError(f"a string is longer than {MAX_TEXT} characters")
    return result


def _expand(match: "re.Match[str]", replacement: str) -> str:
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


def _group(match: "re.Match[str]", replacement: str, position: int) -> tuple[str, int]:
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
    parts: list[str] = []
    start = 0
    for match in compiled(pattern).finditer(text):
        if match.end() == 0:
            continue
        if limit > 0 and len(parts) == limit - 1:
            break
        parts.append(text[start : match.start()])
        start = match.end()
    if not parts and start == 0:
        return [text]
    parts.append(text[start:])
    if limit == 0:
        while parts and not parts[-1]:
            parts.pop()
    return parts
