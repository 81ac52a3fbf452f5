"""Errors at the line of the program that reads what nothing answers: a look-up, another stack's output, a component.

They are monkey patches of the Pulumi SDK, since it knows neither who called nor what is read: of `pulumi.get`, by which
every generated class reads its properties, of `pulumi.runtime.invoke` and its kin, and of `StackReference`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pulumi
import pulumi.runtime

from parity.local.program.older_python import dataclass
from parity.local.resources.answers import function_snippet, python_name, snake, where_to_write

_INVOKES = ("invoke", "invoke_single", "invoke_async", "invoke_output", "invoke_output_single")
_line_of_call: ContextVar[str] = ContextVar("line_of_call", default="")


class UnansweredError(pulumi.RunError):
    """The program reads something that is not known locally; the text says what to write in the file of answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a function that was answered with its own arguments alone. `line` is `file:line`, perhaps empty."""

    token: str
    arguments: Mapping[str, Any]
    line: str

    @property
    def shown(self) -> str:
        """The call as the program wrote it, with its line."""
        given = {snake(name): value for name, value in sorted(self.arguments.items()) if value is not None}
        arguments = ", ".join(f"{name}={value!r}" for name, value in given.items())
        return f"{python_name(self.token)}({arguments}){f' ({self.line})' if self.line else ''}"


class Unanswered:
    """What the program asked for and nothing answered.

    Args:
        root: the project's folder.
        answers: the file of answers, by section, for messages.
        built_components: the types of the components that are built locally.
    """

    def __init__(self, root: str, answers: Mapping[str, Any], built_components: frozenset[str] = frozenset()) -> None:
        self._root = Path(root)
        self._answers = answers
        self._built_components = built_components
        self._calls: dict[str, list[Call]] = {}

    def install(self) -> None:
        """Patches the SDK."""
        original = pulumi.get
        sdk: Any = pulumi
        sdk.get = lambda holder, name: self._read(holder, name, original(holder, name))
        for name in _INVOKES:
            function = getattr(pulumi.runtime, name, None)
            if function is not None:
                setattr(pulumi.runtime, name, self._with_line(function))
        self._patch_stack_reference()

    def add(self, token: str, arguments: Mapping[str, Any]) -> Call:
        """Notes a call that is answered with its arguments; `token` is the function's."""
        call = Call(token=token, arguments=arguments, line=_line_of_call.get())
        name = token.rpartition(":")[2]
        self._calls.setdefault(f"{name[:1].upper()}{name[1:]}Result", []).append(call)
        return call

    def line(self) -> str:
        """The line of the program that is being run, as `file:line` from the project's folder on."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            path = Path(frame.f_code.co_filename)
            if "site-packages" not in path.parts and path.is_absolute() and self._root in path.parents:
                return f"{path.relative_to(self._root)}:{frame.f_lineno}"
            frame = frame.f_back
        return ""

    def _with_line(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def invoke(*args: Any, **kwargs: Any) -> Any:
            token = _line_of_call.set(self.line())  # a task that the SDK makes for the call has a copy of it
            try:
                return function(*args, **kwargs)
            finally:
                _line_of_call.reset(token)

        return invoke

    def _read(self, holder: Any, name: str, value: Any) -> Any:
        """The value of a property; an error when it is one that nothing answered."""
        if value is None:
            call = self._call_of(holder)
            if call is not None and sys._getframe(2).f_locals.get("self") is holder:  # not the SDK's own reading
                self._fail_call(call, name, _placeholder(type(holder), name))
        elif isinstance(holder, pulumi.ComponentResource) and self._is_unknown(holder):
            return self._checked(holder, name, value)
        return value

    def _is_unknown(self, component: pulumi.ComponentResource) -> bool:
        """Whether a provider plugin would build the component, and nothing does locally."""
        return bool(getattr(component, "_remote", False)) and component._type not in self._built_components

    def _call_of(self, holder: Any) -> Call | None:
        """The unanswered call whose result an object is: one of its function, with its arguments."""
        calls = self._calls.get(type(holder).__name__.removeprefix("Awaitable"), [])
        return next((call for call in calls if _has(holder, call.arguments)), None)

    def _fail_call(self, call: Call, name: str, placeholder: str) -> None:
        read_at = self.line()
        where = f" ({read_at})" if read_at and read_at != call.line else ""
        others = [other.shown for calls in self._calls.values() for other in calls if other is not call]
        more = f"\nNot answered either: {', '.join(others)}" if others else ""
        snippet = function_snippet(call.token, call.arguments, name, placeholder)
        raise UnansweredError(
            f"{call.shown} has no answer locally, and the program reads {name} of it{where}. "
            f"{where_to_write(self._answers, snippet)}{more}"
        )

    def _checked(self, component: Any, name: str, value: Any) -> Any:
        line = self.line()

        def checked(known: Any) -> Any:
            if known is None:
                where = f"{line}: " if line else ""
                raise UnansweredError(
                    f"{where}{name} of the component {component._name!r} ({component._type}) is not known: the "
                    "provider plugin that builds it does not run locally. Build it from resources, or read the "
                    "value from configuration"
                )
            return known

        return value.apply(checked)

    def _patch_stack_reference(self) -> None:
        original = pulumi.StackReference.get_output
        original_details: Any = getattr(pulumi.StackReference, "get_output_details", None)
        answers = self

        def get_output(reference: Any, name: Any) -> Any:
            line = answers.line()
            known = pulumi.Output.all(reference.name, reference.outputs, name, original(reference, name))
            return known.apply(lambda values: answers._output(values[0], values[1], values[2], values[3], line))

        async def get_output_details(reference: Any, name: str, line: str) -> Any:
            stack, outputs = await reference.name.future(), await reference.outputs.future()
            answers._output(stack, outputs, name, None, line)
            return await original_details(reference, name)

        patched: Any = pulumi.StackReference
        patched.get_output = patched.require_output = get_output
        patched.get_output_details = lambda reference, name: get_output_details(reference, name, answers.line())

    def _output(self, stack: str, outputs: Any, name: str, value: Any, line: str) -> Any:
        if name not in (outputs or {}):
            where = f"{line}: " if line else ""
            raise UnansweredError(
                f"{where}the output {name!r} of the stack {stack} is not known: there is no Pulumi backend locally. "
                + where_to_write(self._answers, f"stacks:\n  {stack}:\n    {name}: VALUE\n")
            )
        return value


def _has(holder: Any, arguments: Mapping[str, Any]) -> bool:
    """Whether the result of a function has these arguments among its properties."""
    properties = vars(holder) if not isinstance(holder, dict) else dict(holder)
    names = {name.replace("_", "").lower(): value for name, value in properties.items()}
    given = {name.lower(): value for name, value in arguments.items() if value is not None}
    return all(names[name] == value for name, value in given.items() if names.get(name) is not None)


def _placeholder(cls: type, name: str) -> str:
    """What a snippet has in the place of a property's value: YAML of the property's type."""
    member = getattr(cls, name, None)
    annotation = str(getattr(getattr(member, "fget", None), "__annotations__", {}).get("return"))
    for part, text in (("Sequence", "[VALUE]"), ("Mapping", "{KEY: VALUE}"), ("int", "1"), ("bool", "true")):
        if part in annotation:
            return text
    return "VALUE"
