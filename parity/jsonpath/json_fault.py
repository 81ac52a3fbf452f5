"""Where a text that should be JSON breaks, and what in a mapping template usually causes that."""

import json
import re
from dataclasses import dataclass
from typing import Final

CONTEXT_CHARACTERS: Final = 60
"""How much of a line is shown on either side of the place."""

IS_NOT_JSON: Final = "is not JSON"
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|NaN|-?Infinity', re.DOTALL)
_JAVA_MAP: Final = re.compile(r"\{[^{}\"=:]*=")
_ENDS_AS_JSON: Final = re.compile(r"[}\],][ \t]*$")
"""How a line of JSON ends outside a string, rather than in the middle of a text."""
_ESCAPE_APOSTROPHE: Final = (
    "$util.escapeJavaScript writes ' as \\', which JSON does not know; append .replaceAll(\"\\\\'\",\"'\")"
)
_QUOTE: Final = "a value in quotes holds a quote; wrap it in $util.escapeJavaScript(...)"
_EMPTY: Final = "a reference without value stands where a value is due; quote it, or use #if to leave it out"
_COMMA: Final = "a comma stands before the end; in a #foreach write #if($foreach.hasNext),#end"
_MISSING_COMMA: Final = "a comma is missing; in a #foreach write #if($foreach.hasNext),#end after each item"
_BARE: Final = "a value stands without quotes; quote it, or print it with $input.json(...)"
_JAVA: Final = "an object printed the Java way, {a=1}; print it with $input.json(...) in place of $input.path(...)"
_UNCLOSED: Final = "a string is not closed: its last quote is missing in the template, before the end of this line"
_CONTROL: Final = "a value in quotes holds a line break or tab; wrap it in $util.escapeJavaScript(...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where a text stops being JSON, or what else it should be: `offset` in characters from its start."""

    message: str
    offset: int

    def line(self, text: str) -> int:
        """The line of the text, from 1."""
        return text.count("\n", 0, self.offset) + 1

    def column(self, text: str) -> int:
        """The column in that line, from 1."""
        return self.offset - text.rfind("\n", 0, self.offset)


def json_fault(text: str) -> Fault | None:
    """Where a text stops being JSON (RFC 8259), None if it does not. Numbers may have any length."""

    def refuse(constant: str) -> None:
        found = next(each for each in _TOKEN.finditer(text) if each.group() == constant)
        raise json.JSONDecodeError(f"{constant} {IS_NOT_JSON}", text, found.start())

    try:
        json.loads(text, parse_constant=refuse, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        return Fault(message=error.msg.removesuffix(" at").removesuffix(" starting"), offset=error.pos)
    except RecursionError:
        return _bracket_fault(text)
    return None


def _bracket_fault(text: str) -> Fault | None:
    """Where brackets of a text do not fit: all that is checked of one that is nested too deeply for Python's parser."""
    opened: list[str] = []
    for token in _TOKEN.finditer(text):
        bracket = token.group()
        if bracket in "[{":
            opened.append(bracket)
        elif bracket in "]}" and (not opened or opened.pop() + bracket not in ("[]", "{}")):
            return Fault(message=f"{bracket} closes no bracket", offset=token.start())
    return Fault(message=f"{opened[-1]} is not closed", offset=len(text)) if opened else None


def describe_json_fault(text: str) -> str | None:
    """Where and why a text is not JSON, for a reader.

    Returns:
        Line, column, the parser's words, the line with a mark and the likely cause; None if the text is JSON.
    """
    fault = json_fault(text)
    if fault is None:
        return None
    line, column, cause = fault.line(text), fault.column(text), likely_cause(text, fault)
    shown = f"line {line}, column {column}: {fault.message}\n{excerpt(text, line, column)}"
    return f"{shown}\nlikely cause: {cause}" if cause else shown


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


def likely_cause(text: str, fault: Fault) -> str | None:
    """What in a mapping template usually breaks JSON at such a place; None if nothing comes to mind."""
    at = fault.offset
    here, before = text[at : at + 1], text[:at].rstrip()
    if fault.message.startswith("Invalid \\escape"):
        return _ESCAPE_APOSTROPHE if text[at : at + 2] == "\\'" else _QUOTE
    if fault.message.startswith("Invalid control character"):
        return _UNCLOSED if _ENDS_AS_JSON.search(text, 0, at) and here in "\r\n" else _CONTROL
    if fault.message.startswith("Unterminated string"):
        return _UNCLOSED if _ENDS_AS_JSON.search(text) else None
    if _JAVA_MAP.match(text, max(0, text.rfind("{", 0, at + 1))):
        return _JAVA
    if fault.message.startswith(("Illegal trailing comma", "Expecting property name")):
        return _COMMA if before.endswith(",") or here in "}]," else _BARE
    if fault.message.startswith("Expecting value"):
        if here in ("", ",", "}", "]"):
            return _COMMA if before.endswith(",") and here in ("}", "]") else _EMPTY
        return _BARE
    if fault.message.startswith("Expecting ',' delimiter"):
        return _MISSING_COMMA if here in ("{", "[", '"') or before.endswith(("}", "]")) else _QUOTE
    return None
