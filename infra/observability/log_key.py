"""The key with which every log group, and the environment of a function, is encrypted."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.naming import stack_prefix
from infra.policy_document import allow, policy_document


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKeyArgs:
    """`stage_name` names the stage whose execution log, which API Gateway names itself, the key also encrypts."""

    account: Account
    stage_name: str


class LogKey(pulumi.ComponentResource):
    """A KMS key that CloudWatch Logs may use, for the log groups of this stack alone.

    Its policy follows https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: LogKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:LogKey", name, None, opts)
        account = args.account
        administrators = f"arn:{account.partition}:iam::{account.id}:root"
        log_groups = [
            account.arn("logs", f"log-group:{stack_prefix()}-*"),
            account.arn("logs", f"log-group:API-Gateway-Execution-Logs_*/{args.stage_name}"),
            account.arn("logs", f"log-group:aws-waf-logs-{stack_prefix()}-*"),
            account.arn("logs", f"log-group:/aws/ecs/containerinsights/{stack_prefix()}-*"),
        ]
        # In a key's own policy "*" means this key.
        administer = allow(["kms:*"], "*", Principal={"AWS": administrators})
        encrypt = allow(
            ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            "*",
            Principal={"Service": f"logs.{account.region}.{account.dns_suffix}"},
            Condition={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": log_groups}},
        )
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Encrypts the logs and secrets of {pulumi.get_project()} {pulumi.get_stack()}",
            enable_key_rotation=True,
            deletion_window_in_days=7,
            policy=policy_document([administer, encrypt]),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
