"""Outputs of API Gateway's resources.

https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
"""

from typing import Any

from parity.local.creation import Computer, Creation
from parity.local.identity import dns_suffix_of
from parity.local.outputs_generic import CREATED

REST_API = "aws:apigateway/restApi:RestApi"
RESOURCE = "aws:apigateway/resource:Resource"


def _rest_api(creation: Creation) -> dict[str, Any]:
    id_ = creation.token(10)
    return {
        "id": id_,
        "arn": creation.arn("apigateway", f"/restapis/{id_}", account=False),
        "executionArn": creation.arn("execute-api", id_),
        "rootResourceId": creation.token(10, salt="root"),
        "name": creation.name(),
        "createdDate": CREATED,
        "apiKeySource": "HEADER",
    }


def _resource(creation: Creation) -> dict[str, Any]:
    parent = creation.surroundings.find(RESOURCE, creation.text("parentId")).get("path", "")
    return {"id": creation.token(6), "path": f"{parent}/{creation.text('pathPart')}"}


def _rest_api_of(creation: Creation) -> str:
    return creation.text("restApi") or creation.text("restApiId")


def _composed(prefix: str, *names: str) -> Computer:
    """A computer of ids that are composed of inputs, such as `agm-{api}-{resource}-{method}`."""

    def computed(creation: Creation) -> dict[str, Any]:
        return {"id": "-".join([prefix, _rest_api_of(creation), *(creation.text(name) for name in names)])}

    return computed


def _short_id(creation: Creation) -> dict[str, Any]:
    return {"id": creation.token(6)}


def _integration(creation: Creation) -> dict[str, Any]:
    resource_id = creation.text("resourceId")
    return {
        "id": f"agi-{_rest_api_of(creation)}-{resource_id}-{creation.text('httpMethod')}",
        "passthroughBehavior": "WHEN_NO_MATCH",
        "cacheNamespace": resource_id,
    }


def _execution_arn(creation: Creation, stage: str) -> str:
    return creation.arn("execute-api", f"{_rest_api_of(creation)}/{stage}")


def _stage(creation: Creation) -> dict[str, Any]:
    api, name = _rest_api_of(creation), creation.text("stageName")
    return {
        "id": f"ags-{api}-{name}",
        "arn": creation.arn("apigateway", f"/restapis/{api}/stages/{name}", account=False),
        "executionArn": _execution_arn(creation, name),
        "invokeUrl": f"{creation.surroundings.origin(api)}/{name}",
        "webAclArn": "",
    }


def _deployment(creation: Creation) -> dict[str, Any]:
    return {"id": creation.token(6), "createdDate": CREATED}


def _api_key(creation: Creation) -> dict[str, Any]:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    id_ = creation.token(10)
    return {
        "id": id_,
        "arn": creation.arn("apigateway", f"/apikeys/{id_}", account=False),
        "name": creation.name(),
        "value": creation.token(40, letters, salt="value"),
        "enabled": True,
        "createdDate": CREATED,
        "lastUpdatedDate": CREATED,
    }


def _usage_plan(creation: Creation) -> dict[str, Any]:
    id_ = creation.token(6)
    return {"id": id_, "arn": creation.arn("apigateway", f"/usageplans/{id_}", account=False), "name": creation.name()}


def _usage_plan_key(creation: Creation) -> dict[str, Any]:
    key = creation.surroundings.find("aws:apigateway/apiKey:ApiKey", creation.text("keyId"))
    return {"id": creation.text("keyId"), "name": key.get("name", ""), "value": key.get("value", "")}


def _vpc_link(creation: Creation) -> dict[str, Any]:
    id_ = creation.token(6)
    path = "/v2/vpclinks" if creation.record.type.startswith("aws:apigatewayv2") else "/vpclinks"
    return {"id": id_, "arn": creation.arn("apigateway", f"{path}/{id_}", account=False), "name": creation.name()}


def _http_api(creation: Creation) -> dict[str, Any]:
    id_ = creation.token(10)
    scheme = "wss" if creation.text("protocolType") == "WEBSOCKET" else "https"
    return {
        "id": id_,
        "name": creation.name(),
        "arn": creation.arn("apigateway", f"/apis/{id_}", account=False),
        "apiEndpoint": f"{scheme}://{id_}.execute-api.{creation.region}.{dns_suffix_of(creation.region)}",
        "executionArn": creation.arn("execute-api", id_),
    }


def _http_stage(creation: Creation) -> dict[str, Any]:
    api, name = creation.text("apiId"), creation.name()
    host = f"{api}.execute-api.{creation.region}.{dns_suffix_of(creation.region)}"
    return {
        "id": name,
        "name": name,
        "arn": creation.arn("apigateway", f"/apis/{api}/stages/{name}", account=False),
        "executionArn": creation.arn("execute-api", f"{api}/{name}"),
        "invokeUrl": f"https://{host}/" if name == "$default" else f"https://{host}/{name}",
    }


COMPUTERS: dict[str, Computer] = {
    REST_API: _rest_api,
    RESOURCE: _resource,
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
    "aws:apigatewayv2/api:Api": _http_api,
    "aws:apigatewayv2/stage:Stage": _http_stage,
}
