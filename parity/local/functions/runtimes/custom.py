"""A runtime that the function brings along: an executable file `bootstrap` in its code.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
"""

import os
import re
from pathlib import Path

from parity.local.functions.runtimes.runtime import Runtime, RuntimeUnavailableError

CUSTOM_RUNTIME = re.compile(r"provided(\.al2(023)?)?")


def custom_runtime(runtime: str, *, code: Path) -> Runtime:
    """How such a function is started.

    Args:
        runtime: `provided.al2023`.
        code: the function's folder.

    Raises:
        RuntimeUnavailableError: there is no such file.
    """
    bootstrap = code / "bootstrap"
    if not os.access(bootstrap, os.X_OK):
        raise RuntimeUnavailableError(
            f"uses the runtime {runtime}, but its code has no executable file `bootstrap`: build one into {code}"
        )
    return Runtime(arguments=[str(bootstrap)], folder=code)
