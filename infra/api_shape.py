"""What shapes an API: everything that a deployment freezes."""

import hashlib
import json
from typing import Any

import pulumi

SHAPING_TYPES = frozenset(
    f"aws:apigateway/{token}"
    for token in (
        "authorizer:Authorizer",
        "gatewayResponse:Response",
        "integration:Integration",
        "integrationResponse:IntegrationResponse",
        "method:Method",
        "methodResponse:MethodResponse",
        "model:Model",
        "requestValidator:RequestValidator",
        "resource:Resource",
        "response:Response",
        "restApi:RestApi",
        "restApiPolicy:RestApiPolicy",
    )
)


class ApiShape:
    """Records the arguments of each shaping resource that is registered under the component whose transformation
    `record` is, so that no author of a resource has to remember the deployment."""

    def __init__(self) -> None:
        self.resources: list[pulumi.Resource] = []
        self._arguments: dict[str, dict[str, Any]] = {}

    def record(self, args: pulumi.ResourceTransformationArgs) -> None:
        """A resource transformation that changes nothing."""
        if args.type_ in SHAPING_TYPES:
            # Tags are changed in place and served by no deployment.
            given = {key: value for key, value in args.props.items() if value is not None and key != "tags"}
            self._arguments[f"{args.type_} {args.name}"] = given
            self.resources.append(args.resource)

    def digest(self) -> pulumi.Output[str]:
        """The SHA-256 of all that was recorded: another one after any change of it."""
        return pulumi.Output.from_input(self._arguments).apply(digest_of)


def digest_of(arguments: dict[str, Any]) -> str:
    """The SHA-256 of the arguments of resources, by type and name, in hexadecimal."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()
