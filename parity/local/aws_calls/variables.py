"""The environment variables by which every AWS SDK finds its endpoint, region and credentials.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

import re
from collections.abc import Mapping

ALL_SERVICES = ""
"""The key of the endpoint for every service that has none of its own."""

# In the shape of a role's session, and of no use anywhere.
FAKE_CREDENTIALS: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "ASIA" + "LOCAL".ljust(16, "0"),
    "AWS_SECRET_ACCESS_KEY": "local".ljust(40, "0"),
    "AWS_SESSION_TOKEN": "local".ljust(356, "0"),
}


def endpoint_variables(endpoints: Mapping[str, str]) -> dict[str, str]:
    """The variables that send an SDK's calls to `endpoints`.

    Args:
        endpoints: URLs by service ID as in `AWS_ENDPOINT_URL_<SERVICE>`, in any case and with spaces or hyphens
            (`dynamodb`, `Secrets Manager`); `ALL_SERVICES` is the endpoint of all others.
    """
    return {endpoint_variable(service): url for service, url in endpoints.items()}


def endpoint_variable(service: str) -> str:
    """The variable of one service: `AWS_ENDPOINT_URL_SECRETS_MANAGER`; `AWS_ENDPOINT_URL` for `ALL_SERVICES`."""
    if service == ALL_SERVICES:
        return "AWS_ENDPOINT_URL"
    return f"AWS_ENDPOINT_URL_{re.sub(r'[^A-Z0-9]', '_', service.upper())}"


def client_variables(endpoints: Mapping[str, str], region: str) -> dict[str, str]:
    """All that an SDK needs to call `endpoints`, and no other: for a process that inherits nothing.

    Args:
        endpoints: as for `endpoint_variables`.
        region: the AWS region.
    """
    return {
        **FAKE_CREDENTIALS,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        **endpoint_variables(endpoints),
    }
