"""Lambda's Node.js runtimes: the declared version where it is installed, with a runtime client of Parity's own.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from parity.local.functions.runtimes.runtime import Runtime, RuntimeUnavailableError

NODEJS_RUNTIME = re.compile(r"nodejs(\d+)\.x")
LATEST_NODEJS = 24
OLDEST_NODEJS = 18
"""The runtime client runs on none older."""

_BOOTSTRAP = Path(__file__).with_name("nodejs_client") / "bootstrap.cjs"
_PATIENCE_SECONDS = 10


def nodejs_runtime(
    runtime: str,
    *,
    handler: str,
    code: Path,
    layers: Sequence[Path],
    environment: Mapping[str, str],
    project: Path | None = None,
) -> Runtime:
    """How a Node.js function is started.

    Args:
        runtime: `nodejs22.x`.
        handler: `module.function`.
        code: the function's folder.
        layers: the folders of its layers, in the function's order.
        environment: the function's own environment variables.
        project: the program's folder, in and above which the AWS SDK may be installed.

    Raises:
        RuntimeUnavailableError: it has no handler, or there is no Node.js.
    """
    if not handler:
        raise RuntimeUnavailableError("has no handler: set handler='module.function'")
    version = int(runtime.removeprefix("nodejs").removesuffix(".x"))
    found = interpreter_of(version)
    if found is None:
        raise RuntimeUnavailableError(
            f"uses the runtime {runtime}, and there is no `node` of version {OLDEST_NODEJS} or newer here: "
            f"install Node.js {version} and put it on the PATH; all other functions are served"
        )
    node, running = found
    note = f"declares {runtime}, and runs with Node.js {running}: install Node.js {version} for the same behaviour"
    node_path = [*_layer_folders(layers, version), str(code), environment.get("NODE_PATH", "")]
    return Runtime(
        arguments=[str(node), str(_BOOTSTRAP), handler, str(version)],
        folder=code,
        variables={
            "NODE_PATH": os.pathsep.join(path for path in node_path if path),
            "PARITY_NODEJS_SDK": os.pathsep.join(_sdk_folders(project or code)),
        },
        programs=node.parent,
        version=f"nodejs:{running}",
        note="" if running == version else note,
    )


@cache
def interpreter_of(version: int) -> tuple[Path, int] | None:
    """An installed Node.js, of that major version where there is one, with its own; None where none is new enough."""
    for path in _managed(version):
        if os.access(path, os.X_OK):
            return path, version
    on_path = shutil.which("node")
    major = _major(Path(on_path)) if on_path else None
    return (Path(on_path), major) if on_path and major is not None and major >= OLDEST_NODEJS else None


def _managed(version: int) -> Iterator[Path]:
    """The interpreters of that version that version managers have installed."""
    home = Path(os.environ.get("HOME") or "/")
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    for root, pattern in (
        (Path(os.environ.get("NVM_DIR") or home / ".nvm"), f"versions/node/v{version}.*/bin/node"),
        (Path(os.environ.get("FNM_DIR") or data / "fnm"), f"node-versions/v{version}.*/installation/bin/node"),
        (Path(os.environ.get("VOLTA_HOME") or home / ".volta"), f"tools/image/node/{version}.*/bin/node"),
        (Path(os.environ.get("ASDF_DATA_DIR") or home / ".asdf"), f"installs/nodejs/{version}.*/bin/node"),
        (Path(os.environ.get("MISE_DATA_DIR") or data / "mise"), f"installs/node/{version}.*/bin/node"),
    ):
        yield from sorted(root.glob(pattern), reverse=True)


def _major(path: Path) -> int | None:
    """The major version of an interpreter; None when it does not run."""
    try:
        done = subprocess.run([str(path), "--version"], capture_output=True, timeout=_PATIENCE_SECONDS, text=True)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found[1]) if found else None


def _sdk_folders(folder: Path) -> list[str]:
    """The folder and those above it that have the AWS SDK for JavaScript among their packages."""
    folder = folder.absolute()
    return [str(at) for at in (folder, *folder.parents) if (at / "node_modules" / "@aws-sdk").is_dir()]


def _layer_folders(layers: Sequence[Path], version: int) -> list[str]:
    """The layers' folders on NODE_PATH; a later layer comes before an earlier one, which it hides."""
    inner = (Path("nodejs", f"node{version}", "node_modules"), Path("nodejs", "node_modules"))
    found = (root / path for root in reversed(layers) for path in inner)
    return [str(folder) for folder in found if folder.is_dir()]
