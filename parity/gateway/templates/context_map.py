"""`$context` as a mapping template sees it."""

from typing import Any


class ContextMap(dict[str, Any]):
    """`$context`, or an object in it. It has keys and values, and prints as nothing (recorded on AWS)."""

    def java_string(self) -> str:
        """The empty string."""
        return ""


def as_context_map(context: dict[str, Any]) -> dict[str, Any]:
    """`$context` with every object in it a ContextMap.

    What is not one yet is replaced in place, so that what a template sets is found in `context` afterwards.

    Args:
        context: `$context` as a plain dict; `identity`, `requestOverride` and the like are dicts in it.
    """
    for key, value in context.items():
        if type(value) is dict:
            context[key] = as_context_map(ContextMap(value))
    return context
