"""Configuration values as they are given on a command line: `KEY=VALUE`."""

from collections.abc import Iterable

from parity.errors import UserError


def parse_config(entries: Iterable[str]) -> dict[str, str]:
    """Reads configuration values; of one that is given twice the last counts.

    Args:
        entries: the arguments, `KEY=VALUE`; a key may have a namespace, or be a path (`headers[0]`).

    Raises:
        UserError: one has no `=`.
    """
    config = {}
    for entry in entries:
        key, equals, value = entry.partition("=")
        if not equals or not key:
            raise UserError(
                f"--config {entry}: write KEY=VALUE, such as backend=lambda or aws:region=eu-west-1", status=2
            )
        config[key] = value
    return config
