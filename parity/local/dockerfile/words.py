"""Words and variables in a Dockerfile's instructions: quotes, escapes, `$NAME`, `${NAME:-word}`.

https://docs.docker.com/reference/dockerfile/#environment-replacement
"""

import re
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATORS = (":-", ":+", ":?", "-", "+", "?")


def expand(text: str, variables: Mapping[str, str], escape: str = "\\") -> str:
    """Replaces the variables in one word, and takes its quotes and escapes away.

    Args:
        text: the word as it stands in the Dockerfile.
        variables: what is known by name; an unknown variable is empty.
        escape: the Dockerfile's escape character.
    """
    result: list[str] = []
    quote = ""
    position = 0
    while position < len(text):
        character = text[position]
        if quote == "'" and character != "'":
            result.append(character)
            position += 1
        elif character in "\"'" and quote in ("", character):
            quote = "" if quote else character
            position += 1
        elif character == escape and position + 1 < len(text):
            following = text[position + 1]
            kept = character if quote == '"' and following not in f'"${escape}' else ""
            result.append(kept + following)
            position += 2
        elif character == "$":
            value, position = _variable(text, position, variables, escape)
            result.append(value)
        else:
            result.append(character)
            position += 1
    return "".join(result)


def split_words(text: str, escape: str = "\\") -> list[str]:
    """Splits at blanks outside quotes; quotes and escapes stay for `expand`."""
    words: list[str] = []
    current = ""
    quote = ""
    position = 0
    while position < len(text):
        character = text[position]
        if character == escape and quote != "'" and position + 1 < len(text):
            current += text[position : position + 2]
            position += 2
            continue
        if character in "\"'" and quote in ("", character):
            quote = "" if quote else character
        if character.isspace() and not quote:
            if current:
                words.append(current)
            current = ""
        else:
            current += character
        position += 1
    return [*words, current] if current else words


def assignments(text: str, variables: Mapping[str, str], escape: str = "\\") -> dict[str, str]:
    """The variables that `ENV` sets: `NAME=value …`, or the old form `NAME value`."""
    words = split_words(text, escape)
    if words and "=" not in words[0]:
        name, _, value = text.strip().partition(" ")
        return {name: expand(value.strip(), variables, escape)}
    pairs = (word.partition("=") for word in words)
    return {name: expand(value, variables, escape) for name, _, value in pairs}


def _variable(text: str, position: int, variables: Mapping[str, str], escape: str) -> tuple[str, int]:
    """Reads the variable at `position`, where a `$` stands; returns its value and the position after it."""
    if text.startswith("${", position):
        end = _closing_brace(text, position + 2)
        return _braced(text[position + 2 : end], variables, escape), end + 1
    match = _NAME.match(text, position + 1)
    if match is None:
        return "$", position + 1
    return variables.get(match[0], ""), match.end()


def _closing_brace(text: str, position: int) -> int:
    depth = 1
    while position < len(text):
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        if depth == 0:
            break
        position += 1
    return position


def _braced(text: str, variables: Mapping[str, str], escape: str) -> str:
    match = _NAME.match(text)
    if match is None:
        return ""
    value, rest = variables.get(match[0]), text[match.end() :]
    for operator in _OPERATORS:
        if rest.startswith(operator):
            present = bool(value) if operator.startswith(":") else value is not None
            if operator[-1] == "+":
                return expand(rest[len(operator) :], variables, escape) if present else ""
            return value or "" if present else expand(rest[len(operator) :], variables, escape)
    return value or ""
