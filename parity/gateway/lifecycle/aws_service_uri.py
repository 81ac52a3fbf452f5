"""The URI of an AWS integration with a service other than Lambda: which service it names, and how it is reached.

`arn:aws:apigateway:{region}:{subdomain.service|service}:path|action/{service_api}`
https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html#apigw-Type-Integration-uri
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from parity.gateway.lifecycle.uri_template import with_stage_variables
from parity.gateway.model.definition import Integration

_URI: Final = re.compile(
    r"arn:(?P<partition>[^:]+):apigateway:(?P<region>[^:/]*):(?P<service>[^:/]+):(?P<kind>path|action)/(?P<api>.*)",
    re.DOTALL,
)
_DNS_SUFFIXES: Final = {"aws-cn": "amazonaws.com.cn"}
_GLOBAL_SERVICES: Final = frozenset({"iam", "route53", "cloudfront"})
"""Services with one endpoint for all regions of a partition; they are signed for us-east-1."""

_TARGET_PREFIXES: Final = {
    "cognito-idp": ("AWSCognitoIdentityProviderService", "1.1"),
    "dynamodb": ("DynamoDB_20120810", "1.0"),
    "firehose": ("Firehose_20150804", "1.1"),
    "kinesis": ("Kinesis_20131202", "1.1"),
    "states": ("AWSStepFunctions", "1.0"),
}
"""The services for which API Gateway itself adds `X-Amz-Target` to an action, with the prefix of its value and the
version of their JSON protocol. EventBridge and CloudWatch Logs are not among them: their target has to be mapped."""

CALLER_CREDENTIALS: Final = "arn:aws:iam::*:user/*"
"""The `credentials` by which the caller's own identity signs the integration request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsServiceUri:
    """An AWS integration's URI in its parts.

    Attributes:
        partition, region: those of the ARN.
        service: the service's name in URIs, such as `dynamodb` or `states`.
        subdomain: what precedes the service, such as a bucket's name in `{bucket}.s3`; often empty.
        kind: `action` calls an action by its name, `path` addresses the service's own path.
        api: the action, or the path without its first slash; it may carry parameters after `&` or `?`.
    """

    partition: str
    region: str
    service: str
    subdomain: str
    kind: Literal["path", "action"]
    api: str

    @property
    def host(self) -> str:
        """The host of the service's endpoint."""
        suffix = _DNS_SUFFIXES.get(self.partition, "amazonaws.com")
        region = "" if self.service in _GLOBAL_SERVICES else f".{self.region}"
        subdomain = f"{self.subdomain}." if self.subdomain else ""
        return f"{subdomain}{self.service}{region}.{suffix}"

    @property
    def action(self) -> str:
        """The action's name, empty for a path."""
        return re.split("[?&]", self.api, maxsplit=1)[0] if self.kind == "action" else ""

    @property
    def url(self) -> str:
        """The URL that the integration request is sent to."""
        if self.kind == "path":
            return f"https://{self.host}{'' if self.api.startswith('/') else '/'}{self.api}"
        _, _, parameters = self.api.partition(self.action)
        return f"https://{self.host}/?Action={self.action}{'&' if parameters else ''}{parameters.lstrip('?&')}"

    @property
    def target(self) -> str | None:
        """The value of `X-Amz-Target` that API Gateway adds by itself; None where it has to be mapped."""
        prefix = _TARGET_PREFIXES.get(self.service)
        return f"{prefix[0]}.{self.action}" if prefix and self.action else None

    @property
    def content_type(self) -> str | None:
        """The Content-Type that API Gateway sends unless one is mapped; None where it is the caller's."""
        prefix = _TARGET_PREFIXES.get(self.service)
        return f"application/x-amz-json-{prefix[1]}" if prefix and self.action else None


def parse_aws_service_uri(uri: str) -> AwsServiceUri | None:
    """The parts of an integration's URI whose stage variables are replaced; None when it names no service's API."""
    match = _URI.fullmatch(uri)
    if match is None:
        return None
    subdomain, _, service = match["service"].rpartition(".")
    kind: Literal["path", "action"] = "path" if match["kind"] == "path" else "action"
    return AwsServiceUri(
        partition=match["partition"],
        region=match["region"],
        service=service,
        subdomain=subdomain,
        kind=kind,
        api=match["api"],
    )


def service_of(integration: Integration, stage_variables: Mapping[str, str]) -> AwsServiceUri | None:
    """The service that an integration of type AWS calls; None for every other type, and for Lambda's Invoke."""
    if integration.type != "AWS":
        return None
    uri = parse_aws_service_uri(with_stage_variables(integration.uri, stage_variables))
    return None if uri is None or uri.service == "lambda" else uri
