"""What a host offers to templates."""

from collections.abc import Callable, Mapping
from typing import ClassVar


class HostObject:
    """An object that a host offers to templates; nothing of it is reachable but what these declare.

    Attributes:
        java_methods: the methods by their Java names; each is called with the object and the arguments. A call with
            another number of arguments, or one that raises TypeError, counts as a call of no such method.
    """

    java_methods: ClassVar[Mapping[str, Callable[..., object]]] = {}

    def java_property(self, name: str) -> object:  # noqa: ARG002 - for subclasses to use
        """The value of `$object.name` and `$object["name"]`; None when there is none."""
        return None

    def java_string(self) -> str:
        """The object as text, as Java's `toString` would have it."""
        return type(self).__name__
