"""What a compiled template calls while it renders."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from parity.velocity.blocks import BlockReference, Call, Macro, Stop
from parity.velocity.budget import CHARACTERS_A_STEP, FREE_SIZE, current_budget
from parity.velocity.contexts import (
    INFO_METHODS,
    SCOPE_GETTERS,
    SCOPE_METHODS,
    Context,
    ForeachScope,
    MacroContext,
    Output,
    Renderer,
    Rendering,
    ScopeInfo,
)
from parity.velocity.errors import JavaError, LimitError, VelocityError
from parity.velocity.iteration import Watched, iterated
from parity.velocity.java import introspection
from parity.velocity.java.arithmetic import bounds, equal, integer_value, plus
from parity.velocity.java.collections import KeySet, SubList, View
from parity.velocity.java.comparison import Key, key_of
from parity.velocity.java.host_object import HostObject
from parity.velocity.java.methods.overloads import NotCallableError
from parity.velocity.java.scalars import java_class_name
from parity.velocity.java.text import java_string
from parity.velocity.limits import Limits

_BODY_DEPTH = 20
_STEPS_OF_A_CALL = 20
_BYTES_AN_INTEGER = 40
_BYTES_AN_ITEM = 8

_OF_A_MAP = {name: overloads for name, overloads in introspection.TABLES[dict].items() if name != "clone"}
introspection.register(ForeachScope, ForeachScope.java_name, {**_OF_A_MAP, **SCOPE_METHODS})
introspection.register(
    BlockReference,
    BlockReference.java_name,
    {**introspection.OBJECT, "toString": [("", BlockReference.java_string)]},
)
introspection.register(ScopeInfo, ScopeInfo.java_name, {**introspection.OBJECT, **INFO_METHODS})


class Runtime(Rendering):
    """One rendering of a template.

    Attributes:
        limits: how deep and how long things may be.
        macros: the macros that can be called; those that an `#evaluate` declares are added.
        compile_text: compiles a text that the template evaluates.
    """

    limits: Limits
    macros: Mapping[str, Macro]
    compile_text: Callable[[str], Renderer]
    macro_depth: int = 0
    evaluate_depth: int = 0

    def text(self, parts: Sequence[str], padded: bool) -> str:
        """An interpolated string put together, without the space that was put after it."""
        text = self.joined(parts)
        return text[:-1] if padded else text

    # references

    def call(self, of: Any, name: str, *arguments: Any) -> Any:
        """`$of.name(arguments)`."""
        if of is None:
            return None
        if isinstance(of, HostObject):
            _HOST_METHODS[of.__class__] = of.java_methods
        if of.__class__ is str and len(of) > FREE_SIZE:
            self.budget.consume(len(of) // CHARACTERS_A_STEP)
        elif isinstance(of, (list, View, SubList, dict)) and name not in _QUICK:
            count = of.length if isinstance(of, SubList) else len(of)
            if count > FREE_SIZE:
                self.budget.consume(count // 10)
        size = len(of) if of.__class__ is list else 0
        started = time.perf_counter()
        try:
            result = introspection.call(of, name, *arguments)
        except LimitError:
            raise
        except JavaError as error:
            raise _invocation_failed(name, of, error) from error
        except RecursionError as error:
            raise _invocation_failed(name, of, JavaError("StackOverflowError")) from error
        self.budget.consume_time(started)
        if result.__class__ is str:
            self.budget.consume_text(result)
        elif size and len(of) > size + 1:
            self.budget.consume_memory(_BYTES_AN_ITEM * (len(of) - size))
        return result

    def show(self, value: Any, context: Context, out: Output, null_text: str) -> str:
        """The text of a reference that is no string."""
        if value is None:
            return self.null(context, null_text)
        if value.__class__ is BlockReference:
            if value.render_into(context, out):
                return ""
            text = value.java_string()
            return self.null(context, null_text) if text is None else text
        return self.text_of(value, null_text)

    def null(self, context: Context, null_text: str) -> str:
        """The text of a reference that has no value: its source, or that of the macro's argument it stands for."""
        literal = context.get(f".literal.{null_text}")
        return literal if literal.__class__ is str else null_text

    def show_prefixed(
        self, value: Any, context: Context, out: Output, null_text: str, prefixes: tuple[str, str]
    ) -> str:
        """The text of a reference with backslashes or other signs before it."""
        escapes, more = prefixes
        block = value.__class__ is BlockReference
        if block and value.render_into(context, out):
            return ""
        text = None if value is None else value.java_string() if block else java_string(value)
        if text is None:
            return f"{escapes}{escapes}{more}{self.null(context, null_text)}"
        return f"{escapes}{more}{text}"

    def show_escaped(self, value: Any, context: Context, null_text: str, escapes: str) -> str:
        """The text of an escaped reference: its source, with the backslash when it has no value."""
        return f"{escapes}{'' if value is not None else chr(92)}{self.null(context, null_text)}"

    # directives

    def iterate(self, value: Any, weight: int) -> tuple[Sequence[Any], Any] | None:
        """What a `#foreach` goes through, and the collection that must keep its size meanwhile."""
        found = iterated(value, self.limits.foreach_iterations)
        if found is not None:
            count = len(found[0])
            bound = self.limits.foreach_iterations
            self.budget.consume((count if bound is None or count < bound else bound) * weight)
        return found

    def items(self, value: Any) -> Sequence[Any] | None:
        """What a `#foreach` goes through whose collection nothing changes meanwhile; not yet paid for."""
        if value.__class__ is KeySet:
            return [key.value if key.__class__ is Key else key for key in value.map]
        found = iterated(value, self.limits.foreach_iterations)
        return None if found is None else found[0]

    def bounded(self, items: Sequence[Any], weight: int) -> Sequence[Any]:
        """As many items as a `#foreach` may go through, and can be paid for."""
        bound = self.limits.foreach_iterations
        if bound is not None and len(items) > bound:
            items = items[:bound]
        if len(items) * weight > self.budget.steps_left:
            raise self.budget.out_of_time()
        self.budget.consume(0)
        return items

    def text_of(self, value: Any, null_text: str) -> str:
        """The text of a reference that is no string, where no variable holds a block and no macro is called."""
        if value is None:
            return null_text
        started = time.perf_counter()
        text = java_string(value)
        self.budget.consume_time(started)
        return text

    def plus(self, left: Any, right: Any, left_source: str, right_source: str) -> Any:
        """`left + right`."""
        if left.__class__ is BlockReference and isinstance(right, str):
            left = _block_text(left)
        elif right.__class__ is BlockReference and isinstance(left, str):
            right = _block_text(right)
        result = plus(left, right, left_source, right_source)
        if result.__class__ is str:
            self.budget.consume_text(result)
        return result

    def equal(self, left: Any, right: Any) -> bool:
        """`left == right`."""
        if left.__class__ is str or right.__class__ is str or left.__class__ is int:
            return equal(left, right)
        started = time.perf_counter()
        result = equal(left, right)
        self.budget.consume_time(started)
        return result

    def equal_with_blocks(self, left: Any, right: Any) -> bool:
        """`left == right` where one may be a block, which is compared as text unless both are."""
        if (left.__class__ is BlockReference) is (right.__class__ is BlockReference):
            return self.equal(left, right)
        block, other = (left, right) if left.__class__ is BlockReference else (right, left)
        text: str | None = block.java_string()
        return text == (None if other is None else java_string(other))

    def changed(self, source: Any, before: int, index: int) -> None:
        """Settles what becomes of a loop whose collection changed its size; returns when the loop just ends.

        Raises:
            JavaError: Java's iterator would notice.
        """
        if isinstance(source, Watched):
            finished = index + 1 == source.end()
        else:
            finished = index + 1 == (len(source) if isinstance(source, list) else before)
        if not finished:
            raise JavaError(
                "ConcurrentModificationException", "the collection of the #foreach was changed in its block"
            )

    def end_foreach(self, context: Context, saved: Sequence[tuple[str, Any]], scoped: bool) -> None:
        """Puts back what the variables of a loop were before it."""
        for name, value in saved:
            if value is not None:
                context[name] = value
            else:
                context.pop(name, None)
        if not scoped:
            return
        scope = context.get("foreach")
        if scope is None:
            raise JavaError("NullPointerException", "a loop took away the $foreach of the one around it, or its own")
        if isinstance(scope, ForeachScope):
            previous = scope.outermost_replaced() if scope.parent is None else scope.parent
            if previous is not None:
                context["foreach"] = previous
            else:
                context.pop("foreach", None)

    def range_list(self, left: Any, right: Any) -> list[int] | None:
        """`[left..right]` as a list."""
        found = self.loop_range(left, right)
        if found is None:
            return None
        self.budget.consume_memory(_BYTES_AN_INTEGER * len(found))
        return list(found)

    def loop_range(self, left: Any, right: Any) -> "range | None":
        """`[left..right]` for a loop to go through."""
        ends = bounds(left, right)
        if ends is None:
            return None
        first, last = ends
        size = integer_value(abs(integer_value(first - last)) + 1)  # which Java computes with ints
        if size < 0:
            raise JavaError("IllegalArgumentException", f"Illegal Capacity: {size}")
        if size > self.limits.range_size:
            raise LimitError(f"a range has more than {self.limits.range_size:,} items")
        self.budget.consume(size // 10)
        step = -1 if first >= last else 1
        return range(first, first + step * size, step)

    def call_macro(self, context: Context, out: Output, call: Call) -> None:
        """A use of a macro, or its source when there is no such macro."""
        macro = self.macros.get(call.name)
        if macro is None:
            out(call.literal)
            return
        if call.wrong_argument is not None:
            raise JavaError("TemplateInitException", f"invalid argument {call.wrong_argument!r} of #{call.name}")
        inner = MacroContext(context, self)
        for name, argument in zip(macro.parameters, call.arguments, strict=False):
            if argument.constant:
                inner.local[name] = argument.evaluate(context, self)
            else:
                inner.proxies[name] = argument.evaluate
                inner.local[f".literal.${name}"] = argument.literal
        if call.body is not None:
            inner.local["bodyContent"] = BlockReference(context, call.body, _BODY_DEPTH, self)
        if self.macro_depth == self.limits.macro_depth:
            self.macro_depth = 0
            raise JavaError(
                "MacroOverflowException", f"macros call each other more than {self.limits.macro_depth} deep"
            )
        self.budget.consume(_STEPS_OF_A_CALL)
        # as in Velocity, a macro that #break leaves does not count down again
        self.macro_depth += 1
        try:
            macro.render(inner, out, self)
        except Stop as stop:
            if not stop.nearest:
                raise
        else:
            self.macro_depth -= 1

    def include(self, out: Output, arguments: Sequence[Any], kinds: Sequence[bool]) -> None:
        """`#include(…)`: there is nothing to include."""
        for number, (argument, allowed) in enumerate(zip(arguments, kinds, strict=True)):
            if not allowed:
                raise JavaError("VelocityException", "#include takes strings and references")
            if argument is not None:
                raise JavaError("ResourceNotFoundException", f"there is no resource {java_string(argument)!r}")
            out(f"<!-- include error : error with arg {number} please see log. see error log -->")

    def parse(self, _: Output, arguments: Sequence[Any], __: Sequence[bool]) -> None:
        """`#parse(…)`: there is nothing to parse."""
        if not arguments:
            raise JavaError("VelocityException", "#parse needs an argument")
        if arguments[0] is not None:
            raise JavaError("ResourceNotFoundException", f"there is no template {java_string(arguments[0])!r}")

    def evaluate(self, context: Context, out: Output, source: Any) -> None:
        """`#evaluate(source)`."""
        if source.__class__ is BlockReference:
            source = _block_text(source)
        text = "" if source is None else java_string(source)
        if self.evaluate_depth >= self.limits.evaluate_depth:
            raise JavaError("StackOverflowError", f"#evaluate nests more than {self.limits.evaluate_depth} deep")
        self.budget.consume(100 + len(text))
        started = time.perf_counter()
        render = self.compile_text(text)
        self.budget.consume_time(started)
        self.evaluate_depth += 1
        try:
            render(context, out, self)
        except Stop as stop:
            if stop.target is not None:
                raise
        finally:
            self.evaluate_depth -= 1


_QUICK = frozenset(("size", "get", "isEmpty", "containsKey", "keySet", "entrySet", "values", "put", "add", "set"))


def _invocation_failed(name: str, of: Any, error: JavaError) -> JavaError:
    text = f"{name}() of a {java_class_name(of)} threw {error}"
    return JavaError("MethodInvocationException", text)


def _block_text(block: BlockReference) -> str:
    text = block.java_string()
    if text is None:
        raise JavaError("NullPointerException", "a block that is inside itself too often has no text")
    return text


_HOST_METHODS: dict[type, Mapping[str, Callable[..., Any]]] = {}


def call0(runtime: Runtime, of: Any, name: str) -> Any:
    """`$of.name()`, quick for maps and host objects."""
    if of.__class__ is dict and name == "keySet":
        return KeySet(of)
    methods = _HOST_METHODS.get(of.__class__)
    if methods is not None and (method := methods.get(name)) is not None:
        try:
            return method(of)
        except TypeError:
            return None
    return runtime.call(of, name)


def call1(runtime: Runtime, of: Any, name: str, argument: Any) -> Any:
    """`$of.name(argument)`, quick for host objects."""
    methods = _HOST_METHODS.get(of.__class__)
    if methods is not None and (method := methods.get(name)) is not None:
        try:
            return method(of, argument)
        except TypeError:
            return None
    return runtime.call(of, name, argument)


_HOST_CALLERS: dict[tuple[type, str], Callable[[Runtime, Any, Any], Any]] = {}


def host_method(of: Any, name: str) -> Callable[[Runtime, Any, Any], Any]:
    """What calls the method `name` of an object with one argument; looked up once for all calls of a rendering."""
    known = _HOST_CALLERS.get((of.__class__, name))
    if known is None:
        known = _caller(of, name)
        if isinstance(of, HostObject):
            _HOST_CALLERS[of.__class__, name] = known
    return known


def _caller(of: Any, name: str) -> Callable[[Runtime, Any, Any], Any]:
    method = of.java_methods.get(name) if isinstance(of, HostObject) else None
    if method is None:
        return lambda runtime, value, argument: call1(runtime, value, name, argument)

    def call_host(_: Runtime, value: Any, argument: Any) -> Any:
        try:
            return method(value, argument)
        except TypeError:
            return None

    return call_host


def get_property(of: Any, name: str) -> Any:
    """`$of.name`."""
    if of is None:
        return None
    if of.__class__ is dict and name != "class":
        return of.get(name)
    if of.__class__ is ForeachScope:
        getter = SCOPE_GETTERS.get(name) or SCOPE_GETTERS.get(name[0].lower() + name[1:])
        return of.get(name) if getter is None else getter(of)
    started = time.perf_counter()
    try:
        value = introspection.get_property(of, name)
        current_budget().consume_time(started)
        return value
    except LimitError:
        raise
    except JavaError as error:
        raise _invocation_failed(name, of, error) from error


def get_index(of: Any, index: Any) -> Any:
    """`$of[index]`."""
    if of is None:
        return None
    if of.__class__ is dict and index.__class__ is str:
        return of.get(index)
    started = time.perf_counter()
    try:
        value = introspection.get_index(of, index)
        current_budget().consume_time(started)
        return value
    except LimitError:
        raise
    except JavaError as error:
        if error.java_class == "IllegalArgumentException":
            raise
        raise JavaError("VelocityException", error.message or error.java_class) from error


def set_index(of: Any, index: Any, value: Any) -> None:
    """`#set($of[index] = value)`."""
    started = time.perf_counter()
    try:
        introspection.set_index(of, index, value)
        current_budget().consume_time(started)
    except LimitError:
        raise
    except JavaError as error:
        if error.java_class == "VelocityException" or isinstance(error, NotCallableError):
            raise
        raise _invocation_failed("set", of, error) from error


def truth(value: Any) -> bool:
    """Whether `#if` takes a value for true: all but null and false."""
    if value is None or value is False:
        return False
    if value.__class__ is not BlockReference:
        return True
    try:
        return value.java_string() is not None
    except LimitError:
        raise
    except (JavaError, VelocityError) as error:
        raise JavaError("VelocityException", f"the block of the condition failed: {error}") from error


def new_map(*pairs: Any) -> dict[Any, Any]:
    """`{key: value, …}`."""
    return {key_of(pairs[at]): pairs[at + 1] for at in range(0, len(pairs), 2)}


def break_scope(value: Any, source: str) -> None:
    """`#break(value)`."""
    if isinstance(value, ForeachScope):
        raise Stop(value)
    raise JavaError("VelocityException", f"{source} is not a scope that #break can end")
