"""What shapes an API: everything that a deployment freezes."""

import hashlib
import json
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, cast

import pulumi

SHAPING_TYPES = frozenset(
    f"aws:apigateway/{token}"
    for token in (
        "authorizer:Authorizer",
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
        """The SHA-256 of all that was recorded: another one after any change of it.

        It depends on no resource. The engine would otherwise delete the deployment, which the stage still serves,
        together with an integration that goes before its successor comes; `resources` are for `depends_on`.
        """
        # Each output is awaited once, however many arguments hold it: the API's id is in every resource.
        outputs: dict[int, pulumi.Output[Any]] = {}
        _collect(self._arguments, outputs)
        names = list(outputs)
        digest = pulumi.Output.all(*outputs.values()).apply(
            lambda values: digest_of(_resolved(self._arguments, dict(zip(names, values, strict=True))))
        )
        return _without_resources(digest)


def _without_resources(output: pulumi.Output[str]) -> pulumi.Output[str]:
    """The same value, as if it came from no resource."""
    value = cast(Awaitable[str], output.future(with_unknowns=True))
    return pulumi.Output(set(), value, output.is_known(), output.is_secret())


def _collect(value: Any, outputs: dict[int, pulumi.Output[Any]]) -> None:
    """Adds each output in `value` to `outputs`, by its identity."""
    if isinstance(value, pulumi.Output):
        outputs[id(value)] = value
    elif isinstance(value, Mapping):
        for each in value.values():
            _collect(each, outputs)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            _collect(each, outputs)


def _resolved(value: Any, values: dict[int, Any]) -> Any:
    """`value` with each output replaced by its value."""
    if isinstance(value, pulumi.Output):
        return values[id(value)]
    if isinstance(value, Mapping):
        return {key: _resolved(each, values) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_resolved(each, values) for each in value]
    return value


def digest_of(arguments: dict[str, Any]) -> str:
    """The SHA-256 of the arguments of resources, by type and name, in hexadecimal."""
    return hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()
