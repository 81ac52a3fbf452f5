"""Java's regular expression syntax in that of the `regex` package.

The two agree on most. What differs is translated: quoting by \\Q and \\E, the classes that are ASCII in Java, line
terminators, and inline flags. What Java refuses is refused. https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html
"""

import re
import unicodedata

from parity.velocity.errors import JavaError

_CLASSES = {
    "d": "[0-9]",
    "D": "[^0-9]",
    "w": "[a-zA-Z0-9_]",
    "W": "[^a-zA-Z0-9_]",
    "s": r"[ \t\n\x0b\f\r]",
    "S": r"[^ \t\n\x0b\f\r]",
    "h": r"[ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]",
    "H": r"[^ \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]",
    "v": r"[\n\x0b\f\r\x85\u2028\u2029]",
    "V": r"[^\n\x0b\f\r\x85\u2028\u2029]",
}
_POSIX = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "ASCII": r"\x00-\x7f",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Graph": "!-~",
    "Print": " -~",
    "Blank": r" \t",
    "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F",
    "Space": r" \t\n\x0b\f\r",
}
_LITERALS = {"t": r"\t", "n": r"\n", "r": r"\r", "f": r"\f", "a": r"\x07", "e": r"\x1b"}
_TERMINATED = r"(?=(?:\r\n|(?<!\r)\n|[\r\x85\u2028\u2029])?\Z)"
_ANCHORS = {
    "b": r"(?:\b)",
    "B": r"(?:\B)",
    "A": r"(?:\A)",
    "G": r"(?:\G)",
    "z": r"(?:\Z)",
    "Z": f"(?:{_TERMINATED})",
    "X": r"\X",
    "R": r"(?>\r\n|[\n\x0b\f\r\x85\u2028\u2029])",
}
_QUANTIFIER = re.compile(r"(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})[+?]?")
_GROUP = re.compile(r"\?(?::|=|!|>|<=|<!|<([a-zA-Z][a-zA-Z0-9]*)>|([idmsuxU]*)(?:-([idmsuxU]*))?([:)]))")
_HEX = re.compile(r"x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|0([0-3]?[0-7]{1,2})")
_NAMED = re.compile(r"N\{([^}]+)\}")
_PROPERTY = re.compile(r"[pP](?:\{([^}]*)\}|([A-Z]))")


def _wrong(what: str) -> JavaError:
    return JavaError("PatternSyntaxException", what)


