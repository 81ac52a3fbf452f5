"""Regular expressions of a definition, which are Java's: selection patterns and identity validation expressions.

https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html
"""

import re
from typing import Final

from parity.velocity.errors import JavaError
from parity.velocity.java.pattern_syntax import translate
from parity.velocity.java.patterns import matches

_PLAIN: Final = re.compile(r"(?:[A-Za-z0-9 _:,;'\"=<>/@%!~-]|\\[]d.[()]|\.|\{[0-9]{1,3}\})(?:[*+?]?)(?:\|(?!$))?")
"""One element of a pattern that needs no group: such patterns take no exponential time, but polynomial time."""
_MOST_REPETITIONS: Final = 2
_LONG: Final = 1000
"""From how many characters on a text is matched with a limit of time."""


class JavaPatternError(ValueError):
    """A pattern that Java refuses, or that takes too long; its text says why."""


class JavaPattern:
    """A pattern that a whole text must match. As in Java, `.` matches no line terminator and `\\d` only ASCII digits.

    Args:
        source: the pattern as it was declared.

    Raises:
        JavaPatternError: Java refuses the pattern.
    """

    __slots__ = ("_plain", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._plain: re.Pattern[str] | None = None
        try:
            repetitions = source.count("*") + source.count("+")
            if repetitions <= _MOST_REPETITIONS and re.fullmatch(f"(?:{_PLAIN.pattern})+", source):
                self._plain = re.compile(translate(source))
            else:
                matches("", source)
        except (JavaError, re.error) as error:
            raise JavaPatternError(str(error)) from error

    def fullmatch(self, text: str) -> bool:
        """Whether the whole text matches.

        Raises:
            JavaPatternError: finding out takes too long.
        """
        if self._plain is not None and len(text) < _LONG:
            return self._plain.fullmatch(text) is not None
        try:
            return matches(text, self.source)
        except JavaError as error:
            raise JavaPatternError(str(error)) from error
