"""A Lambda function's configuration: what its execution environments are started with."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parity.local.aws_calls.variables import FAKE_CREDENTIALS
from parity.local.functions.runtimes.image import FunctionImage
from parity.local.functions.runtimes.runtime import Runtime

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
        image: the container image that the function is, in place of its code; None for a function of a Zip.
        project: the program's folder.
        log_group: the log group that it writes to.
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
    image: FunctionImage | None = None
    project: Path | None = None
    log_group: str = ""

    def variables(self, runtime: Runtime, *, runtime_api: str, log_stream: str) -> dict[str, str]:
        """The environment variables of an execution environment, as AWS sets them; none is this process's own.

        Args:
            runtime: what the function is started with.
            runtime_api: the address of the Runtime API, `host:port`.
            log_stream: the log stream's name.
        """
        roots = list(reversed(self.layers))  # a later layer hides an earlier one
        libraries = [str(runtime.folder), str(runtime.folder / "lib"), *(str(root / "lib") for root in roots)]
        own = [str(runtime.programs)] if runtime.programs else []
        programs = [*own, os.defpath, *(str(root / "bin") for root in roots)]
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
            **runtime.defaults,
            **self.environment,
            **runtime.variables,
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
            "LAMBDA_TASK_ROOT": str(runtime.folder),
            "LAMBDA_RUNTIME_DIR": "/var/runtime",
            "PWD": str(runtime.folder),
        }
