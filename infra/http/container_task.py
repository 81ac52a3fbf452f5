"""The task that Fargate runs: the HTTP backend's container, with its roles and its log group."""

import re
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.naming import stack_prefix
from infra.observability.log_group import LogSettings, log_group
from infra.policy_document import Statement, allow, policy_document, trust

PORT = 8080
CPU_UNITS, MEMORY_MIB = 256, 512
STOP_TIMEOUT_SECONDS = 30
CONTAINER_NAME = "echo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerTaskArgs:
    """`repository_arn` is the ECR repository of an image that this stack builds, None for an existing image."""

    image: pulumi.Input[str]
    repository_arn: pulumi.Output[str] | None
    account: Account
    logs: LogSettings


class ContainerTask(pulumi.ComponentResource):
    """The task definition. Its container has a read-only root, no Linux capability and no privilege to gain; the
    task's own role may do nothing, and the role that starts it may pull one image and write to one log group."""

    def __init__(self, name: str, args: ContainerTaskArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:ContainerTask", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        logs = log_group(name, args.logs, self)
        trusted = trust(
            "ecs-tasks",
            {
                "StringEquals": {"aws:SourceAccount": args.account.id},
                "ArnLike": {"aws:SourceArn": args.account.arn("ecs", "*")},
            },
        )
        execution_role = aws.iam.Role(
            f"{name}-execution-role", assume_role_policy=trusted, description="Starts the HTTP backend", opts=child
        )
        start = aws.iam.RolePolicy(
            f"{name}-start",
            role=execution_role.name,
            policy=policy_document([_write_logs(logs), *_pull_image(args)]),
            opts=child,
        )
        task_role = aws.iam.Role(
            f"{name}-role", assume_role_policy=trusted, description="The HTTP backend, which needs nothing", opts=child
        )
        self.definition = aws.ecs.TaskDefinition(
            f"{name}-task",
            family=f"{stack_prefix()}-{name}",
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=str(CPU_UNITS),
            memory=str(MEMORY_MIB),
            runtime_platform={"operating_system_family": "LINUX", "cpu_architecture": "X86_64"},
            execution_role_arn=execution_role.arn,
            task_role_arn=task_role.arn,
            container_definitions=pulumi.Output.json_dumps([_container(args, logs.name)]),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[start]),
        )
        self.register_outputs({"arn": self.definition.arn})


def _container(args: ContainerTaskArgs, log_group_name: pulumi.Output[str]) -> dict[str, Any]:
    container = {
        "name": CONTAINER_NAME,
        "image": args.image,
        "essential": True,
        "user": "10001:10001",
        "readonlyRootFilesystem": True,
        "privileged": False,
        "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}},
        "portMappings": [{"containerPort": PORT, "protocol": "tcp"}],
        "environment": [{"name": "HOST", "value": "0.0.0.0"}, {"name": "PORT", "value": str(PORT)}],  # noqa: S104
        "stopTimeout": STOP_TIMEOUT_SECONDS,
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": log_group_name,
                "awslogs-region": args.account.region,
                "awslogs-stream-prefix": CONTAINER_NAME,
                # A log that cannot be written must not stop the service.
                "mode": "non-blocking",
            },
        },
    }
    if args.repository_arn is not None:
        # ECS does not read the health check of the Dockerfile; an existing image may not have this program.
        container["healthCheck"] = {
            "command": ["CMD", "python", "/app/healthcheck.py"],
            "interval": 10,
            "timeout": 3,
            "retries": 3,
            "startPeriod": 10,
        }
    return container


def _write_logs(logs: aws.cloudwatch.LogGroup) -> Statement:
    return allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(logs.arn, ":*"))


def _pull_image(args: ContainerTaskArgs) -> list[Statement]:
    """What pulling the image takes: nothing, unless it is in ECR."""
    repository_arn: pulumi.Input[str] | None = args.repository_arn
    if repository_arn is None and isinstance(args.image, str):
        repository_arn = _ecr_repository_arn(args.image, args.account)
    if repository_arn is None:
        return []
    return [
        allow(["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], repository_arn),
        # This action knows no resource: the token is the registry's.
        allow(["ecr:GetAuthorizationToken"], "*"),
    ]


def _ecr_repository_arn(image: str, account: Account) -> str | None:
    match = re.match(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([^:@]+)", image)
    if match is None:
        return None
    owner, region, repository = match.groups()
    return f"arn:{account.partition}:ecr:{region}:{owner}:repository/{repository}"
