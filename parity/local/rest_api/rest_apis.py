"""From the resources of a program to the definitions of its REST APIs, as the control plane would assemble them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from parity.errors import UserError
from parity.gateway.checks.check import Problem, check
from parity.gateway.model.definition import (
    Authorizer,
    Canary,
    GatewayResponse,
    Model,
    RestApi,
    Stage,
)
from parity.local.program.project import ACCOUNT_ID, DEFAULT_REGION
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, optional_text, text, texts
from parity.local.rest_api.access import api_keys, method_settings, usage_plans
from parity.local.rest_api.methods import Methods
from parity.local.rest_api.private_endpoints import VPC_LINK_V1, VPC_LINK_V2
from parity.local.rest_api.refusals import refusals
from parity.local.rest_api.user_pools import user_pools

REST_API = "aws:apigateway/restApi:RestApi"
STAGE = "aws:apigateway/stage:Stage"
DEPLOYMENT = "aws:apigateway/deployment:Deployment"

LIVE_TYPES = frozenset(
    f"aws:apigateway/{name}"
    for name in (
        "restApi:RestApi",
        "restApiPolicy:RestApiPolicy",
        "restApiPut:RestApiPut",
        "resource:Resource",
        "method:Method",
        "methodResponse:MethodResponse",
        "methodSettings:MethodSettings",
        "integration:Integration",
        "integrationResponse:IntegrationResponse",
        "model:Model",
        "requestValidator:RequestValidator",
        "authorizer:Authorizer",
        "response:Response",
        "deployment:Deployment",
        "stage:Stage",
        "apiKey:ApiKey",
        "usagePlan:UsagePlan",
        "usagePlanKey:UsagePlanKey",
    )
) | {VPC_LINK_V1, VPC_LINK_V2}
"""The resource types that a served REST API is made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedApi:
    """A REST API, its stages by name, and the record that declares it.

    `refused` holds what AWS refuses to create of the whole program, `reported` those of them that this API reports.
    """

    definition: RestApi
    stages: Mapping[str, Stage]
    record: ResourceRecord
    refused: tuple[Problem, ...] = ()
    reported: tuple[Problem, ...] = ()

    def problems(self) -> list[Problem]:
        """What is wrong with the definition in any of its stages, each problem once.

        A resource that AWS refuses has that one error of its creation.
        """
        refused = {problem.declared_by for problem in self.refused}
        found = [problem for stage in self.stages.values() for problem in check(self.definition, stage)]
        found = [problem for problem in found if problem.told != "create" or problem.declared_by not in refused]
        return list({(problem.declared_by, problem.message): problem for problem in [*self.reported, *found]}.values())


def rest_apis(resource_index: ResourceIndex) -> list[DeployedApi]:
    """The REST APIs of a program, with the stages that serve them, in the order of their declaration.

    Raises:
        UserError: an API's OpenAPI document cannot be read.
    """
    methods = Methods(resource_index)
    stages = _stages(resource_index)
    keys, plans = api_keys(resource_index), usage_plans(resource_index)
    refused = tuple(refusals(resource_index))
    pools = user_pools(resource_index)
    apis: list[DeployedApi] = []
    for record in resource_index.of_type(REST_API):
        definition = replace(
            _definition(resource_index, record, methods), api_keys=keys, usage_plans=plans, user_pools=pools
        )
        apis.append(
            DeployedApi(
                definition=definition,
                stages=stages.get(record.id, {}),
                record=record,
                refused=refused,
                reported=() if apis else refused,
            )
        )
    return apis


def api_of(record: ResourceRecord) -> str:
    """The id of the REST API that a resource belongs to: its input is `restApi`, in some types `restApiId`."""
    return text(record.inputs, "restApi") or text(record.inputs, "restApiId")


def is_edge_optimized(api: ResourceRecord) -> bool:
    """Whether an API has CloudFront in front, as it has by default."""
    types = (api.inputs.get("endpointConfiguration") or {}).get("types") or "EDGE"
    return "EDGE" in (types if isinstance(types, list) else [types])


def _definition(resource_index: ResourceIndex, record: ResourceRecord, methods: Methods) -> RestApi:
    inputs, api_id = record.inputs, record.id
    api = _from_body(resource_index, record)
    policies = [r for r in resource_index.of_type("aws:apigateway/restApiPolicy:RestApiPolicy") if api_of(r) == api_id]
    resources = {resource.path: resource for resource in api.resources}
    for resource in methods.resources_of(record):
        known = resources.get(resource.path)
        if known is not None:
            resource = replace(resource, methods={**known.methods, **resource.methods})
        resources[resource.path] = resource
    size = text(inputs, "minimumCompressionSize").removesuffix(".0")
    compression = int(size) if size.isascii() and size.isdigit() else None
    return replace(
        api,
        name=text(record.outputs, "name") or api.name,
        resources=tuple(resources.values()),
        models={**api.models, **_models(resource_index, api_id)},
        authorizers={**api.authorizers, **_authorizers(resource_index, api_id)},
        gateway_responses={**api.gateway_responses, **_gateway_responses(resource_index, api_id)},
        binary_media_types=tuple(inputs.get("binaryMediaTypes") or api.binary_media_types),
        minimum_compression_size=compression if compression is not None else api.minimum_compression_size,
        api_key_source=inputs.get("apiKeySource") or api.api_key_source,
        policy=text(policies[-1].inputs, "policy") if policies else optional_text(inputs, "policy") or api.policy,
        disable_execute_api_endpoint=bool(inputs.get("disableExecuteApiEndpoint")) or api.disable_execute_api_endpoint,
        edge_optimized=is_edge_optimized(record),
        tags=texts(record.outputs, "tagsAll") or texts(inputs, "tags"),
    )


