"""Fails in a function of its own, after a resource was declared."""

import pulumi_aws as aws

aws.apigateway.RestApi("api")


def compute(divisor: int) -> float:
    """Divides."""
    return 1 / divisor


compute(0)
