"""Outputs of API Gateway's resources.

https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
"""

from __future__ import annotations

from typing import Any

from parity.local.resources.generic import CREATED
from parity.local.resources.identity import dns_suffix_of
from parity.local.resources.resource_context import Computer, ResourceContext

REST_API = "aws:apigateway/restApi:RestApi"
RESOURCE = "aws:apigateway/resource:Resource"


def _rest_api(context: ResourceContext) -> dict[str, Any]:
    id_ = context.token(10)
    return {
        "id": id_,
        "arn": context.arn("apigateway", f"/restapis/{id_}", account=False),
        "executionArn": context.arn("execute-api", id_),
        "rootResourceId": context.token(10, salt="root"),
        "name": context.name(),
        "createdDate": CREATED,
        "apiKeySource": "HEADER",
    }


def _resource(context: ResourceContext) -> dict[str, Any]:
    parent = context.emulated_account.find(RESOURCE, context.text("parentId")).get("path", "")
    return {"id": context.token(6), "path": f"{parent}/{context.text('pathPart')}"}


def _rest_api_of(context: ResourceContext) -> str:
    return context.text("restApi") or context.text("restApiId")


def _composed(prefix: str, *names: str) -> Computer:
    """A computer of ids that are composed of inputs, such as `agm-{api}-{resource}-{method}`."""

    def computed(context: ResourceContext) -> dict[str, Any]:
        return {"id": "-".join([prefix, _rest_api_of(context), *(context.text(name) for name in names)])}

    return computed


def _short_id(context: ResourceContext) -> dict[str, Any]:
    return {"id": context.token(6)}


def _integration(context: ResourceContext) -> dict[str, Any]:
    resource_id = context.text("resourceId")
    return {
        "id": f"agi-{_rest_api_of(context)}-{resource_id}-{context.text('httpMethod')}",
        "passthroughBehavior": "WHEN_NO_MATCH",
        "cacheNamespace": resource_id,
    }


def _execution_arn(context: ResourceContext, stage: str) -> str:
    return context.arn("execute-api", f"{_rest_api_of(context)}/{stage}")


def _invoke_url(context: ResourceContext, stage: str) -> str:
    """The local URL of a stage; AWS's own when the API is not this program's, and so is not served."""
    api = _rest_api_of(context)
    origin = context.emulated_account.origin(api)
    domain = f"{api}.execute-api.{context.region}.{dns_suffix_of(context.region)}"
    return f"{origin or f'https://{domain}'}/{stage}"


def _stage(context: ResourceContext) -> dict[str, Any]:
    api, name = _rest_api_of(context), context.text("stageName")
    return {
        "id": f"ags-{api}-{name}",
        "arn": context.arn("apigateway", f"/restapis/{api}/stages/{name}", account=False),
        "executionArn": _execution_arn(context, name),
        "invokeUrl": _invoke_url(context, name),
        "webAclArn": "",
    }


def _deployment(context: ResourceContext) -> dict[str, Any]:
    """`invokeUrl` and `executionArn` are properties up to version 6 of the provider."""
    stage = context.text("stageName")
    return {
        "id": context.token(6),
        "createdDate": CREATED,
        "invokeUrl": _invoke_url(context, stage),
        "executionArn": _execution_arn(context, stage),
    }


def _api_key(context: ResourceContext) -> dict[str, Any]:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    id_ = context.token(10)
    return {
        "id": id_,
        "arn": context.arn("apigateway", f"/apikeys/{id_}", account=False),
        "name": context.name(),
        "value": context.token(40, letters, salt="value"),
        "enabled": True,
        "createdDate": CREATED,
        "lastUpdatedDate": CREATED,
    }


def _account(context: ResourceContext) -> dict[str, Any]:
    """The account's settings; where no program sets its role for logs, it has one."""
    role = context.arn("iam", "role/api-gateway-logs", global_=True)
    return {"id": "api-gateway-account", "cloudwatchRoleArn": context.text("cloudwatchRoleArn") or role}


def _usage_plan(context: ResourceContext) -> dict[str, Any]:
    id_ = context.token(6)
    return {"id": id_, "arn": context.arn("apigateway", f"/usageplans/{id_}", account=False), "name": context.name()}


def _usage_plan_key(context: ResourceContext) -> dict[str, Any]:
    key = context.emulated_account.find("aws:apigateway/apiKey:ApiKey", context.text("keyId"))
    return {"id": context.text("keyId"), "name": key.get("name", ""), "value": key.get("value", "")}


