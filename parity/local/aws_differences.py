"""What works locally and would not on AWS: reported at startup, since no request would show it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.model.definition import Method, Resource, Stage
from parity.local.functions.function import split_function_arn
from parity.local.functions.functions import ALIAS, FUNCTION
from parity.local.program.resource_index import ResourceIndex, text
from parity.local.rest_api.argument_table import ARGUMENTS, EARLIER_ARGUMENTS
from parity.local.rest_api.arguments import unemulated_arguments
from parity.local.rest_api.rest_apis import DEPLOYMENT, REST_API, DeployedApi, api_of, is_edge_optimized
from parity.local.services.role_permissions import AwsFailure, role_failures

_FUNCTION_ARN = re.compile(r"/functions/(.+)/(?:response-streaming-)?invocations$")
_PRINCIPALS = ("apigateway.amazonaws.com", "*")
_HTTP_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_AUTHORIZER = "aws:apigateway/authorizer:Authorizer"
_PERMISSION = (
    'declare an aws.lambda_.Permission with principal="apigateway.amazonaws.com" and '
    'source_arn=pulumi.Output.concat(api.execution_arn, "/{}")'
)
_INTEGRATION = "aws:apigateway/integration:Integration"


def differences(resource_index: ResourceIndex, apis: list[DeployedApi]) -> Iterator[str]:
    """The differences, each with its resource and what to do."""
    yield from map(str, failures(resource_index, apis))
    yield from map(str, _unknown_functions(resource_index, apis))
    yield from _other_versions(apis)
    yield from _edge_optimized(resource_index)
    yield from unemulated_arguments(resource_index, ARGUMENTS, EARLIER_ARGUMENTS)


def failures(resource_index: ResourceIndex, apis: Collection[DeployedApi]) -> Iterator[AwsFailure]:
    """What fails on AWS alone: for want of a permission, or of what a deployment has to wait for."""
    yield from _forbidden_functions(resource_index, apis)
    yield from _forbidden_authorizers(resource_index, apis)
    yield from role_failures(resource_index, apis)
    yield from _early_deployments(resource_index)


def _permitted_sources(resource_index: ResourceIndex) -> dict[str, list[str]]:
    """By a function's name the source ARNs from which API Gateway may invoke it, "" for any."""
    permitted: dict[str, list[str]] = {}
    for permission in resource_index.of_type("aws:lambda/permission:Permission"):
        if text(permission.inputs, "principal") in _PRINCIPALS:
            name = split_function_arn(text(permission.inputs, "function"))[0].rpartition(":")[2]
            permitted.setdefault(name, []).append(text(permission.inputs, "sourceArn"))
    return permitted


def _forbidden_authorizers(resource_index: ResourceIndex, apis: Collection[DeployedApi]) -> Iterator[AwsFailure]:
    """Authorizers whose function API Gateway may not invoke: AWS answers 500 to every request that needs them.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    """
    permitted = _permitted_sources(resource_index)
    for record in resource_index.of_type(_AUTHORIZER):
        found = _FUNCTION_ARN.search(text(record.inputs, "authorizerUri"))
        function = resource_index.find(split_function_arn(found[1])[0], FUNCTION) if found else None
        api = next((each.definition for each in apis if each.definition.id == api_of(record)), None)
        if function is None or api is None or record.inputs.get("authorizerCredentials"):
            continue
        arn = f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}/authorizers/{record.id}"
        sources = permitted.get(text(function.outputs, "name"), [])
        if not any(not source or _matches(source, arn) for source in sources):
            name = text(function.outputs, "name")
            yield AwsFailure(
                record.declared_by,
                f"{_who_may(sources)} invoke the function {name}, so that AWS would answer 500",
                _PERMISSION.format("authorizers/*"),
            )


def _who_may(sources: Sequence[str]) -> str:
    return f"only {' and '.join(sources)} may" if sources else "nothing permits API Gateway to"


def _forbidden_functions(resource_index: ResourceIndex, apis: Collection[DeployedApi]) -> Iterator[AwsFailure]:
    """Methods whose function API Gateway may not invoke: AWS answers 500.

    https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions
    """
    permitted = _permitted_sources(resource_index)
    told: set[tuple[str, bool]] = set()
    for api, resource, method in _methods(apis):
        integration = method.integration
        if integration is None or integration.credentials or integration.type not in ("AWS", "AWS_PROXY"):
            continue
        found = _FUNCTION_ARN.search(integration.uri)
        function = resource_index.find(split_function_arn(found[1])[0], FUNCTION) if found else None
        name = text(function.outputs, "name") if function else ""
        sources = permitted.get(name, [])
        if (
            not name
            or (name, bool(sources)) in told
            or any(_covers(source, api, resource, method) for source in sources)
        ):
            continue
        told.add((name, bool(sources)))
        yield AwsFailure(
            integration.declared_by,
            f"{_who_may(sources)} invoke the function {name}, so that AWS would answer 500",
            _PERMISSION.format(f"*/{_source_method(method)}{_source_path(resource)}"),
        )


