"""Log groups: encrypted, and kept for as long as the configuration says."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.naming import stack_prefix
from infra.observability.log_key import LogKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """What all log groups have in common."""

    key: LogKey
    retention_days: int


def log_group(
    name: str,
    settings: LogSettings,
    parent: pulumi.Resource,
    *,
    prefix: str = "",
    physical_name: pulumi.Input[str] | None = None,
) -> aws.cloudwatch.LogGroup:
    """A log group whose name begins with the project and the stack.

    Args:
        name: what the group is for, the rest of its name.
        settings: its key and retention.
        parent: the component it belongs to.
        prefix: what AWS demands before the name.
        physical_name: the whole name, where AWS chooses it.
    """
    return aws.cloudwatch.LogGroup(
        f"{prefix}{stack_prefix()}-{name}",
        name=physical_name,
        kms_key_id=settings.key.arn,
        retention_in_days=settings.retention_days,
        opts=pulumi.ResourceOptions(parent=parent),
    )
