"""The Python functions that a template is compiled to, and the text of the module that holds them."""

import math
from typing import NamedTuple

SourcePosition = tuple[int, int]
"""A line and a column of the template; `NOWHERE` when the Python comes from none."""

NOWHERE: SourcePosition = (0, 0)

Line = tuple[int, str, SourcePosition]
"""Its indentation in steps, the code, and where in the template it comes from."""


class Function(NamedTuple):
    """A function: its parameters and its body."""

    parameters: str
    lines: list[Line]


class Module:
    """The functions and constants of a template.

    Args:
        has_blocks: whether a variable can hold a block, of `#define` or of a macro's call.
    """

    def __init__(self, *, has_blocks: bool) -> None:
        self.has_blocks = has_blocks
        self.constants: dict[str, object] = {}
        self.calls: list[tuple[str, str]] = []
        self._functions: dict[str, Function] = {}
        self._count = 0
        self._temporaries = 0

    def name(self, prefix: str) -> str:
        """A name that no function and no constant has yet."""
        self._count += 1
        return f"{prefix}{self._count}"

    def temporary(self) -> str:
        """A local variable that nothing else uses."""
        self._temporaries += 1
        return f"t{self._temporaries}"

    def add(self, name: str, function: Function) -> None:
        """Adds a function."""
        self._functions[name] = function

    def constant(self, value: int | float) -> str:
        """Python for a number."""
        if isinstance(value, float):
            return repr(value) if math.isfinite(value) else f"float('{value}')"
        return repr(value) if value.__class__ is int else self.keep(value)

    def keep(self, value: object) -> str:
        """The name of a constant that has no notation of its own."""
        name = self.name("K")
        self.constants[name] = value
        return name

    def source(self) -> tuple[str, list[SourcePosition]]:
        """The module's Python, and for each of its lines the template's."""
        text: list[str] = []
        origins: list[SourcePosition] = []
        for name, (parameters, lines) in self._functions.items():
            body = "\n".join(code for _, code, _ in lines)
            prelude = []
            if "get(" in body:
                prelude.append((0, "get = ctx.get", NOWHERE))
            if "budget." in body:
                prelude.append((0, "budget = rt.budget", NOWHERE))
            if "extend(" in body:
                prelude.append((0, "extend = out.__self__.extend", NOWHERE))
            if "text_of(" in body:
                prelude.append((0, "text_of = rt.text_of", NOWHERE))
            text.append(f"def {name}({parameters}):")
            origins.append(NOWHERE)
            for indent, code, origin in [*prelude, *lines] or [(0, "pass", NOWHERE)]:
                text.append("    " * (indent + 1) + code)
                origins.append(origin)
            text.append("")
            origins.append(NOWHERE)
        for name, call in self.calls:
            text.append(f"{name} = {call}")
            origins.append(NOWHERE)
        return "\n".join(text) + "\n", origins
