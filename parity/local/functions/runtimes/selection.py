"""Which runtime a function is started with."""

from parity.local.functions.configuration import RESERVED_VARIABLES, LambdaConfiguration
from parity.local.functions.runtimes.custom import CUSTOM_RUNTIME, custom_runtime
from parity.local.functions.runtimes.image import image_runtime
from parity.local.functions.runtimes.nodejs import NODEJS_RUNTIME, nodejs_runtime
from parity.local.functions.runtimes.python import PYTHON_RUNTIME, python_runtime
from parity.local.functions.runtimes.runtime import Runtime, RuntimeUnavailableError


def is_emulated(runtime: str) -> bool:
    """Whether functions with that runtime run locally."""
    return any(pattern.fullmatch(runtime) for pattern in (PYTHON_RUNTIME, NODEJS_RUNTIME, CUSTOM_RUNTIME))


def runtime_of(configuration: LambdaConfiguration) -> Runtime:
    """The runtime of a function.

    Raises:
        RuntimeUnavailableError: Lambda refuses the function's configuration, or it cannot be run locally.
    """
    if reserved := sorted(RESERVED_VARIABLES & set(configuration.environment)):
        raise RuntimeUnavailableError(
            f"sets environment variables that Lambda reserves: {', '.join(reserved)}; rename them"
        )
    if configuration.image is not None:
        return image_runtime(configuration.image)
    if not configuration.code.is_dir():
        raise RuntimeUnavailableError(f"has code that is not a folder: {configuration.code}")
    name = configuration.runtime
    if PYTHON_RUNTIME.fullmatch(name):
        return python_runtime(
            name,
            handler=configuration.handler,
            code=configuration.code,
            layers=configuration.layers,
            environment=configuration.environment,
        )
    if CUSTOM_RUNTIME.fullmatch(name):
        return custom_runtime(name, code=configuration.code)
    if NODEJS_RUNTIME.fullmatch(name):
        return nodejs_runtime(
            name,
            handler=configuration.handler,
            code=configuration.code,
            layers=configuration.layers,
            environment=configuration.environment,
            project=configuration.project,
        )
    raise RuntimeUnavailableError(
        f"uses the runtime {name!r}, which is not emulated: its requests fail, and all others are served; "
        "python3.x, nodejs18.x and newer, and provided.* (an executable `bootstrap`) run locally"
    )
