"""Named pairs in a file, `parity.yaml` beside Pulumi.yaml unless another is named.

pairs:
  orders:
    left: POST /orders
    right: POST /v2/orders stage=canary
    ignore: [header ETag, 'body.items[*].id']
    cases: orders.yaml       # beside this file; optional
    once: true               # send each request once; optional
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from parity.compare.pair.route import RouteSpec, parse_route
from parity.compare.settings import COMPARE, OptionNames
from parity.errors import UserError

FILE_NAME = "parity.yaml"
KEYS: dict[str, type] = {"left": str, "right": str, "ignore": list, "cases": str, "once": bool}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPair:
    """A pair of a file; `cases` is None where the file names none."""

    name: str
    left: str
    right: str
    ignore: tuple[str, ...] = ()
    cases: Path | None = None
    once: bool = False


def pairs_of(path: Path) -> dict[str, NamedPair]:
    """The pairs of a file by name.

    Raises:
        UserError: the file cannot be read, or is wrong; every problem is named.
    """
    from parity.local.program.project import read_yaml

    content = read_yaml(path).get("pairs")
    if not isinstance(content, dict) or not content:
        raise UserError(f"{path}: there is no mapping 'pairs'; write pairs: {{NAME: {{left: …, right: …}}}}")
    problems = [problem for name, given in content.items() for problem in _problems(f"{path}: {name}", given)]
    if problems:
        raise UserError("\n".join(problems))
    return {str(name): _pair(str(name), given, path.parent) for name, given in content.items()}


def find_pair(path: Path, name: str | None, options: OptionNames = COMPARE) -> NamedPair:
    """One pair of a file: the one of that name, or the only one.

    Args:
        path: the file.
        name: the name that was asked for.
        options: what an error calls the options that name a route.

    Raises:
        UserError: there is no such pair, or there are several and none was named.
    """
    pairs = pairs_of(path)
    if name is None and len(pairs) == 1:
        return next(iter(pairs.values()))
    if name in pairs:
        return pairs[name]
    listed = ", ".join(pairs)
    if name is None:
        raise UserError(f"{path} has several pairs; choose one with {options.pair}: {listed}", status=2)
    close = get_close_matches(name, pairs, n=1)
    meant = f"; did you mean {close[0]}?" if close else ";"
    raise UserError(f"{options.pair} {name}: {path} has no such pair{meant} there are: {listed}", status=2)


def declared_pair(path: Path, left: str, right: str, options: OptionNames = COMPARE) -> NamedPair | None:
    """The pair of a file that has these two routes, however they are spelled: its requests and rules are meant, too.

    A route without a method is the same for the method of each request, and so the other route's method where that has
    one. Two routes that both have none are a pair's if the file has one such pair alone. A route without a
    method is returned as the file has it, for its requests may have no method of their own.

    Args:
        path: the file.
        left, right: the routes as they were given.
        options: what an error calls the options that name a route.

    Raises:
        UserError: a route has not its form, or the file is wrong.
    """
    given = parse_route(left, options.left), parse_route(right, options.right)
    wanted = _routes(*given)
    exact, of_any_method = [], []
    for pair in pairs_of(path).values():
        left_route = parse_route(pair.left, f"pair {pair.name}: left")
        found = _routes(left_route, parse_route(pair.right, f"pair {pair.name}: right"))
        if found == wanted:
            exact.append(pair)
        elif found[0].method == found[1].method and tuple(replace(each, method=None) for each in found) == wanted:
            of_any_method.append(pair)
    if not exact and len(of_any_method) != 1:
        return None
    pair = (exact or of_any_method)[0]
    spelled = [route.text if route.method else own for route, own in zip(given, (pair.left, pair.right), strict=True)]
    return replace(pair, name="", left=spelled[0], right=spelled[1])


def _routes(left: RouteSpec, right: RouteSpec) -> tuple[RouteSpec, RouteSpec]:
    """Two routes as they are meant, however they are spelled: each with the method that its requests have."""
    return (
        replace(left, text="", method=left.method or right.method),
        replace(right, text="", method=right.method or left.method),
    )


def _problems(where: str, given: Any) -> list[str]:
    if not isinstance(given, dict):
        return [f"{where}: a pair is a mapping with left and right"]
    found = [f"{where}: {key} is missing" for key in ("left", "right") if key not in given]
    for key, value in given.items():
        kind = KEYS.get(str(key))
        if kind is None:
            close = get_close_matches(str(key), KEYS, n=1)
            found.append(f"{where}: {key}: no such key; " + (f"did you mean {close[0]}?" if close else ", ".join(KEYS)))
        elif not isinstance(value, kind) or (
            isinstance(value, list) and not all(isinstance(each, str) for each in value)
        ):
            wanted = {str: "text", list: "a list of texts", bool: "true or false"}[kind]
            found.append(f"{where}: {key} is {wanted}, not {value!r}")
    return found


def _pair(name: str, given: Mapping[str, Any], folder: Path) -> NamedPair:
    return NamedPair(
        name=name,
        left=given["left"],
        right=given["right"],
        ignore=tuple(given.get("ignore", ())),
        cases=folder / given["cases"] if "cases" in given else None,
        once=bool(given.get("once", False)),
    )
