"""Where the stack is deployed, and the ARNs that follow from it."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws


@dataclass(frozen=True, slots=True)
class Account:
    """The account and region of the default provider."""

    id: pulumi.Output[str]
    region: pulumi.Output[str]
    partition: pulumi.Output[str]

    def arn(self, service: str, resource: str) -> pulumi.Output[str]:
        """The ARN of a resource of this account and region, such as `arn("logs", "log-group:*")`."""
        return pulumi.Output.concat("arn:", self.partition, ":", service, ":", self.region, ":", self.id, ":", resource)


def look_up_account() -> Account:
    """Asks AWS whose credentials the default provider has."""
    identity = aws.get_caller_identity_output()
    return Account(
        id=identity.account_id,
        region=aws.get_region_output().region,
        partition=identity.arn.apply(lambda arn: arn.split(":")[1]),
    )
