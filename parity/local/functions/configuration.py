"""A Lambda function's configuration: what its execution environments are started with."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parity.local.aws_calls.variables import FAKE_CREDENTIALS

RESERVED_VARIABLES = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)
"""Lambda refuses a function that sets one: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html"""

_PYTHON = re.compile(r"python3\.\d+")
_CUSTOM = re.compile(r"provided(\.al2(023)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaConfiguration:
    """What a function was declared with.

    Attributes:
        name: the function's name.
        arn: its ARN without a version.
        code: the folder that is `/var/task` on AWS.
        handler: `module.function`.
        runtime: Lambda's name of the runtime, `python3.13`.
        environment: the function's own environment variables.
        timeout_seconds: how long one invocation may take.
        memory_size_mb: told to the function and in its log; not enforced.
        layers: the folders that are laid over `/opt` on AWS, in the function's order.
        region: the AWS region that the function sees.
        package_type: `Zip` or `Image`.
    """

    name: str
    arn: str
    code: Path
    handler: str
    runtime: str
    environment: Mapping[str, str]
    timeout_seconds: float
    memory_size_mb: int
    layers: Sequence[Path]
    region: str
    package_type: str = "Zip"

    @property
    def log_group(self) -> str:
        """The function's log group in CloudWatch Logs."""
        return f"/aws/lambda/{self.name}"

    @property
    def python_runtime(self) -> bool:
        """Whether the function runs on one of Lambda's Python runtimes."""
        return _PYTHON.fullmatch(self.runtime) is not None

    def unavailable_reason(self) -> str | None:
        """Why the function cannot be run locally, with the fix, or None when it can."""
        what = f"Lambda function {self.name!r}"
        if self.package_type == "Image":
            return (
                f"{what} is a container image (package_type Image), which is not run locally: "
                "declare it as a Zip function with its code, or compare with it deployed"
            )
        if reserved := sorted(RESERVED_VARIABLES & set(self.environment)):
            return f"{what} sets environment variables that Lambda reserves: {', '.join(reserved)}; rename them"
        if not self.code.is_dir():
            return f"the code of {what} is not a folder: {self.code}"
        if self.python_runtime:
            return None if self.handler else f"{what} has no handler: set handler='module.function'"
        if _CUSTOM.fullmatch(self.runtime):
            if os.access(self.code / "bootstrap", os.X_OK):
                return None
            return f"{what} uses the runtime {self.runtime}, but its code has no executable file `bootstrap`"
        return (
            f"{what} uses the runtime {self.runtime!r}, which is not run locally: "
            "python3.x and provided.* (an executable `bootstrap`) are"
        )

    def command(self) -> list[str]:
        """The runtime's command line: AWS's own runtime interface client, or the function's `bootstrap`."""
        if self.python_runtime:
            # -B: a function's code is read-only on AWS, and a new file in its folder would change what is deployed.
            return [sys.executable, "-B", "-m", "awslambdaric", self.handler]
        return [str(self.code / "bootstrap")]

    def variables(self, *, runtime_api: str, log_stream: str) -> dict[str, str]:
        """The environment variables of an execution environment, as AWS sets them; none is this process's own.

        Args:
            runtime_api: the address of the Runtime API, `host:port`.
            log_stream: the log stream's name.
        """
        roots = list(reversed(self.layers))  # a later layer hides an earlier one
        python_path = [self.environment.get("PYTHONPATH", ""), *self._python_folders(roots)]
        libraries = [str(self.code), str(self.code / "lib"), *(str(root / "lib") for root in roots)]
        programs = [str(Path(sys.executable).parent), os.defpath, *(str(root / "bin") for root in roots)]
        return {
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
            "PATH": os.pathsep.join(programs),
            "LD_LIBRARY_PATH": os.pathsep.join(libraries),
            # Not set on AWS, but the SDKs would else read the configuration of whoever runs Parity.
            "HOME": "/home/sbx_user1051",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
            "AWS_XRAY_DAEMON_ADDRESS": "169.254.100.1:2000",
            **self.environment,
            "PYTHONPATH": os.pathsep.join(path for path in python_path if path),
            "_HANDLER": self.handler,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            **FAKE_CREDENTIALS,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self.runtime}",
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory_size_mb),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": self.log_group,
            "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
            "AWS_LAMBDA_RUNTIME_API": runtime_api,
            "LAMBDA_TASK_ROOT": str(self.code),
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "PWD": str(self.code),
        }

    def _python_folders(self, roots: Sequence[Path]) -> list[str]:
        packages = Path("python", "lib", self.runtime, "site-packages")
        return [str(folder) for root in roots for folder in (root / packages, root / "python") if folder.is_dir()]
