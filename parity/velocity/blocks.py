"""What compiled templates pass around while they render: blocks, macros and their calls, and the way out of loops."""

from typing import NamedTuple

from parity.velocity.contexts import Context, Evaluator, ForeachScope, Output, Renderer, Rendering


class Stop(Exception):  # noqa: N818 - it stops, it is no error
    """`#break` and `#stop` on their way to what they end.

    Attributes:
        target: the loop to end; None for the nearest thing that can end.
        everything: whether the whole template ends.
    """

    def __init__(self, target: ForeachScope | None = None, *, everything: bool = False) -> None:
        super().__init__()
        self.target = target
        self.everything = everything

    @property
    def nearest(self) -> bool:
        return self.target is None and not self.everything

    def ends(self, scope: ForeachScope | None) -> bool:
        """Whether it ends the loop of a scope."""
        return self.nearest or (scope is not None and self.target is scope)


class BlockReference:
    """What `#define` and the `$bodyContent` of a macro hold: a block that renders each time it is used."""

    __slots__ = ("_depth", "context", "max_depth", "render", "runtime")
    java_name = "org.apache.velocity.runtime.directive.Block$Reference"

    def __init__(self, context: Context, render: Renderer, max_depth: int, runtime: Rendering) -> None:
        self.context = context
        self.render = render
        self.max_depth = max_depth
        self.runtime = runtime
        self._depth = 0

    def render_into(self, context: Context, out: Output) -> bool:
        """Renders the block in a context; False when it is inside itself too often."""
        self._depth += 1
        if self._depth > self.max_depth:
            self._depth -= 1
            return False
        self.runtime.budget.consume(8)
        try:
            self.render(context, out, self.runtime)
        except Stop as stop:
            if not stop.nearest:
                raise
        self._depth -= 1
        return True

    def java_string(self) -> str | None:
        """The block as text, in the context where it was defined."""
        parts: list[str] = []
        return self.runtime.joined(parts) if self.render_into(self.context, parts.append) else None


class Argument(NamedTuple):
    """An argument of a macro's call.

    Attributes:
        evaluate: gives its value.
        constant: whether it is evaluated once, when the macro is called.
        literal: its source.
    """

    evaluate: Evaluator
    constant: bool
    literal: str


class Macro(NamedTuple):
    """A macro that a template declares.

    Attributes:
        parameters: the names of its parameters.
        render: renders its body.
    """

    parameters: tuple[str, ...]
    render: Renderer


class Call(NamedTuple):
    """A use of a macro.

    Attributes:
        name: the macro's name.
        arguments: what stands in the parentheses.
        literal: the source, which is rendered when there is no such macro.
        wrong_argument: the bare word among the arguments, if there is one.
        body: renders the block of a call with a block.
    """

    name: str
    arguments: tuple[Argument, ...]
    literal: str
    wrong_argument: str | None
    body: Renderer | None
