"""HTML elements whose text is escaped unless it already is an element, so that no value can break the page."""

from collections.abc import Iterable
from html import escape

EMPTY_ELEMENTS = frozenset({"input", "br", "hr"})
"""The elements used here that have no end tag in HTML."""


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | Iterable["Child"] | None


def element(name: str, /, *children: Child, **attributes: str | int | float | bool | None) -> Html:
    """One element.

    Args:
        name: the element's name.
        children: texts (escaped), elements, lists of both, or None for nothing.
        attributes: by name; `class_` and `for_` stand for `class` and `for`, other underscores for hyphens. True is
            an attribute without a value; False and None leave it out.
    """
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in EMPTY_ELEMENTS:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{joined(children)}</{name}>")


def joined(children: Child) -> Html:
    """Children one after the other."""
    if children is None:
        return Html("")
    if isinstance(children, Html):
        return children
    if isinstance(children, str):
        return Html(escape(children))
    return Html("".join(joined(child) for child in children))


def block(text: str) -> Html:
    """Text as it stands, in a box that scrolls and that the keyboard reaches."""
    return element("pre", text, class_="block", tabindex="0")