class _Translation:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.out: list[str] = []
        self.groups = 0
        self.names: set[str] = set()
        self.flags = [frozenset[str]()]
        self.repeatable = False

    def translated(self) -> str:
        while self.position < len(self.pattern):
            self._element()
        if len(self.flags) > 1:
            raise _wrong("Unclosed group")
        return "".join(self.out)

    def _take(self) -> str:
        character = self.pattern[self.position]
        self.position += 1
        return character

    def _element(self) -> None:
        character = self._take()
        if character in "*+?{":
            self._repetition(character)
            return
        comment = "x" in self.flags[-1] and (character.isspace() or character == "#")
        self.repeatable = self.repeatable if comment else character not in "(|"
        if character == "\\":
            self.out.append(self._escape(in_class=False))
        elif character == "[":
            self.out.append(self._class())
        elif character == "(":
            self._group()
        elif character == ")":
            if len(self.flags) == 1:
                raise _wrong("Unmatched closing ')'")
            self.flags.pop()
            self.out.append(")")
        elif character == ".":
            self.out.append(r"[\s\S]" if "s" in self.flags[-1] else r"[^\n\r\x85\u2028\u2029]")
        elif character == "$":
            line_end = r"(?=\r\n|(?<!\r)\n|[\r\x85\u2028\u2029]|\Z)"
            self.out.append(f"(?:{line_end if 'm' in self.flags[-1] else _TERMINATED})")
        elif character == "^":
            line_start = r"(?:(?:\A|(?<=[\n\x85\u2028\u2029])|(?<=\r)(?!\n))(?!\Z))"
            self.out.append(line_start if "m" in self.flags[-1] else r"(?:\A)")
        elif character == "|":
            self.out.append(character)
        elif comment:
            self._comment(character)
        else:
            self.out.append(re.escape(character))

    def _comment(self, character: str) -> None:
        if character == "#":
            end = self.pattern.find("\n", self.position)
            self.position = len(self.pattern) if end < 0 else end + 1

    def _repetition(self, character: str) -> None:
        """A quantifier; Java takes one in braces that nothing stands before for one of an empty text."""
        match = _QUANTIFIER.match(self.pattern, self.position - 1)
        if match is None:
            raise _wrong("Illegal repetition")
        if character != "{" and not self.repeatable:
            raise _wrong(f"Dangling meta character '{character}'")
        numbers = [number.lstrip("0") for number in re.findall("[0-9]+", match.group())]
        if any(len(number) > 10 or int(number or "0") > 2**31 - 1 for number in numbers):
            raise _wrong("Illegal repetition range")
        if len(numbers) == 2 and int(numbers[1] or "0") < int(numbers[0] or "0"):
            raise _wrong("Illegal repetition range")
        self.position = match.end()
        if self.repeatable:
            self.out.append(match.group())
        self.repeatable = False

    def _group(self) -> None:
        if not self.pattern.startswith("?", self.position):
            self.groups += 1
            self.flags.append(self.flags[-1])
            self.out.append("(")
            return
        match = _GROUP.match(self.pattern, self.position)
        if match is None:
            raise _wrong("Unknown group type")
        self.position = match.end()
        if match.group(4) is None:
            if match.group(1) is not None:
                if match.group(1) in self.names:
                    raise _wrong(f"Named capturing group <{match.group(1)}> is already defined")
                self.names.add(match.group(1))
                self.groups += 1
            self.flags.append(self.flags[-1])
            self.out.append(f"({match.group()}")
            return
        flags = (self.flags[-1] | set(match.group(2))) - set(match.group(3) or "")
        ignore = f"?{'' if 'i' in flags else '-'}i"
        if match.group(4) == ")":
            self.flags[-1] = flags
            self.out.append(f"({ignore})")
        else:
            self.flags.append(flags)
            self.out.append(f"({ignore}:")

    def _escape(self, *, in_class: bool) -> str:
        if self.position == len(self.pattern):
            raise _wrong("Unexpected internal error")
        if match := _HEX.match(self.pattern, self.position):
            self.position = match.end()
            digits = next(group for group in match.groups() if group is not None)
            code = int(digits[-4000:], 8 if match.group(4) is not None else 16)
            if code > 0x10FFFF:
                raise _wrong("Hexadecimal codepoint is too big")
            return re.escape(chr(code))
        if match := _PROPERTY.match(self.pattern, self.position):
            self.position = match.end()
            return self._property(match, in_class=in_class)
        character = self._take()
        if character == "Q":
            end = self.pattern.find("\\E", self.position)
            end = len(self.pattern) if end < 0 else end
            quoted, self.position = self.pattern[self.position : end], end + 2
            return re.escape(quoted)
        if match := _NAMED.match(self.pattern, self.position - 1):
            self.position = match.end()
            try:
                return re.escape(unicodedata.lookup(match.group(1)))
            except KeyError:
                raise _wrong(f"Unknown character name [{match.group(1)}]") from None
        if character in _CLASSES:
            return _CLASSES[character]
        if character in _LITERALS:
            return _LITERALS[character]
        if character == "c" and self.position < len(self.pattern):
            return re.escape(chr(ord(self._take()) ^ 64))
        return self._reference(character, in_class=in_class)

    def _reference(self, character: str, *, in_class: bool) -> str:
        if not in_class:
            if character in _ANCHORS:
                return _ANCHORS[character]
            if character == "k" and (
                match := re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)>").match(self.pattern, self.position)
            ):
                self.position = match.end()
                if match.group(1) not in self.names:
                    raise _wrong(f"named capturing group <{match.group(1)}> does not exist")
                return f"(?P={match.group(1)})"
            if character in "123456789":
                return f"(?:\\{character})" if int(character) <= self.groups else "(?!)"
        if character.isascii() and character.isalnum():
            raise _wrong("Illegal/unsupported escape sequence")
        return re.escape(character)

    def _property(self, match: "re.Match[str]", *, in_class: bool) -> str:
        name = match.group(1) or match.group(2) or ""
        negated = match.group()[0] == "P"
        if name in _POSIX:
            return f"[{'^' * negated}{_POSIX[name]}]"
        name = {"javaLowerCase": "Ll", "javaUpperCase": "Lu", "javaWhitespace": "White_Space"}.get(name, name)
        if not re.fullmatch("[a-zA-Z_=0-9]+", name):
            raise _wrong(f"Unknown character property {{{name}}}")
        return f"{'[' * (not in_class)}\\{'P' if negated else 'p'}{{{name}}}{']' * (not in_class)}"

    def _class(self) -> str:
        out = ["["]
        if self.pattern.startswith("^", self.position):
            self.position += 1
            out.append("^")
        first = True
        while True:
            if self.position == len(self.pattern):
                raise _wrong("Unclosed character class")
            character = self._take()
            if character == "]" and not first:
                return "".join([*out, "]"])
            if character == "\\":
                out.append(self._escape(in_class=True))
            elif character == "[":
                out.append(self._class())
            elif character == "&" and self.pattern.startswith("&", self.position):
                self.position += 1
                self._intersection(out, first=first)
            elif character == "-":
                out.append("-" if not first and not self.pattern.startswith("]", self.position) else r"\-")
            else:
                # the colon, lest "[:alpha:]" be taken for a class by that name, which Java has not
                out.append(r"\:" if character == ":" else re.escape(character))
            first = False

    def _intersection(self, out: list[str], *, first: bool) -> None:
        """`&&` in a class; Java takes an empty side for no restriction, but not two."""
        empty = self.pattern.startswith("]", self.position)
        if first and empty:
            raise _wrong("Bad class syntax")
        if not first and not empty:
            out.append("&&")


def translate(pattern: str) -> str:
    """A Java pattern in the syntax of the `regex` package, version 1.

    Args:
        pattern: the pattern.

    Raises:
        JavaError: Java refuses the pattern.
    """
    return _Translation(pattern).translated()
