"""The methods of java.lang.Class, and which methods of Java's classes are static.

A template reaches a class by `$value.class`. It may ask for the class's names and kinds, and call static methods, as
Velocity allows; a class is only a name here, so nothing of Python is behind it.
"""

from typing import Any

from parity.velocity.errors import JavaError
from parity.velocity.java.methods.overloads import Methods, Overloads
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


def _simple_name(of: JavaClass) -> str:
    return of.name.rpartition(".")[2].rpartition("$")[2]


_NEVER = ("isInterface", "isPrimitive", "isEnum", "isAnnotation", "isSynthetic", "isAnonymousClass", "isLocalClass")

CLASS: Methods = {
    "getName": [("", lambda of: of.name)],
    "getSimpleName": [("", _simple_name)],
    "getTypeName": [("", lambda of: of.name)],
    "getCanonicalName": [("", lambda of: of.name.replace("$", "."))],
    "getPackageName": [("", lambda of: of.name.rpartition(".")[0])],
    "getSuperclass": [("", superclass)],
    "isInstance": [("O", _is_instance)],
    "isAssignableFrom": [("J", _is_assignable_from)],
    "cast": [("O", _cast)],
    "isArray": [("", lambda of: of.name.startswith("["))],
    "isMemberClass": [("", lambda of: "$" in of.name)],
    "desiredAssertionStatus": [("", lambda _: False)],
    **{name: [("", lambda _: False)] for name in _NEVER},
}

_OF_NUMBERS = frozenset(
    (
        "bitCount",
        "compare",
        "isFinite",
        "isInfinite",
        "isNaN",
        "max",
        "min",
        "parseDouble",
        "parseFloat",
        "parseByte",
        "parseInt",
        "parseLong",
        "parseShort",
        "signum",
        "sum",
        "toBinaryString",
        "toHexString",
        "toOctalString",
        "toString",
        "valueOf",
    )
)
_OF_CHARACTERS = frozenset(
    (
        "getNumericValue",
        "isDigit",
        "isLetter",
        "isLetterOrDigit",
        "isLowerCase",
        "isUpperCase",
        "isWhitespace",
        "toLowerCase",
        "toUpperCase",
        "valueOf",
    )
)
_OF_BOOLEANS = frozenset(("compare", "logicalAnd", "logicalOr", "logicalXor", "parseBoolean", "toString", "valueOf"))
_STATIC = {
    "java.lang.String": frozenset(("valueOf", "copyValueOf", "join", "format")),
    "java.lang.Boolean": _OF_BOOLEANS,
    "java.lang.Character": _OF_CHARACTERS,
    "java.math.BigInteger": frozenset(("valueOf",)),
    "java.math.BigDecimal": frozenset(("valueOf",)),
    **{f"java.lang.{name}": _OF_NUMBERS for name in ("Byte", "Short", "Integer", "Long", "Float", "Double")},
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
    raise JavaError("IllegalArgumentException", "object is not an instance of declaring class")
