"""Where variables live. The outermost context is a plain dict; a macro's call and a null loop variable wrap another.

All contexts answer to the three operations of a dict that compiled templates use: `get`, item assignment and `pop`.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from msgspec import Struct

from parity.velocity.budget import Budget, spend
from parity.velocity.java.comparison import Key, java_hash
from parity.velocity.java.scalars import JavaClass
from parity.velocity.java.text import java_string


class Context(Protocol):
    """What a compiled template asks of a context."""

    def get(self, name: str, /) -> Any: ...

    def __setitem__(self, name: str, value: Any, /) -> None: ...

    def pop(self, name: str, default: None, /) -> Any: ...


class Rendering(Struct):
    """One rendering, as far as contexts and blocks need it.

    Attributes:
        budget: what it may use up.
        longest: how many characters a text may have.
    """

    budget: Budget
    longest: int

    def joined(self, parts: Sequence[str]) -> str:
        """Output put together, which must not be too long."""
        return self.budget.joined(parts, self.longest)


Output = Callable[[str], None]
Evaluator = Callable[[Context, Rendering], Any]
Renderer = Callable[[Context, Output, Rendering], None]


class MacroContext:
    """The context of a macro's body: the arguments are evaluated again each time they are used.

    A variable that the body sets is set in every context around it, too.
    """

    __slots__ = ("inner", "local", "proxies", "runtime")

    def __init__(self, inner: Context, runtime: Rendering) -> None:
        self.inner = inner
        self.runtime = runtime
        self.local: dict[str, Any] = {}
        self.proxies: dict[str, Evaluator] = {}

    def get(self, name: str) -> Any:
        value = self.local.get(name)
        if value is not None:
            return value
        proxy = self.proxies.get(name)
        if proxy is not None:
            self.runtime.budget.consume(5)
            return proxy(self.inner, self.runtime)
        return self.inner.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self.local[name] = value
        self.inner[name] = value

    def pop(self, name: str, _: None = None) -> Any:
        self.proxies.pop(name, None)
        outer = self.inner.pop(name, None)
        own = self.local.pop(name, None)
        return outer if own is None else own


class NullHolder:
    """The context of a `#foreach` block whose loop variable is null: it hides the outer variable."""

    __slots__ = ("_active", "inner", "name")

    def __init__(self, name: str, inner: Context) -> None:
        self.name = name
        self.inner = inner
        self._active = True

    def get(self, name: str) -> Any:
        return None if self._active and name == self.name else self.inner.get(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name == self.name and value is None:
            self._active = True
        self.inner[name] = value

    def pop(self, name: str, _: None = None) -> Any:
        if name == self.name:
            self._active = False
        return self.inner.pop(name, None)


class ForeachScope(dict[Any, Any]):
    """`$foreach`: the state of a loop, and a map that a template may put its own values into.

    Attributes:
        index: the number of the current item, from 0.
        final: the number of the last item.
        parent: the scope of the loop around this one.
        replaced: what `$foreach` was before, if that was no scope.
        place: the template's name, and the line and column of the loop.
    """

    __slots__ = ("_buckets", "_inserted", "final", "index", "parent", "place", "replaced")
    java_name = "org.apache.velocity.runtime.directive.ForeachScope"

    def __init__(self, previous: Any, final: int, place: tuple[str, int, int]) -> None:
        super().__init__()
        self._buckets = 16
        self._inserted: list[Any] = []
        self.index = -1
        self.final = final
        self.place = place
        self.parent: ForeachScope | None = previous if isinstance(previous, ForeachScope) else None
        self.replaced = None if isinstance(previous, ForeachScope) else previous

    def __hash__(self) -> int:  # type: ignore[override]
        return id(self)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Puts a value, and a new key where a java.util.HashMap has it."""
        if key in self:
            super().__setitem__(key, value)
            return
        self._inserted = [*filter(self.__contains__, self._inserted), key]
        spend(len(self._inserted))
        if 4 * len(self._inserted) > 3 * self._buckets:
            self._buckets *= 2
        values = {**self, key: value}
        self.clear()
        super().update((known, values[known]) for known in sorted(self._inserted, key=self._bucket))

    def _bucket(self, key: Any) -> int:
        found = java_hash(_plain(key)) & 0xFFFFFFFF
        return (found ^ found >> 16) & (self._buckets - 1)

    def update(self, others: Any) -> None:  # type: ignore[override]
        for key, value in others.items():
            self[key] = value

    def get(self, key: Any, default: Any = None) -> Any:
        if key in self:
            return self[key]
        return default if self.parent is None else self.parent.get(key, default)

    def java_string(self) -> str:
        return "{" + ", ".join(f"{java_string(_plain(k))}={java_string(v)}" for k, v in self.items()) + "}"

    def depth(self) -> int:
        return 1 if self.parent is None else self.parent.depth() + 1

    def topmost(self) -> "ForeachScope":
        return self if self.parent is None else self.parent.topmost()

    def outermost_replaced(self) -> Any:
        if self.replaced is None and self.parent is not None:
            return self.parent.outermost_replaced()
        return self.replaced


def _plain(key: Any) -> Any:
    return key.value if isinstance(key, Key) else key


class ScopeInfo:
    """`$foreach.info`."""

    __slots__ = ("scope",)
    java_name = "org.apache.velocity.runtime.directive.Scope$Info"

    def __init__(self, scope: ForeachScope) -> None:
        self.scope = scope

    def java_string(self) -> str:
        name, line, column = self.scope.place
        depth = self.scope.depth()
        shown = f" depth:{depth}" if depth > 1 else ""
        quoted = f'"{name}"' if " " in name else name
        return f"#foreach[type:block{shown} template:{quoted} line:{line} column:{column}]"


SCOPE_GETTERS: dict[str, Callable[[ForeachScope], Any]] = {
    "index": lambda scope: scope.index,
    "count": lambda scope: scope.index + 1,
    "hasNext": lambda scope: scope.index < scope.final,
    "first": lambda scope: scope.index < 1,
    "last": lambda scope: scope.index >= scope.final,
    "parent": lambda scope: scope.parent,
    "topmost": ForeachScope.topmost,
    "replaced": ForeachScope.outermost_replaced,
    "info": ScopeInfo,
    "class": lambda _: JavaClass(ForeachScope.java_name),
}
SCOPE_METHODS = {f"get{name[0].upper()}{name[1:]}": [("", getter)] for name, getter in SCOPE_GETTERS.items()} | {
    "hasNext": [("", SCOPE_GETTERS["hasNext"])],
    "isFirst": [("", SCOPE_GETTERS["first"])],
    "isLast": [("", SCOPE_GETTERS["last"])],
}
INFO_GETTERS: dict[str, Callable[[ScopeInfo], Any]] = {
    "name": lambda _: "foreach",
    "type": lambda _: "block",
    "depth": lambda info: info.scope.depth(),
    "template": lambda info: info.scope.place[0],
    "line": lambda info: info.scope.place[1],
    "column": lambda info: info.scope.place[2],
}
INFO_METHODS = {f"get{name.capitalize()}": [("", getter)] for name, getter in INFO_GETTERS.items()}
