"""What `parity serve` opens to others than this computer's own programs: nothing, or the APIs alone."""

import socket
from pathlib import Path

import pytest

from tests.cli.serving_processes import descendants, serving

PROJECT = Path(__file__).parents[3]
LISTENING = "0A"

pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets are found through /proc")


def listeners(process_ids: set[int]) -> set[tuple[str, int]]:
    """The addresses and ports of TCP on which processes listen."""
    own = {link for number in process_ids for link in _links(Path(f"/proc/{number}/fd"))}
    found = set()
    for file, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for line in Path(f"/proc/net/{file}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and f"socket:[{fields[9]}]" in own:
                found.add(_address(fields[1], family))
    return found


def _links(folder: Path) -> list[str]:
    try:
        return [str(entry.readlink()) for entry in folder.iterdir()]
    except OSError:
        return []


def _address(text: str, family: socket.AddressFamily) -> tuple[str, int]:
    """The kernel's form, words of four bytes in the processor's order, as an address and a port."""
    words, _, port = text.partition(":")
    data = b"".join(bytes.fromhex(words[at : at + 8])[::-1] for at in range(0, len(words), 8))
    return socket.inet_ntop(family, data), int(port, 16)


def test_everything_listens_on_the_loopback_interface(tmp_path: Path) -> None:
    with serving(PROJECT, tmp_path) as (process, _):
        found = listeners({process.pid, *descendants(process.pid)})
    assert len(found) >= 2  # the API, and the container's process at least
    assert {address for address, _ in found} <= {"127.0.0.1", "::1"}


def test_another_host_opens_the_apis_alone(tmp_path: Path) -> None:
    with serving(PROJECT, tmp_path, "--host", "0.0.0.0") as (process, outputs):
        found = listeners({process.pid, *descendants(process.pid)})
    port = int(outputs["url"].split("/")[2].rpartition(":")[2])
    assert {port for address, port in found if address not in ("127.0.0.1", "::1")} == {port}
