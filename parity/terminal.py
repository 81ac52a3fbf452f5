"""Text from outside, made safe for a terminal.

What a client, a backend or a program sends may hold escape sequences, which a terminal acts on: they move the cursor,
change the title, and on some terminals type text. A sequence begins with ESC (C0, ECMA-48), or with one of the C1
controls U+0080 to U+009F, U+009B being the one-character form of `ESC [`. Every command prints what came from outside
through `printable`, and what is to fit on one line through `visible`.
"""

from typing import Final

_C0: Final = {code: chr(0x2400 + code) for code in range(32)}
_C1: Final = dict.fromkeys(range(0x80, 0xA0), "\N{REPLACEMENT CHARACTER}")
_BIDI: Final = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{REPLACEMENT CHARACTER}"
)
"""Characters that turn the direction of writing, so that a line reads otherwise than it is."""
_LINES: Final = {0x2028: "⏎", 0x2029: "⏎"}
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
_CONTROLS: Final[dict[int, str]] = {**_C0, 0x7F: "␡", **_C1, **_BIDI, **_LINES, **_SURROGATES}
_PRINTABLE: Final = {code: text for code, text in _CONTROLS.items() if code not in (0x09, 0x0A)}
_JSON: Final = {code: f"\\u{code:04x}" for code in (0x7F, *_C1, *_BIDI)}
_VISIBLE: Final = {**_CONTROLS, 0x0A: "⏎", 0x09: "⇥"}


def printable(text: str) -> str:
    """The text with every character replaced that a terminal would act on; line breaks and tabs stay."""
    return text if text.isascii() and text.isprintable() else text.translate(_PRINTABLE)


def visible(text: str) -> str:
    """The text on one line: as `printable`, with line breaks and tabs replaced by signs for them too."""
    return text if text.isascii() and text.isprintable() else text.translate(_VISIBLE)


def safe_json(text: str) -> str:
    """JSON text, with the characters escaped that a terminal would act on and JSON does not need to."""
    return text.translate(_JSON)
