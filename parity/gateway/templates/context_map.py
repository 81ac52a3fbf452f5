"""`$context` as a mapping template sees it."""

from typing import Any, Final


class ContextMap(dict[str, Any]):
    """`$context`, or an object in it. It has keys and values, and prints as nothing (recorded on AWS)."""

    def java_string(self) -> str:
        """The empty string."""
        return ""


class OverrideMap(ContextMap):
    """`$context.requestOverride`, `$context.responseOverride`, or an object in one: it counts what templates set.

    Overrides are final: one that is applied twice to a parameter is a 5XX.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
    """

    # Every request has six of these, and few set anything: what is counted is made when it is needed.
    _set: set[Any] | None = None
    repeated: tuple[Any, ...] = ()

    def __setitem__(self, name: Any, value: Any) -> None:
        if self._set is None:
            self._set = {name}
        elif name in self._set:
            self.repeated = (*self.repeated, name)
        else:
            self._set.add(name)
        super().__setitem__(name, value)

    def remember(self, other: "OverrideMap") -> None:
        """Counts as set what was set in another one."""
        self._set, self.repeated = set(other._set or ()), other.repeated


_OVERRIDES: Final = ("requestOverride", "responseOverride")


def repeated_override(context: dict[str, Any]) -> str | None:
    """The first override that was applied twice, such as `requestOverride.header.X-A`; None if there is none."""
    for name in _OVERRIDES:
        override = context.get(name)
        if not isinstance(override, OverrideMap):
            continue
        if "status" in override.repeated:
            return f"{name}.status"
        for place, fields in override.items():
            if isinstance(fields, OverrideMap) and fields.repeated:
                return f"{name}.{place}.{fields.repeated[0]}"
    return None


def snapshot(of: dict[str, Any]) -> dict[str, Any]:
    """A copy of `$context`, or of an object in it, and of all objects in that."""
    copy = of.__class__(of)
    for name, value in of.items():
        if isinstance(value, dict):
            dict.__setitem__(copy, name, snapshot(value))
    if isinstance(copy, OverrideMap) and isinstance(of, OverrideMap):
        copy.remember(of)
    return copy


def as_context_map(context: dict[str, Any]) -> dict[str, Any]:
    """`$context` with every object in it a ContextMap.

    What is not one yet is replaced in place, so that what a template sets is found in `context` afterwards.

    Args:
        context: `$context` as a plain dict; `identity`, `requestOverride` and the like are dicts in it.
    """
    for key, value in context.items():
        if type(value) is dict:
            kind = OverrideMap if key in _OVERRIDES or isinstance(context, OverrideMap) else ContextMap
            dict.__setitem__(context, key, as_context_map(kind(value)))
    return context
