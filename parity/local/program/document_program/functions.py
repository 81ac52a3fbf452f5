"""The functions of a document, each from a folder: `FOLDER[:HANDLER[:RUNTIME]]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pulumi

_NODE = "nodejs22.x"
_USUAL_FILES = {
    "lambda_function.py": "lambda_function.lambda_handler",
    "handler.py": "handler.handler",
    "index.py": "index.handler",
    "app.py": "app.handler",
    "main.py": "main.handler",
    "index.mjs": "index.handler",
    "index.js": "index.handler",
    "index.cjs": "index.handler",
    "handler.js": "handler.handler",
    "handler.mjs": "handler.handler",
    "bootstrap": "bootstrap",
}


def function_arguments(name: str, given: str) -> dict[str, Any]:
    """The arguments of a function's resource.

    Args:
        name: the function's name.
        given: a folder or archive, the handler and the runtime, with `:` between them. Without a handler it is that of
            the first usual file in the folder, such as lambda_function.py or index.mjs.

    Raises:
        pulumi.RunError: the folder is missing, or no handler is found.
    """
    folder, _, rest = given.partition(":")
    handler, _, runtime = rest.partition(":")
    path = Path(folder)
    if not path.exists():
        raise pulumi.RunError(f"--function {name}={given}: there is no {path.absolute()}")
    if not handler:
        file = next((file for file in _USUAL_FILES if (path / file).is_file()), None)
        if file is None:
            raise pulumi.RunError(
                f"--function {name}={given}: it has none of {', '.join(_USUAL_FILES)}; name the handler: "
                f"--function {name}={folder}:module.function"
            )
        handler = _USUAL_FILES[file]
    runtime = runtime or _runtime(path, handler.rpartition(".")[0] or handler)
    return {"handler": handler, "runtime": runtime, "code": pulumi.FileArchive(folder), "timeout": 29}


def _runtime(folder: Path, module: str) -> str:
    """The runtime by the file of the handler's module."""
    if (folder / "bootstrap").is_file():
        return "provided.al2023"
    if any((folder / f"{module}.{suffix}").is_file() for suffix in ("js", "mjs", "cjs")):
        return _NODE
    return f"python{sys.version_info.major}.{sys.version_info.minor}"
