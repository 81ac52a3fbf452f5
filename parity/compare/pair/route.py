"""How a route is written: `POST /orders/{id}`, with words such as `stage=canary` after it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from parity.errors import UserError

FORM = "[METHOD] PATH [api=NAME] [stage=NAME] [stack=NAME] [program=FOLDER] [deployed]"
EXAMPLES = "such as 'POST /orders', '/v2/orders stage=canary' or 'GET https://….amazonaws.com/prod/orders'"
WORDS = ("api", "stage", "stack", "program")
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSpec:
    """A route as somebody named it; `text` is how they wrote it.

    `path` is that of a resource, such as `/orders/{id}`. `method` is None for that of each request. `url` is the origin
    and stage of a deployed API when the route was written as a URL. What is None or empty is the command's default.
    """

    text: str
    path: str
    method: str | None = None
    api: str = ""
    stage: str = ""
    stack: str = ""
    program: str = ""
    deployed: bool = False
    url: str = ""


def parse_route(text: str, where: str) -> RouteSpec:
    """Reads a route.

    Args:
        text: the route as written.
        where: what it was given as, such as `--left`.

    Raises:
        UserError: the text is not a route.
    """
    words = text.split()
    method = words.pop(0).upper() if words and re.fullmatch(r"[A-Za-z]+", words[0]) else None
    if method is not None and method not in METHODS:
        raise UserError(f"{where} {text!r}: {method} is not an HTTP method; write {FORM}, {EXAMPLES}", status=2)
    if not words:
        raise UserError(f"{where} {text!r}: the path is missing; write {FORM}, {EXAMPLES}", status=2)
    place, url = words.pop(0), ""
    if place.startswith(("http://", "https://")):
        url, place = _stage_and_path(place, where)
    if not place.startswith("/"):
        raise UserError(f"{where} {text!r}: the path begins with '/'; write {FORM}, {EXAMPLES}", status=2)
    settings: dict[str, str] = {}
    for word in words:
        name, _, value = word.partition("=")
        if word == "deployed":
            settings["deployed"] = "yes"
        elif name in WORDS and value:
            settings[name] = value
        else:
            raise UserError(f"{where} {text!r}: {word!r} is not understood; write {FORM}, {EXAMPLES}", status=2)
    deployed = bool(settings.pop("deployed", "")) or bool(url)
    path = place.rstrip("/") or "/"
    method = None if method == "ANY" else method
    return RouteSpec(text=" ".join(text.split()), path=path, method=method, deployed=deployed, url=url, **settings)


def _stage_and_path(url: str, where: str) -> tuple[str, str]:
    """The URL of a stage, and the path of a resource below it: the stage is the first segment of an invoke URL."""
    parts = urlsplit(url)
    stage, _, path = parts.path.lstrip("/").partition("/")
    if not parts.hostname or not stage:
        raise UserError(f"{where} {url}: the URL has no stage; it looks like https://….amazonaws.com/prod/orders", 2)
    return f"{parts.scheme}://{parts.netloc}/{stage}", f"/{path}"


def parameters_of(pattern: str) -> list[str]:
    """The names of a path's parameters, in order; a greedy one without its plus sign."""
    return [name.removesuffix("+") for name in re.findall(r"\{([^}]+)\}", pattern)]


def match(pattern: str, path: str) -> tuple[str, ...] | None:
    """The values of a pattern's parameters in a path, percent-encoded as they came; None where it does not match."""
    parts = re.split(r"(\{[^}]+\})", pattern)
    regex = "".join(
        ("(.+)" if part.endswith("+}") else "([^/]+)") if part.startswith("{") else re.escape(part) for part in parts
    )
    found = re.fullmatch(regex, path)
    return found.groups() if found else None


def fill(pattern: str, values: Sequence[str]) -> str:
    """The path of a pattern with its parameters' values, in order."""
    remaining = iter(values)
    return re.sub(r"\{[^}]+\}", lambda _: next(remaining), pattern)