def _from_body(resource_index: ResourceIndex, record: ResourceRecord) -> RestApi:
    """The API as its OpenAPI document declares it, empty when it has none."""
    arn_parts = text(record.outputs, "executionArn").split(":")
    region, account_id = (arn_parts[3], arn_parts[4]) if len(arn_parts) > 5 else (DEFAULT_REGION, ACCOUNT_ID)
    puts = [r for r in resource_index.of_type("aws:apigateway/restApiPut:RestApiPut") if api_of(r) == record.id]
    source = puts[-1] if puts else record
    empty = RestApi(id=record.id, name="", region=region, account_id=account_id, declared_by=record.declared_by)
    body = optional_text(source.inputs, "body")
    if body is None:
        return empty
    from parity.gateway.openapi.importer import OpenApiError, rest_api_from_openapi

    base_path = texts(source.inputs, "parameters").get("basepath", "ignore")
    try:
        return rest_api_from_openapi(body, base=empty, base_path=base_path)
    except OpenApiError as error:
        raise UserError(f"{source.declared_by}: its body cannot be imported: {error}") from error


def _models(resource_index: ResourceIndex, api_id: str) -> dict[str, Model]:
    return {
        text(record.outputs, "name"): Model(
            name=text(record.outputs, "name"),
            schema=text(record.inputs, "schema", "{}"),
            content_type=text(record.inputs, "contentType", "application/json"),
            declared_by=record.declared_by,
        )
        for record in resource_index.of_type("aws:apigateway/model:Model")
        if api_of(record) == api_id
    }


def _authorizers(resource_index: ResourceIndex, api_id: str) -> dict[str, Authorizer]:
    return {
        record.id: _authorizer(record)
        for record in resource_index.of_type("aws:apigateway/authorizer:Authorizer")
        if api_of(record) == api_id
    }


def _authorizer(record: ResourceRecord) -> Authorizer:
    inputs = record.inputs
    ttl = inputs.get("authorizerResultTtlInSeconds")
    type_: Any = text(inputs, "type", "TOKEN")
    return Authorizer(
        id=record.id,
        name=text(record.outputs, "name"),
        type=type_,
        uri=text(inputs, "authorizerUri"),
        identity_source=text(inputs, "identitySource", "method.request.header.Authorization"),
        identity_validation_expression=optional_text(inputs, "identityValidationExpression"),
        result_ttl_seconds=300 if ttl is None else int(ttl),
        provider_arns=tuple(str(arn) for arn in inputs.get("providerArns") or ()),
        declared_by=record.declared_by,
    )


def _gateway_responses(resource_index: ResourceIndex, api_id: str) -> dict[str, GatewayResponse]:
    return {
        text(record.inputs, "responseType"): GatewayResponse(
            response_type=text(record.inputs, "responseType"),
            status_code=optional_text(record.inputs, "statusCode"),
            response_parameters=texts(record.inputs, "responseParameters"),
            response_templates=texts(record.inputs, "responseTemplates"),
            declared_by=record.declared_by,
        )
        for record in resource_index.of_type("aws:apigateway/response:Response")
        if api_of(record) == api_id
    }


def _stages(resource_index: ResourceIndex) -> dict[str, dict[str, Stage]]:
    """Every API's stages by name: those of Stage, and those that a Deployment of older providers makes itself."""
    settings = method_settings(resource_index)
    stages: dict[str, dict[str, Stage]] = {}
    for record in resource_index.of_type(DEPLOYMENT, STAGE):
        name = text(record.inputs, "stageName")
        if not name:
            continue
        access_log = record.inputs.get("accessLogSettings") or {}
        api_id = api_of(record)
        stages.setdefault(api_id, {})[name] = Stage(
            name=name,
            deployment_id=record.id if record.type == DEPLOYMENT else text(record.inputs, "deployment"),
            variables=texts(record.inputs, "variables"),
            method_settings=settings.get((api_id, name), {}),
            access_log_format=optional_text(access_log, "format"),
            access_log_destination=optional_text(access_log, "destinationArn"),
            cache_cluster_enabled=bool(record.inputs.get("cacheClusterEnabled")),
            canary=_canary(record),
            declared_by=record.declared_by,
        )
    return stages


def _canary(record: ResourceRecord) -> Canary | None:
    """The canary of a Stage, None if it has none."""
    settings = record.inputs.get("canarySettings")
    if not settings:
        return None
    return Canary(
        deployment_id=text(settings, "deploymentId") or text(record.inputs, "deployment"),
        percent_traffic=float(settings.get("percentTraffic") or 0.0),
        stage_variable_overrides=texts(settings, "stageVariableOverrides"),
        use_stage_cache=bool(settings.get("useStageCache")),
    )
