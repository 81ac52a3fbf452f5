"""Outputs of Lambda, ECS, ECR, container images and load balancers."""

from __future__ import annotations

import json
from typing import Any

from parity.local.resources.generic import CREATED
from parity.local.resources.identity import HEXADECIMAL, dns_suffix_of, partition_of
from parity.local.resources.resource_context import Computer, ResourceContext

FUNCTION = "aws:lambda/function:Function"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
LOAD_BALANCER_TYPES = ("lb", "alb", "elasticloadbalancingv2")
_LOAD_BALANCER_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-central-1": "Z215JYRZR1TBD5",
}


def invoke_arn(function_arn: str, region: str) -> str:
    """The URI by which API Gateway invokes a function."""
    path = f"path/2015-03-31/functions/{function_arn}/invocations"
    return f"arn:{partition_of(region)}:apigateway:{region}:lambda:{path}"


def _function(context: ResourceContext) -> dict[str, Any]:
    name = context.name()
    function_arn = context.arn("lambda", f"function:{name}")
    version = "1" if context.inputs.get("publish") else "$LATEST"
    qualified = f"{function_arn}:{version}"
    return {
        "id": name,
        "name": name,
        "arn": function_arn,
        "invokeArn": invoke_arn(function_arn, context.region),
        "qualifiedArn": qualified,
        "qualifiedInvokeArn": invoke_arn(qualified, context.region),
        "responseStreamingInvokeArn": invoke_arn(function_arn, context.region)
        .replace("2015-03-31", "2021-11-15")
        .replace("/invocations", "/response-streaming-invocations"),
        "version": version,
        "lastModified": CREATED,
        "architectures": ["x86_64"],
        "memorySize": 128,
        "timeout": 3,
        "packageType": "Zip",
        "codeSha256": context.token(43) + "=",
        "sourceCodeHash": context.token(43) + "=",
        "loggingConfig": {"logFormat": "Text", "logGroup": f"/aws/lambda/{name}"},
    }


def _function_arn(context: ResourceContext, name_or_arn: str) -> str:
    return name_or_arn if name_or_arn.startswith("arn:") else context.arn("lambda", f"function:{name_or_arn}")


def _alias(context: ResourceContext) -> dict[str, Any]:
    name = context.name()
    alias_arn = f"{_function_arn(context, context.text('functionName'))}:{name}"
    return {"id": alias_arn, "name": name, "arn": alias_arn, "invokeArn": invoke_arn(alias_arn, context.region)}


def _layer_version(context: ResourceContext) -> dict[str, Any]:
    layer_arn = context.arn("lambda", f"layer:{context.text('layerName')}")
    version_arn = f"{layer_arn}:1"
    return {"id": version_arn, "arn": version_arn, "layerArn": layer_arn, "version": "1", "createdDate": CREATED}


def _function_url(context: ResourceContext) -> dict[str, Any]:
    function_arn = _function_arn(context, context.text("functionName"))
    url_id = context.token(32)
    return {
        "id": context.text("functionName"),
        "functionArn": function_arn,
        "functionUrl": f"https://{url_id}.lambda-url.{context.region}.on.aws/",
        "urlId": url_id,
    }


def _permission(context: ResourceContext) -> dict[str, Any]:
    statement = context.inputs.get("statementId") or context.name("statementId")
    return {"id": statement, "statementId": statement}


def _cluster(context: ResourceContext) -> dict[str, Any]:
    cluster_arn = context.arn("ecs", f"cluster/{context.name()}")
    return {"id": cluster_arn, "arn": cluster_arn, "name": context.name()}


def _service(context: ResourceContext) -> dict[str, Any]:
    cluster = context.text("cluster", "default").rpartition("/")[2]
    service_arn = context.arn("ecs", f"service/{cluster}/{context.name()}")
    return {"id": service_arn, "arn": service_arn, "name": context.name(), "cluster": cluster}


def _task_definition(context: ResourceContext) -> dict[str, Any]:
    family = context.text("family")
    without_revision = context.arn("ecs", f"task-definition/{family}")
    return {"id": family, "arn": f"{without_revision}:1", "arnWithoutRevision": without_revision, "revision": 1}


