"""Outputs of Lambda, ECS, ECR, container images and load balancers."""

import json
from typing import Any

from parity.local.creation import Computer, Creation
from parity.local.identity import HEXADECIMAL, dns_suffix_of, partition_of
from parity.local.outputs_generic import CREATED

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


def _function(creation: Creation) -> dict[str, Any]:
    name = creation.name()
    function_arn = creation.arn("lambda", f"function:{name}")
    version = "1" if creation.inputs.get("publish") else "$LATEST"
    qualified = f"{function_arn}:{version}"
    return {
        "id": name,
        "name": name,
        "arn": function_arn,
        "invokeArn": invoke_arn(function_arn, creation.region),
        "qualifiedArn": qualified,
        "qualifiedInvokeArn": invoke_arn(qualified, creation.region),
        "responseStreamingInvokeArn": invoke_arn(function_arn, creation.region)
        .replace("2015-03-31", "2021-11-15")
        .replace("/invocations", "/response-streaming-invocations"),
        "version": version,
        "lastModified": CREATED,
        "architectures": ["x86_64"],
        "memorySize": 128,
        "timeout": 3,
        "packageType": "Zip",
        "codeSha256": creation.token(43) + "=",
        "sourceCodeHash": creation.token(43) + "=",
        "loggingConfig": {"logFormat": "Text", "logGroup": f"/aws/lambda/{name}"},
    }


def _function_arn(creation: Creation, name_or_arn: str) -> str:
    return name_or_arn if name_or_arn.startswith("arn:") else creation.arn("lambda", f"function:{name_or_arn}")


def _alias(creation: Creation) -> dict[str, Any]:
    name = creation.name()
    alias_arn = f"{_function_arn(creation, creation.text('functionName'))}:{name}"
    return {"id": alias_arn, "name": name, "arn": alias_arn, "invokeArn": invoke_arn(alias_arn, creation.region)}


def _layer_version(creation: Creation) -> dict[str, Any]:
    layer_arn = creation.arn("lambda", f"layer:{creation.text('layerName')}")
    version_arn = f"{layer_arn}:1"
    return {"id": version_arn, "arn": version_arn, "layerArn": layer_arn, "version": "1", "createdDate": CREATED}


def _function_url(creation: Creation) -> dict[str, Any]:
    function_arn = _function_arn(creation, creation.text("functionName"))
    url_id = creation.token(32)
    return {
        "id": creation.text("functionName"),
        "functionArn": function_arn,
        "functionUrl": f"https://{url_id}.lambda-url.{creation.region}.on.aws/",
        "urlId": url_id,
    }


def _permission(creation: Creation) -> dict[str, Any]:
    statement = creation.inputs.get("statementId") or creation.name("statementId")
    return {"id": statement, "statementId": statement}


def _cluster(creation: Creation) -> dict[str, Any]:
    cluster_arn = creation.arn("ecs", f"cluster/{creation.name()}")
    return {"id": cluster_arn, "arn": cluster_arn, "name": creation.name()}


def _service(creation: Creation) -> dict[str, Any]:
    cluster = creation.text("cluster", "default").rpartition("/")[2]
    service_arn = creation.arn("ecs", f"service/{cluster}/{creation.name()}")
    return {"id": service_arn, "arn": service_arn, "name": creation.name(), "cluster": cluster}


def _task_definition(creation: Creation) -> dict[str, Any]:
    family = creation.text("family")
    without_revision = creation.arn("ecs", f"task-definition/{family}")
    return {"id": family, "arn": f"{without_revision}:1", "arnWithoutRevision": without_revision, "revision": 1}


def _repository(creation: Creation) -> dict[str, Any]:
    name = creation.name()
    registry = f"{creation.account_id}.dkr.ecr.{creation.region}.{dns_suffix_of(creation.region)}"
    return {
        "id": name,
        "name": name,
        "arn": creation.arn("ecr", f"repository/{name}"),
        "registryId": creation.account_id,
        "repositoryUrl": f"{registry}/{name}",
    }


def _docker_build_image(creation: Creation) -> dict[str, Any]:
    content = json.dumps(creation.inputs, sort_keys=True, default=str)
    digest = "sha256:" + creation.token(50, HEXADECIMAL, salt=content) + creation.token(14, HEXADECIMAL, salt="end")
    tags = creation.inputs.get("tags") or []
    first = str(tags[0]) if tags else ""
    return {
        "id": digest,
        "digest": digest,
        "contextHash": creation.token(50, HEXADECIMAL, salt="context" + content),
        "ref": f"{first}@{digest}" if first else digest,
    }


def _load_balancer(creation: Creation) -> dict[str, Any]:
    name = creation.name()[:32]
    kind = {"network": "net", "gateway": "gwy"}.get(creation.text("loadBalancerType"), "app")
    suffix = f"{kind}/{name}/{creation.token(16, HEXADECIMAL)}"
    internal = "internal-" if creation.inputs.get("internal") else ""
    domain = f"{creation.region}.elb.{dns_suffix_of(creation.region)}"
    load_balancer_arn = creation.arn("elasticloadbalancing", f"loadbalancer/{suffix}")
    return {
        "id": load_balancer_arn,
        "arn": load_balancer_arn,
        "arnSuffix": suffix,
        "name": name,
        "dnsName": f"{internal}{name}-{creation.token(10, '0123456789')}.{domain}",
        "zoneId": _LOAD_BALANCER_ZONES.get(creation.region, "Z35SXDOTRQ7X7K"),
    }


def _listener(creation: Creation) -> dict[str, Any]:
    load_balancer = creation.text("loadBalancerArn").partition("loadbalancer/")[2]
    listener_arn = creation.arn("elasticloadbalancing", f"listener/{load_balancer}/{creation.token(16, HEXADECIMAL)}")
    return {"id": listener_arn, "arn": listener_arn, "protocol": "HTTP"}


def _listener_rule(creation: Creation) -> dict[str, Any]:
    listener = creation.text("listenerArn").partition("listener/")[2]
    rule_arn = creation.arn("elasticloadbalancing", f"listener-rule/{listener}/{creation.token(16, HEXADECIMAL)}")
    return {"id": rule_arn, "arn": rule_arn}


def _target_group(creation: Creation) -> dict[str, Any]:
    name = creation.name()[:32]
    suffix = f"targetgroup/{name}/{creation.token(16, HEXADECIMAL)}"
    group_arn = creation.arn("elasticloadbalancing", suffix)
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
