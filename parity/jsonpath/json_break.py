"""Where a text that should be JSON breaks, and what in a mapping template usually causes that."""

import json
import re
from typing import Final

CONTEXT_CHARACTERS: Final = 60
"""How much of a line is shown on either side of the place."""

_JAVA_MAP: Final = re.compile(r"\{[^{}\"=:]*=")
_ESCAPE_APOSTROPHE: Final = (
    "$util.escapeJavaScript writes ' as \\', which JSON does not know; append .replaceAll(\"\\\\'\",\"'\")"
)
_QUOTE: Final = "a value in quotes holds a quote; wrap it in $util.escapeJavaScript(...)"
_EMPTY: Final = "a reference without value stands where a value is due; quote it, or use #if to leave it out"
_COMMA: Final = "a comma stands before the end; in a #foreach write #if($foreach.hasNext),#end"
_MISSING_COMMA: Final = "a comma is missing; in a #foreach write #if($foreach.hasNext),#end after each item"
_BARE: Final = "a value stands without quotes; quote it, or print it with $input.json(...)"
_JAVA: Final = "an object printed the Java way, {a=1}; print it with $input.json(...) in place of $input.path(...)"
_CONTROL: Final = "a value in quotes holds a line break or tab; wrap it in $util.escapeJavaScript(...)"


def find_break(text: str) -> str | None:
    """Where and why a text is not JSON.

    Returns:
        Line, column, the parser's words, the line with a mark and the likely cause; None if the text is JSON.
    """
    try:
        json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}: {error.msg}"
        cause = likely_cause(text, error)
        shown = excerpt(text, error.lineno, error.colno)
        return f"{place}\n{shown}" + (f"\nlikely cause: {cause}" if cause else "")
    except (ValueError, RecursionError) as error:
        return str(error)
    return None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def excerpt(text: str, line: int, column: int) -> str:
    """The part of a line around a column, with a mark below it.

    Args:
        text: the whole text.
        line, column: the place, from 1.
    """
    lines = text.split("\n")
    content = lines[line - 1] if 0 < line <= len(lines) else ""
    start = max(0, column - 1 - CONTEXT_CHARACTERS)
    shown = content[start : column - 1 + CONTEXT_CHARACTERS].replace("\t", " ")
    prefix = "..." if start else ""
    number = f"{line:>5} | "
    return f"{number}{prefix}{shown}\n{' ' * (len(number) + len(prefix) + column - 1 - start)}^"


def likely_cause(text: str, error: json.JSONDecodeError) -> str | None:
    """What in a mapping template usually breaks JSON at such a place; None if nothing comes to mind."""
    at = error.pos
    here, before = text[at : at + 1], text[:at].rstrip()
    if error.msg.startswith("Invalid \\escape"):
        return _ESCAPE_APOSTROPHE if text[at : at + 2] == "\\'" else _QUOTE
    if error.msg.startswith("Invalid control character"):
        return _CONTROL
    if _JAVA_MAP.match(text, max(0, text.rfind("{", 0, at + 1))):
        return _JAVA
    if error.msg.startswith(("Illegal trailing comma", "Expecting property name")):
        return _COMMA if before.endswith(",") or here in "}]," else _BARE
    if error.msg.startswith("Expecting value"):
        if here in ("", ",", "}", "]"):
            return _COMMA if before.endswith(",") and here in ("}", "]") else _EMPTY
        return _BARE
    if error.msg.startswith("Expecting ',' delimiter"):
        return _MISSING_COMMA if here in ("{", "[", '"') or before.endswith(("}", "]")) else _QUOTE
    return None
