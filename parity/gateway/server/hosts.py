"""Which Host headers a server on the loopback interface answers, so that no web page reaches it by DNS rebinding.

A page that a browser loaded from elsewhere may point its own name at 127.0.0.1, and then read what is served there as
if it were its own; its requests still name it as Host. API Gateway too answers only for the names of its APIs.
"""

import ipaddress
from collections.abc import Collection

_LOCAL_NAMES = frozenset({"localhost", "host.docker.internal"})
_LOCAL_ENDINGS = (".localhost", ".amazonaws.com", ".amazonaws.com.cn")


class AcceptedHosts:
    """The names under which a server answers.

    Args:
        bound: the address that the server listens on; if others can reach it, every name is accepted.
        names: names of its own, such as custom domain names.
    """

    def __init__(self, bound: str, names: Collection[str] = ()) -> None:
        self._everything = not _is_loopback(bound)
        self._names = frozenset(name.lower() for name in names) | _LOCAL_NAMES
        self._known: set[str] = set()

    def accepts(self, header: str) -> bool:
        """Whether a Host header, which may name a port, is one of the server's own."""
        if self._everything or header in self._known:
            return True
        name = header.strip().lower()
        name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
        found = name in self._names or name.endswith(_LOCAL_ENDINGS) or _is_loopback(name)
        if found and len(self._known) < 100:
            self._known.add(header)
        return found


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
