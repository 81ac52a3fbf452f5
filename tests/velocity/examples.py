"""The variables that templates in examples name: one of each type."""

from typing import Any

CONTEXT: dict[str, Any] = {
    "s": "Hello",
    "i": 7,
    "d": 2.5,
    "l": ["p", "q"],
    "m": {"k": 1},
    "t": True,
    "long": 3000000000,
    "big": 123456789012345678901234567890,
    "neg": -3,
}