def _covers(source_arn: str, api: DeployedApi, resource: Resource, method: Method) -> bool:
    """Whether a permission's source ARN may be that of a call of the method; one without a source covers all."""
    if not source_arn:
        return True
    definition = api.definition
    names = [*_HTTP_METHODS, "*"] if method.http_method == "ANY" else [method.http_method]
    # Which of the two AWS compares for a path parameter, its name or a wildcard, is not documented: either will do.
    paths = {_source_path(resource), resource.path}
    return any(
        _matches(
            source_arn,
            f"arn:aws:execute-api:{definition.region}:{definition.account_id}:{definition.id}/{stage}/{name}{path}",
        )
        for stage in (*api.stages, "*")
        for name in names
        for path in paths
    )


def _matches(source_arn: str, arn: str) -> bool:
    pattern = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in source_arn)
    return re.fullmatch(pattern, arn, re.DOTALL) is not None


def _source_method(method: Method) -> str:
    return "*" if method.http_method == "ANY" else method.http_method


def _source_path(resource: Resource) -> str:
    return re.sub(r"\{[^}]*\}", "*", resource.path)


def _unknown_functions(resource_index: ResourceIndex, apis: Collection[DeployedApi]) -> Iterator[AwsFailure]:
    """Functions that an API invokes and the program does not declare: every request to them fails with 500."""
    told: set[tuple[str, str]] = set()
    for declared_by, uri, stage in _invocations(apis):
        invoked = function_arn(uri, stage.variables) or ""
        arn, qualifier = split_function_arn(invoked)
        if not arn or (declared_by, invoked) in told:
            continue
        if resource_index.find(arn, FUNCTION) is None:
            what, here = f"the function {arn}", "its requests fail with 500 here"
        elif _is_alias(qualifier) and resource_index.find(invoked, ALIAS) is None:
            what, here = f"the alias {qualifier} of the function {arn}", "the function's code answers here"
        else:
            continue
        told.add((declared_by, invoked))
        yield AwsFailure(
            declared_by,
            f"it invokes {what}, which the program does not declare, so that {here}; on AWS requests fail with 500 "
            "unless it exists",
            "declare it, or use its invoke_arn",
        )


def _is_alias(qualifier: str | None) -> bool:
    return qualifier is not None and qualifier != "$LATEST" and not qualifier.isdigit()


def _invocations(apis: Iterable[DeployedApi]) -> Iterator[tuple[str, str, Stage]]:
    """Who invokes a function (an integration or an authorizer), its URI, and a stage."""
    for api in apis:
        for stage in api.stages.values():
            for authorizer in api.definition.authorizers.values():
                yield authorizer.declared_by, authorizer.uri, stage
            for _, _, method in _methods([api]):
                if method.integration is not None and method.integration.type in ("AWS", "AWS_PROXY"):
                    yield method.integration.declared_by, method.integration.uri, stage


def _early_deployments(resource_index: ResourceIndex) -> Iterator[AwsFailure]:
    """Deployments that may be made before the methods that they are to freeze: AWS refuses or leaves them out."""
    integrations = {record.urn: record for record in resource_index.of_type(_INTEGRATION)}
    apis_with_integrations = {api_of(record) for record in integrations.values()}
    for deployment in resource_index.of_type(DEPLOYMENT):
        api = api_of(deployment)
        if api not in apis_with_integrations or _reaches(resource_index, deployment.dependencies, set(integrations)):
            continue
        yield AwsFailure(
            deployment.declared_by,
            "it waits for no integration, so that AWS may freeze the API before it has any",
            "give it depends_on, and triggers computed from what shapes the API",
        )


def _edge_optimized(resource_index: ResourceIndex) -> Iterator[str]:
    """APIs with CloudFront in front, which adds headers (recorded on AWS, LocalStack snapshot
    test_lambda_aws_proxy_integration): that is the default.
    """
    found = [record.declared_by for record in resource_index.of_type(REST_API) if is_edge_optimized(record)]
    if found:
        yield (
            f"{', '.join(found)}: edge-optimized, which is the default. On AWS, CloudFront adds the request headers "
            "CloudFront-*, Via and X-Amz-Cf-Id and the response headers Via, X-Cache and X-Amz-Cf-*; locally they are "
            'missing. endpoint_configuration={"types": "REGIONAL"} leaves them out on AWS too'
        )


def _other_versions(apis: list[DeployedApi]) -> Iterator[str]:
    """Canaries of another deployment than their stage's: only AWS has what each deployment froze."""
    for stage in (stage for api in apis for stage in api.stages.values()):
        if stage.canary is not None and stage.canary.deployment_id != stage.deployment_id:
            yield (
                f"{stage.declared_by}: its canary has another deployment than the stage; locally both serve the API as "
                "the program declares it now, on AWS each serves what its deployment froze"
            )


def _reaches(resource_index: ResourceIndex, start: tuple[str, ...], wanted: set[str]) -> bool:
    """Whether one of the URNs `wanted` is among the dependencies of dependencies, or a child of one."""
    by_urn = {record.urn: record for record in resource_index.records}
    children: dict[str, list[str]] = {}
    for child in resource_index.records:
        children.setdefault(child.parent, []).append(child.urn)
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        urn = waiting.pop()
        if urn in wanted:
            return True
        if urn not in seen:
            seen.add(urn)
            record = by_urn.get(urn)
            if record is not None:
                waiting += [*record.dependencies, *(children.get(urn, ()) if not record.custom else ())]
    return False


def _methods(apis: Iterable[DeployedApi]) -> Iterator[tuple[DeployedApi, Resource, Method]]:
    for api in apis:
        for resource in api.definition.resources:
            for method in resource.methods.values():
                yield api, resource, method
