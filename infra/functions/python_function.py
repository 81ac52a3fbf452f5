"""A Lambda function of one Python file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.observability.log_group import LogSettings, log_group
from infra.policy_document import allow, policy_document, trust

RUNTIME = aws.lambda_.Runtime.PYTHON3D14


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonFunctionArgs:
    """`source` is the file that holds `lambda_handler`. `concurrency` is what is reserved of the account's concurrent
    executions, 0 for nothing. `timeout_seconds` is less than API Gateway waits, so that its client hears of it."""

    source: Path
    description: str
    account: Account
    logs: LogSettings
    concurrency: int = 0
    timeout_seconds: int = 10
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)


class PythonFunction(pulumi.ComponentResource):
    """The function, its log group, and a role that may write to that log group and do nothing else."""

    def __init__(self, name: str, args: PythonFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:PythonFunction", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs = log_group(name, args.logs, self)
        role = aws.iam.Role(
            f"{name}-role",
            assume_role_policy=trust("lambda", {"StringEquals": {"aws:SourceAccount": args.account.id}}),
            description=f"Role of: {args.description}",
            opts=child,
        )
        write_logs = aws.iam.RolePolicy(
            f"{name}-write-logs",
            role=role.name,
            policy=policy_document(
                [allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(logs.arn, ":*"))]
            ),
            opts=child,
        )
        self.function = aws.lambda_.Function(
            f"{name}-function",
            description=args.description,
            runtime=RUNTIME,
            architectures=["arm64"],
            handler=f"{args.source.stem}.lambda_handler",
            code=pulumi.AssetArchive({args.source.name: pulumi.FileAsset(str(args.source))}),
            role=role.arn,
            memory_size=256,
            timeout=args.timeout_seconds,
            reserved_concurrent_executions=args.concurrency or None,
            environment={"variables": dict(args.environment)} if args.environment else None,
            # Lambda makes itself a grant for the key; the role needs no permission.
            kms_key_arn=args.logs.key.arn if args.environment else None,
            logging_config={"log_format": "Text", "log_group": logs.name},
            # Passes on what API Gateway traces; tracing of its own would need more than the log group.
            tracing_config={"mode": "PassThrough"},
            opts=pulumi.ResourceOptions(parent=self, depends_on=[write_logs]),
        )
        self.register_outputs({"arn": self.function.arn})
