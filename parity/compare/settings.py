"""What the comparison must know of the program's configuration to explain a difference, and its options' names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

import yaml

ALL = "*"
"""The configured name that maps every one."""

NAMESPACE = "parity"
DEFAULT_QUERY_STRINGS = ("query1", "query2")


class Side(str):
    """One of the two backends, by the name that a reader sees: of this project's own integrations, or of a route."""

    __slots__ = ()
    LAMBDA: ClassVar["Side"]
    HTTP: ClassVar["Side"]

    @property
    def value(self) -> str:
        """The name as plain text."""
        return str(self)


Side.LAMBDA, Side.HTTP = Side("Lambda"), Side("HTTP")
INTEGRATIONS = (Side.LAMBDA, Side.HTTP)
"""This project's own two integrations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionNames:
    """What the options that choose the API are called in an error: those of `parity compare`, or another's.

    `url` takes the URL of a deployed API, `deployed` a stack's in place of a local one, None where there is no such
    option; `left`, `right` and `pair` name routes, and `config` gives configuration values.
    """

    url: str = "--url"
    deployed: str | None = "--deployed"
    left: str = "--left"
    right: str = "--right"
    pair: str = "--pair"
    config: str = "--config"


COMPARE = OptionNames()
DOCTOR = OptionNames(deployed=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration that decides what the HTTP integration maps.

    `query_strings` and `headers` hold names, or `*` for every one. `api_id` is the REST API's id, None when
    unknown; `stage` the stage's name, likewise. The places say where a name would have to be added.
    """

    query_strings: tuple[str, ...] = DEFAULT_QUERY_STRINGS
    headers: tuple[str, ...] = ()
    api_id: str | None = None
    stage: str | None = None
    query_strings_place: str = "parity:queryStrings"
    headers_place: str = "parity:headers"

    def maps_query_string(self, name: str) -> bool:
        """Whether `parity:queryStrings` maps this name; names of query strings are case-sensitive."""
        return ALL in self.query_strings or name in self.query_strings

    def maps_header(self, name: str) -> bool:
        """Whether `parity:headers` maps this name, compared without regard to case."""
        return ALL in self.headers or name.lower() in {mapped.lower() for mapped in self.headers}

    def to_config(self) -> dict[str, list[str]]:
        """What is mapped, by configuration key."""
        return {"queryStrings": list(self.query_strings), "headers": list(self.headers)}


def settings_from_config(config: Mapping[str, Any], api_id: str | None = None, url: object = None) -> Settings:
    """Reads the settings from a stack's configuration.

    Args:
        config: values by key, with or without `parity:`; a list may be a YAML or JSON list or comma-separated text.
        api_id: the REST API's id, where it is known.
        url: the stage's invoke URL, where it is known; its path is the stage's name.
    """
    values = {key.removeprefix(f"{NAMESPACE}:"): value for key, value in config.items()}
    return Settings(
        query_strings=_names(values.get("queryStrings"), DEFAULT_QUERY_STRINGS),
        headers=_names(values.get("headers"), ()),
        api_id=api_id,
        stage=urlsplit(str(url or "")).path.strip("/") or None,
    )


def _names(value: Any, default: tuple[str, ...]) -> tuple[str, ...]:
    if value is None:
        return default
    if isinstance(value, str) and value.strip().startswith("["):
        value = yaml.safe_load(value)
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    return tuple(str(name) for name in value if str(name))
