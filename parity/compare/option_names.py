"""The options by which a reader of an error names what is compared: each command and the pytest plugin has its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionNames:
    """The names; those of `parity compare` where nothing else is said.

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
