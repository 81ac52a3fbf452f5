"""The methods of java.lang.Class, and which methods of Java's classes are static.

A template reaches a class by `$value.class`. It may ask for the class's names and kinds, and call static methods, as
Velocity allows; a class is only a name here, so nothing of Python is behind it.
"""

from typing import Any

from parity.velocity.errors import JavaError
from parity.velocity.java.collections import array_class_name
from parity.velocity.java.methods.characters import STATIC_METHODS
from parity.velocity.java.methods.numbers import (
    BOOLEAN,
    BYTE_METHODS,
    DOUBLE_METHODS,
    FLOAT_METHODS,
    INTEGER_METHODS,
    LONG_METHODS,
    NUMBER,
    SHORT_METHODS,
)
from parity.velocity.java.methods.overloads import Methods, NotCallableError, Overloads
from parity.velocity.java.scalars import JavaClass, java_class_name

_OBJECT = "java.lang.Object"
_ABSTRACT_COLLECTION = "java.util.AbstractCollection"
_SUPERCLASSES = {
    "java.util.ArrayList": "java.util.AbstractList",
    "java.util.ArrayList$SubList": "java.util.AbstractList",
    "java.util.AbstractList": _ABSTRACT_COLLECTION,
    "java.util.LinkedHashMap": "java.util.HashMap",
    "java.util.HashMap": "java.util.AbstractMap",
    "java.util.LinkedHashMap$Entry": "java.util.HashMap$Node",
    "java.util.LinkedHashMap$LinkedKeySet": "java.util.AbstractSet",
    "java.util.LinkedHashMap$LinkedEntrySet": "java.util.AbstractSet",
    "java.util.AbstractSet": _ABSTRACT_COLLECTION,
    "java.util.LinkedHashMap$LinkedValues": _ABSTRACT_COLLECTION,
    **{f"java.lang.{name}": "java.lang.Number" for name in ("Byte", "Short", "Integer", "Long", "Float", "Double")},
    **{f"java.math.{name}": "java.lang.Number" for name in ("BigInteger", "BigDecimal")},
}


def superclass(of: JavaClass) -> JavaClass | None:
    """The class that a class extends; None for java.lang.Object."""
    return None if of.name == _OBJECT else JavaClass(_SUPERCLASSES.get(of.name, _OBJECT))


def _extends(name: str, ancestor: str) -> bool:
    current: JavaClass | None = JavaClass(name)
    while current is not None and current.name != ancestor:
        current = superclass(current)
    return current is not None


def _is_instance(of: JavaClass, value: Any) -> bool:
    return value is not None and _extends(java_class_name(value), of.name)


def _is_assignable_from(of: JavaClass, other: JavaClass | None) -> bool:
    if other is None:
        raise JavaError("NullPointerException")
    return _extends(other.name, of.name)


def _cast(of: JavaClass, value: Any) -> Any:
    if value is not None and not _is_instance(of, value):
        raise JavaError("ClassCastException", f"a {java_class_name(value)} is no {of.name}")
    return value


_PRIMITIVES = {"C": "char", "B": "byte", "I": "int"}


def _component(of: JavaClass) -> str | None:
    """The class of an array's items; None when the class is not one of arrays."""
    if not of.name.startswith("["):
        return None
    return of.name[2:-1] if of.name[1] == "L" else _PRIMITIVES[of.name[1]]


def _simple_name(of: JavaClass) -> str:
    """A class's name without its package; empty for one without a name."""
    component = _component(of)
    if component is not None:
        return f"{component.rpartition('.')[2]}[]"
    name = of.name.rpartition(".")[2].rpartition("$")[2]
    return "" if name.isdigit() else name


def _type_name(of: JavaClass) -> str:
    component = _component(of)
    return of.name if component is None else f"{component}[]"


def _canonical_name(of: JavaClass) -> str | None:
    return _type_name(of).replace("$", ".") if _simple_name(of) else None


def _package_name(of: JavaClass) -> str:
    return (_component(of) or of.name).rpartition(".")[0] or "java.lang"


def _component_type(of: JavaClass) -> JavaClass | None:
    component = _component(of)
    return None if component is None else JavaClass(component)


_NEVER = (
    "isInterface",
    "isPrimitive",
    "isEnum",
    "isAnnotation",
    "isSynthetic",
    "isLocalClass",
    "isRecord",
    "isSealed",
    "isHidden",
)

CLASS: Methods = {
    "getName": [("", lambda of: of.name)],
    "getSimpleName": [("", _simple_name)],
    "getTypeName": [("", _type_name)],
    "getCanonicalName": [("", _canonical_name)],
    "getPackageName": [("", _package_name)],
    "getComponentType": [("", _component_type)],
    "componentType": [("", _component_type)],
    "arrayType": [("", lambda of: JavaClass(array_class_name(of.name)))],
    "getSuperclass": [("", superclass)],
    "isInstance": [("O", _is_instance)],
    "isAssignableFrom": [("J", _is_assignable_from)],
    "cast": [("O", _cast)],
    "isArray": [("", lambda of: of.name.startswith("["))],
    "isMemberClass": [("", lambda of: "$" in of.name and bool(_simple_name(of)))],
    "isAnonymousClass": [("", lambda of: not _simple_name(of))],
    "desiredAssertionStatus": [("", lambda _: False)],
    **{name: [("", lambda _: False)] for name in _NEVER},
}

_OF_INSTANCES = frozenset((*NUMBER, "compareTo"))
_STATIC = {
    "java.lang.String": frozenset(("valueOf", "copyValueOf", "join", "format", "compare")),
    "java.lang.Boolean": frozenset(BOOLEAN) - {"booleanValue", "compareTo"},
    "java.lang.Character": STATIC_METHODS,
    "java.math.BigInteger": frozenset(("valueOf",)),
    "java.math.BigDecimal": frozenset(("valueOf",)),
    "java.lang.Byte": frozenset(BYTE_METHODS) - _OF_INSTANCES,
    "java.lang.Short": frozenset(SHORT_METHODS) - _OF_INSTANCES,
    "java.lang.Integer": frozenset(INTEGER_METHODS) - _OF_INSTANCES,
    "java.lang.Long": frozenset(LONG_METHODS) - _OF_INSTANCES,
    "java.lang.Float": frozenset(FLOAT_METHODS) - _OF_INSTANCES,
    "java.lang.Double": frozenset(DOUBLE_METHODS) - _OF_INSTANCES,
}


def of_class(name: str, method: str, overloads: Overloads) -> Overloads:
    """The methods of one name as they can be called on their class: the static ones work, the others fail.

    Args:
        name: the class's name.
        method: the methods' name.
        overloads: what an instance has under the name.
    """
    works = method in _STATIC.get(name, ())
    return [(given, function if works and given else _needs_an_instance) for given, function in overloads]


def _needs_an_instance(*_: Any) -> Any:
    raise NotCallableError("object is not an instance of declaring class")
