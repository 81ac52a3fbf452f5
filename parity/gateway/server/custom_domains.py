"""Custom domain names: which stage answers a request, by its Host header, its base path and its other headers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-mode.html
Routing rules come in the order of their priority, and before mappings; of the mappings, the longest base path counts.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote

from parity.gateway.gateway import Gateway

FindGateway = Callable[[str, str], Gateway | None]
"""Answers the gateway of an API's id and a stage's name, None if there is none."""

RoutingMode = Literal["API_MAPPING_ONLY", "ROUTING_RULE_ONLY", "ROUTING_RULE_THEN_API_MAPPING"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiMapping:
    """A base path of a domain name, such as `orders/v1` or the empty string, and the stage that answers it.

    Without a `stage` the caller names one in the path, after the base path.
    """

    base_path: str
    api_id: str
    stage: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRule:
    """Conditions, and the stage that answers what meets them all.

    `base_paths` is met by any of them, each of `headers` by any of its (name, value glob) pairs; none are met always.
    """

    priority: int
    api_id: str
    stage: str
    base_paths: tuple[str, ...] = ()
    headers: tuple[tuple[tuple[str, str], ...], ...] = ()
    strip_base_path: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What answers a request: a gateway, the path that it sees, and the base path before it."""

    gateway: Gateway
    path: str
    base_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomDomain:
    """A custom domain name with its mappings and rules."""

    name: str
    mappings: tuple[ApiMapping, ...] = ()
    rules: tuple[RoutingRule, ...] = ()
    routing_mode: RoutingMode = "API_MAPPING_ONLY"

    def find(self, path: str, headers: Sequence[tuple[str, str]], gateway_of: FindGateway) -> Target | None:
        """What answers a request; None if nothing does, which is a 403.

        Args:
            path: the request's path, percent-encoded.
            headers: its header fields.
            gateway_of: finds the gateway of a stage.
        """
        if self.routing_mode != "API_MAPPING_ONLY":
            for rule in sorted(self.rules, key=lambda rule: rule.priority):
                matched = _matched_base_path(rule.base_paths, path)
                if matched is not None and all(_has_header(headers, condition) for condition in rule.headers):
                    gateway = gateway_of(rule.api_id, rule.stage)
                    return None if gateway is None else _target(gateway, path, matched if rule.strip_base_path else "")
        if self.routing_mode == "ROUTING_RULE_ONLY":
            return None
        for mapping in sorted(self.mappings, key=lambda mapping: -len(_segments(mapping.base_path))):
            if _matched_base_path((mapping.base_path,), path) is not None:
                return self._mapped(mapping, path, gateway_of)
        return None

    def _mapped(self, mapping: ApiMapping, path: str, gateway_of: FindGateway) -> Target | None:
        base_path = "/".join(_segments(mapping.base_path))
        stage = mapping.stage
        if stage is None:
            below = _segments(path)[len(_segments(base_path)) :]
            if not below:
                return None
            stage, base_path = unquote(below[0]), f"{base_path}/{below[0]}".lstrip("/")
        gateway = gateway_of(mapping.api_id, stage)
        return None if gateway is None else _target(gateway, path, base_path)


def host_name(header: str) -> str:
    """The name in a Host header, without its port, in lower case."""
    return header.strip().lower().partition(":")[0]


def _target(gateway: Gateway, path: str, base_path: str) -> Target:
    """What a gateway sees of a path: what comes after the base path."""
    prefix = f"/{base_path}" if base_path else ""
    return Target(gateway, path[len(prefix) :] or "/", prefix)


def _segments(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _matched_base_path(base_paths: Iterable[str], path: str) -> str | None:
    """The first base path that a path begins with, segment by segment; the empty string if there is none to match."""
    wanted = list(base_paths)
    if not wanted:
        return ""
    parts = _segments(path)
    for base_path in wanted:
        segments = _segments(base_path)
        if parts[: len(segments)] == segments:
            return "/".join(segments)
    return None


def _has_header(headers: Sequence[tuple[str, str]], condition: Iterable[tuple[str, str]]) -> bool:
    """Whether one of the pairs of a condition is met. Names have no case, values have."""
    for name, glob in condition:
        lower, pattern = name.lower(), _glob(glob)
        if any(key.lower() == lower and pattern.fullmatch(value) for key, value in headers):
            return True
    return False


@lru_cache(maxsize=256)
def _glob(glob: str) -> re.Pattern[str]:
    """A value in which `*` matches anything, as a regular expression."""
    return re.compile(".*".join(re.escape(part) for part in glob.split("*")), re.DOTALL)