def _vpc_link(context: ResourceContext) -> dict[str, Any]:
    id_ = context.token(6)
    path = "/v2/vpclinks" if context.record.type.startswith("aws:apigatewayv2") else "/vpclinks"
    return {"id": id_, "arn": context.arn("apigateway", f"{path}/{id_}", account=False), "name": context.name()}


def _domain_name(context: ResourceContext) -> dict[str, Any]:
    name, label = context.text("domainName"), context.token(10)
    suffix = f"execute-api.{context.region}.{dns_suffix_of(context.region)}"
    return {
        "id": name,
        "arn": context.arn("apigateway", f"/domainnames/{name}", account=False),
        "regionalDomainName": f"d-{label}.{suffix}",
        "regionalZoneId": "Z1UJRXOUMOOFQ8",
        "cloudfrontDomainName": f"d{label}abc.cloudfront.net",
        "cloudfrontZoneId": "Z2FDTNDATAQYW2",
    }


def _base_path_mapping(context: ResourceContext) -> dict[str, Any]:
    return {"id": f"{context.text('domainName')}/{context.text('basePath')}"}


def _http_domain_name(context: ResourceContext) -> dict[str, Any]:
    name, label = context.text("domainName"), context.token(10)
    target = f"d-{label}.execute-api.{context.region}.{dns_suffix_of(context.region)}"
    return {
        "id": name,
        "arn": context.arn("apigateway", f"/domainnames/{name}", account=False),
        "apiMappingSelectionExpression": "$request.basepath",
        "domainNameConfiguration": {"targetDomainName": target, "hostedZoneId": "Z1UJRXOUMOOFQ8"},
    }


def _http_api(context: ResourceContext) -> dict[str, Any]:
    id_ = context.token(10)
    scheme = "wss" if context.text("protocolType") == "WEBSOCKET" else "https"
    return {
        "id": id_,
        "name": context.name(),
        "arn": context.arn("apigateway", f"/apis/{id_}", account=False),
        "apiEndpoint": f"{scheme}://{id_}.execute-api.{context.region}.{dns_suffix_of(context.region)}",
        "executionArn": context.arn("execute-api", id_),
    }


def _http_stage(context: ResourceContext) -> dict[str, Any]:
    api, name = context.text("apiId"), context.name()
    host = f"{api}.execute-api.{context.region}.{dns_suffix_of(context.region)}"
    return {
        "id": name,
        "name": name,
        "arn": context.arn("apigateway", f"/apis/{api}/stages/{name}", account=False),
        "executionArn": context.arn("execute-api", f"{api}/{name}"),
        "invokeUrl": f"https://{host}/" if name == "$default" else f"https://{host}/{name}",
    }


COMPUTERS: dict[str, Computer] = {
    REST_API: _rest_api,
    RESOURCE: _resource,
    "aws:apigateway/account:Account": _account,
    "aws:apigateway/method:Method": _composed("agm", "resourceId", "httpMethod"),
    "aws:apigateway/methodResponse:MethodResponse": _composed("agmr", "resourceId", "httpMethod", "statusCode"),
    "aws:apigateway/integration:Integration": _integration,
    "aws:apigateway/integrationResponse:IntegrationResponse": _composed(
        "agir", "resourceId", "httpMethod", "statusCode"
    ),
    "aws:apigateway/response:Response": _composed("aggr", "responseType"),
    "aws:apigateway/model:Model": _short_id,
    "aws:apigateway/requestValidator:RequestValidator": _short_id,
    "aws:apigateway/authorizer:Authorizer": _short_id,
    "aws:apigateway/documentationPart:DocumentationPart": _short_id,
    "aws:apigateway/deployment:Deployment": _deployment,
    "aws:apigateway/stage:Stage": _stage,
    "aws:apigateway/methodSettings:MethodSettings": _composed("agms", "stageName", "methodPath"),
    "aws:apigateway/apiKey:ApiKey": _api_key,
    "aws:apigateway/usagePlan:UsagePlan": _usage_plan,
    "aws:apigateway/usagePlanKey:UsagePlanKey": _usage_plan_key,
    "aws:apigateway/vpcLink:VpcLink": _vpc_link,
    "aws:apigatewayv2/vpcLink:VpcLink": _vpc_link,
    "aws:apigateway/domainName:DomainName": _domain_name,
    "aws:apigateway/basePathMapping:BasePathMapping": _base_path_mapping,
    "aws:apigatewayv2/domainName:DomainName": _http_domain_name,
    "aws:apigatewayv2/api:Api": _http_api,
    "aws:apigatewayv2/stage:Stage": _http_stage,
}
