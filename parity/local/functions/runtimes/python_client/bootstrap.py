"""Starts AWS's own runtime interface client, in a process that finds what Lambda's Python runtimes have and no more.

Run as `python -s -S -B bootstrap.py FOLDERS HANDLER`: without the site module, only the standard library is found of
what is installed. FOLDERS are where the packages of `RUNTIME_PACKAGES` are. Runs on Python 3.9 and newer.
https://docs.aws.amazon.com/lambda/latest/dg/python-package.html#python-package-searchpath
"""

from __future__ import annotations

import os
import site
import sys
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    ModuleSpec,
    PathFinder,
    SourceFileLoader,
)
from importlib.util import spec_from_file_location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from importlib.abc import PathEntryFinder
    from importlib.metadata import Distribution
    from types import CodeType, ModuleType
    from typing import Any

CLIENT_PACKAGES = frozenset({"awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py"})
SDK_PACKAGES = frozenset({"boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"})
RUNTIME_PACKAGES = CLIENT_PACKAGES | SDK_PACKAGES
SDK_PYTHON = (3, 10)
"""The oldest Python that today's AWS SDK runs on."""

_DISTRIBUTIONS = {"python-dateutil": "dateutil", "snapshot-restore-py": "snapshot_restore_py"}
_METADATA_ADDRESSES = ("169.254.169.254", "169.254.170.2", "fd00:ec2::254")
_AWS_DOMAINS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


class RuntimeFinder:
    """Finds the packages of Lambda's Python runtimes, after all that the function brings along.

    Args:
        folders: where they are installed.
    """

    def __init__(self, folders: list[str]) -> None:
        self._folders = folders
        self._names = RUNTIME_PACKAGES if sys.version_info >= SDK_PYTHON else CLIENT_PACKAGES

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The spec of a top-level module (the protocol of `sys.meta_path`)."""
        if path is not None or name not in self._names:
            return None
        spec = PathFinder.find_spec(name, self._folders)
        if spec is None and name == "runtime_client":  # compiled for another Python than this one
            spec = spec_from_file_location(name, os.path.join(os.path.dirname(__file__), "runtime_client.py"))
        return spec

    def find_distributions(self, context: Any = None) -> Iterable[Distribution]:
        """The packages' metadata, for `importlib.metadata`."""
        from importlib.metadata import DistributionFinder, MetadataPathFinder

        name = getattr(context, "name", None)
        if name is not None and _DISTRIBUTIONS.get(name.lower().replace("_", "-"), name) not in self._names:
            return []
        found = MetadataPathFinder.find_distributions(DistributionFinder.Context(name=name, path=self._folders))
        names = self._names
        return [entry for entry in found if _DISTRIBUTIONS.get(entry.metadata["Name"], entry.metadata["Name"]) in names]


class CompilingLoader(SourceFileLoader):
    """Keeps what it compiles, though nothing else does: the SDK takes a second to compile, for each Python once."""

    def get_code(self, fullname: str) -> CodeType | None:
        """The module's code; from its cache where there is one."""
        before, sys.dont_write_bytecode = sys.dont_write_bytecode, False
        try:
            return super().get_code(fullname)
        finally:
            sys.dont_write_bytecode = before


def compile_once(folders: list[str]) -> Callable[[str], PathEntryFinder]:
    """A path hook for the folders of the runtime's packages."""
    finder = FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (CompilingLoader, SOURCE_SUFFIXES))

    def hook(path: str) -> PathEntryFinder:
        if not path.startswith(tuple(folders)):
            raise ImportError
        return finder(path)

    return hook


def main() -> None:
    """Prepares the process and runs the client until the process is ended."""
    folders, handler = sys.argv[1].split(os.pathsep), sys.argv[2]
    site.setquit()
    site.setcopyright()
    site.sethelper()
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    sys.path_hooks.insert(0, compile_once(folders))
    sys.meta_path.append(RuntimeFinder(folders))
    sys.addaudithook(stop_calls_to_aws(allowed_hosts(os.environ)))
    sys.argv = ["/var/runtime/bootstrap.py"]
    from awslambdaric.__main__ import main as run_client  # type: ignore[import-untyped]

    run_client(["awslambdaric", handler])


def allowed_hosts(environment: Mapping[str, str]) -> frozenset[str]:
    """The hosts of the AWS endpoints that the function is given."""
    urls = [url for name, url in environment.items() if name.startswith("AWS_ENDPOINT_URL")]
    return frozenset(url.partition("://")[2].partition("/")[0].rpartition("@")[2].partition(":")[0] for url in urls)


def stop_calls_to_aws(allowed: frozenset[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """An audit hook that keeps the process from resolving AWS's hosts, and from its metadata service.

    An SDK that is too old for AWS_ENDPOINT_URL, or a URL in the code, would else reach the real AWS.
    """

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.getaddrinfo", "socket.gethostbyname"):
            host = arguments[0]
        elif event == "socket.connect" and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        else:
            return
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and _is_aws(name.lower().rstrip(".")) and name.lower() not in allowed:
            message = f"a call to {name} was stopped: nothing here calls AWS unless it is given as an endpoint"
            sys.stderr.write(message + "\n")
            import socket

            raise socket.gaierror(socket.EAI_NONAME, message)

    return hook


def _is_aws(host: str) -> bool:
    return host.endswith(_AWS_DOMAINS) or host in _METADATA_ADDRESSES


if __name__ == "__main__":
    main()
