"""A resource policy that lets only some addresses call the API."""

import pulumi
import pulumi_aws as aws

from infra.policy_document import allow, policy_document


def allow_only(ranges: tuple[str, ...], api: aws.apigateway.RestApi, name: str, parent: pulumi.Resource) -> None:
    """Refuses callers outside of `ranges`, whoever they are.

    The refusal is a Deny: with IAM authorization a caller's own policy could otherwise let it in from anywhere.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    """
    every_method = pulumi.Output.concat(api.execution_arn, "/*")
    refusal = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "execute-api:Invoke",
        "Resource": every_method,
        "Condition": {"NotIpAddress": {"aws:SourceIp": list(ranges)}},
    }
    aws.apigateway.RestApiPolicy(
        f"{name}-ip-allow-list",
        rest_api_id=api.id,
        policy=policy_document([allow(["execute-api:Invoke"], every_method, Principal="*"), refusal]),
        opts=pulumi.ResourceOptions(parent=parent),
    )
