"""The Lambda backend: the echo function."""

from pathlib import Path

import pulumi_aws as aws

from infra.configuration.account import Account
from infra.configuration.settings import Settings
from infra.functions.python_function import PythonFunction, PythonFunctionArgs
from infra.observability.log_group import LogSettings

SOURCE = Path(__file__).resolve().parents[2] / "backend_lambda" / "handler.py"


def deploy_function(settings: Settings, account: Account, logs: LogSettings) -> aws.lambda_.Function | None:
    """The function that the API's Lambda route invokes, None if the configuration leaves that backend out."""
    if not settings.has_lambda:
        return None
    args = PythonFunctionArgs(
        source=SOURCE,
        description="Answers with the event that it received",
        account=account,
        logs=logs,
        concurrency=settings.lambda_concurrency,
    )
    return PythonFunction("lambda", args).function
