"""Where the stack is deployed, and the ARNs that follow from it."""

from dataclasses import dataclass

import pulumi_aws as aws


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account and region of the default provider.

    `dns_suffix` is what the domain names of the partition's services end in, such as `amazonaws.com`.
    """

    id: str
    region: str
    partition: str
    dns_suffix: str

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region, such as `arn("logs", "log-group:*")`."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.id}:{resource}"


def look_up_account() -> Account:
    """Asks AWS whose credentials the default provider has, before anything is made with them."""
    partition = aws.get_partition()
    return Account(
        id=aws.get_caller_identity().account_id,
        region=aws.get_region().region,
        partition=partition.partition,
        dns_suffix=partition.dns_suffix,
    )