def _repository(context: ResourceContext) -> dict[str, Any]:
    name = context.name()
    registry = f"{context.account_id}.dkr.ecr.{context.region}.{dns_suffix_of(context.region)}"
    return {
        "id": name,
        "name": name,
        "arn": context.arn("ecr", f"repository/{name}"),
        "registryId": context.account_id,
        "repositoryUrl": f"{registry}/{name}",
    }


def _docker_build_image(context: ResourceContext) -> dict[str, Any]:
    content = json.dumps(context.inputs, sort_keys=True, default=str)
    digest = "sha256:" + context.token(50, HEXADECIMAL, salt=content) + context.token(14, HEXADECIMAL, salt="end")
    tags = context.inputs.get("tags") or []
    first = str(tags[0]) if tags else ""
    return {
        "id": digest,
        "digest": digest,
        "contextHash": context.token(50, HEXADECIMAL, salt="context" + content),
        "ref": f"{first}@{digest}" if first else digest,
    }


def _load_balancer(context: ResourceContext) -> dict[str, Any]:
    name = context.name()[:32]
    kind = {"network": "net", "gateway": "gwy"}.get(context.text("loadBalancerType"), "app")
    suffix = f"{kind}/{name}/{context.token(16, HEXADECIMAL)}"
    internal = "internal-" if context.inputs.get("internal") else ""
    domain = f"{context.region}.elb.{dns_suffix_of(context.region)}"
    load_balancer_arn = context.arn("elasticloadbalancing", f"loadbalancer/{suffix}")
    return {
        "id": load_balancer_arn,
        "arn": load_balancer_arn,
        "arnSuffix": suffix,
        "name": name,
        "dnsName": f"{internal}{name}-{context.token(10, '0123456789')}.{domain}",
        "zoneId": _LOAD_BALANCER_ZONES.get(context.region, "Z35SXDOTRQ7X7K"),
    }


def _listener(context: ResourceContext) -> dict[str, Any]:
    load_balancer = context.text("loadBalancerArn").partition("loadbalancer/")[2]
    listener_arn = context.arn("elasticloadbalancing", f"listener/{load_balancer}/{context.token(16, HEXADECIMAL)}")
    return {"id": listener_arn, "arn": listener_arn, "protocol": "HTTP"}


def _listener_rule(context: ResourceContext) -> dict[str, Any]:
    listener = context.text("listenerArn").partition("listener/")[2]
    rule_arn = context.arn("elasticloadbalancing", f"listener-rule/{listener}/{context.token(16, HEXADECIMAL)}")
    return {"id": rule_arn, "arn": rule_arn}


def _target_group(context: ResourceContext) -> dict[str, Any]:
    name = context.name()[:32]
    suffix = f"targetgroup/{name}/{context.token(16, HEXADECIMAL)}"
    group_arn = context.arn("elasticloadbalancing", suffix)
    return {"id": group_arn, "arn": group_arn, "arnSuffix": suffix, "name": name}


COMPUTERS: dict[str, Computer] = {
    FUNCTION: _function,
    "aws:lambda/alias:Alias": _alias,
    "aws:lambda/layerVersion:LayerVersion": _layer_version,
    "aws:lambda/functionUrl:FunctionUrl": _function_url,
    "aws:lambda/permission:Permission": _permission,
    "aws:ecs/cluster:Cluster": _cluster,
    "aws:ecs/service:Service": _service,
    TASK_DEFINITION: _task_definition,
    "aws:ecr/repository:Repository": _repository,
    "docker-build:index:Image": _docker_build_image,
}
for _package in LOAD_BALANCER_TYPES:
    COMPUTERS[f"aws:{_package}/loadBalancer:LoadBalancer"] = _load_balancer
    COMPUTERS[f"aws:{_package}/listener:Listener"] = _listener
    COMPUTERS[f"aws:{_package}/listenerRule:ListenerRule"] = _listener_rule
    COMPUTERS[f"aws:{_package}/targetGroup:TargetGroup"] = _target_group
