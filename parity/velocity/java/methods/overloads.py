"""How a method is chosen by the Java types of its arguments.

A parameter is written as one letter: a small letter for a primitive (`i` int, `l` long, `d` double, `f` float,
`z` boolean, `c` char), a capital for a class (see `_ACCEPTS`). A `*` after the last makes it an array, which Velocity
lets a call give as such, or as any number of items.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from parity.velocity.errors import JavaError
from parity.velocity.java.arithmetic import BIG_INTEGER, INTEGER, LONG, rank
from parity.velocity.java.collections import Array, SubList, View
from parity.velocity.java.scalars import Byte, Character, Float, JavaClass, Short

Function = Callable[..., Any]
Overloads = Sequence[tuple[str, Function]]
Methods = Mapping[str, Overloads]


class NotCallableError(JavaError):
    """Java refuses a call before the method begins."""

    def __init__(self, message: str) -> None:
        super().__init__("IllegalArgumentException", message)


VOID = ""
"""What a method gives that returns nothing: Velocity renders it as the empty string."""


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and value.__class__ is not bool


def is_int(value: Any) -> bool:
    """Whether Java passes a value as an int."""
    return _is_whole(value) and rank(value) <= INTEGER


def is_long(value: Any) -> bool:
    """Whether Java passes a value as a long."""
    return _is_whole(value) and rank(value) <= LONG


def is_collection(value: Any) -> bool:
    """Whether a value is a java.util.Collection."""
    return isinstance(value, (list, tuple, View, SubList))


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


_ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "i": is_int,
    "l": is_long,
    "f": lambda value: is_long(value) or isinstance(value, Float),
    "d": lambda value: is_long(value) or isinstance(value, float),
    "z": lambda value: value.__class__ is bool,
    "c": lambda value: isinstance(value, Character),
    "b": lambda value: isinstance(value, Byte),
    "s": lambda value: isinstance(value, (Byte, Short)),
    "S": _is_string,
    "Q": _is_string,
    "O": lambda _: True,
    "C": is_collection,
    "T": is_collection,
    "M": lambda value: isinstance(value, dict),
    "I": lambda value: _is_whole(value) and rank(value) == INTEGER,
    "L": lambda value: _is_whole(value) and rank(value) == LONG,
    "B": lambda value: _is_whole(value) and rank(value) == BIG_INTEGER,
    "D": lambda value: value.__class__ is float,
    "F": lambda value: isinstance(value, Float),
    "K": lambda value: isinstance(value, Decimal),
    "Z": lambda value: value.__class__ is bool,
    "H": lambda value: isinstance(value, Character),
    "A": lambda value: isinstance(value, Array),
    "Y": lambda value: isinstance(value, Byte),
    "W": lambda value: isinstance(value, Short),
    "J": lambda value: isinstance(value, JavaClass),
    "V": lambda value: isinstance(value, Array) and value.component == "char",
    "X": lambda _: False,
}


def accepts(parameter: str, value: Any) -> bool:
    """Whether Java can pass a value for a parameter; null fits every class and no primitive."""
    return parameter.isupper() if value is None else _ACCEPTS[parameter](value)


def choose(overloads: Overloads, arguments: Sequence[Any]) -> tuple[Function, Sequence[Any]] | None:
    """The first overload that takes the arguments, and the arguments as it takes them; None when none does.

    Args:
        overloads: the overloads of one name, the more specific ones first.
        arguments: what it is called with.
    """
    count = len(arguments)
    for parameters, function in overloads:
        if parameters[-1:] == "*":
            given = _with_array(parameters, arguments)
            if given is not None:
                return function, given
        elif len(parameters) == count and all(map(accepts, parameters, arguments)):
            return function, arguments
    if count and any(not parameters for parameters, _ in overloads):
        # Velocity takes a method without parameters to fit any arguments, and Java then refuses the call
        raise NotCallableError("wrong number of arguments")
    return None


_COMPONENTS = {"O": "java.lang.Object", "Q": "java.lang.CharSequence", "c": "char"}


def _with_array(parameters: str, arguments: Sequence[Any]) -> Sequence[Any] | None:
    """The arguments of a method whose last parameter is an array; None if they do not fit.

    Args:
        parameters: those of the method.
        arguments: what it is called with.
    """
    item, fixed = parameters[-2], len(parameters) - 2
    if len(arguments) < fixed or not all(map(accepts, parameters[:fixed], arguments)):
        return None
    rest = arguments[fixed:]
    if len(rest) == 1 and rest[0] is None:
        return arguments
    if len(rest) == 1 and isinstance(rest[0], Array):
        component = rest[0].component
        fits = component == "char" if item == "c" else component == "java.lang.String" or component == _COMPONENTS[item]
        return arguments if fits else None
    if not all(accepts(item, argument) for argument in rest):
        return None
    return [*arguments[:fixed], Array(_COMPONENTS[item], list(rest))]
