"""Which requests the provider sends to AWS for a registered resource: operations, and the members its inputs become.

Inputs and members have the same names but for the case of their letters, and a few renamed ones.
https://github.com/hashicorp/terraform-provider-aws
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.infra.harness import Resource
from tests.infra.service_models import input_shape

Inputs = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """An operation.

    `name` is the member that the resource's physical name becomes, `renamed` has members by inputs of another name,
    `prepare` changes the inputs before, `takes` are the inputs of this operation, all unless it is given.
    """

    service: str
    operation: str
    name: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Inputs], Inputs] = dict
    takes: tuple[str, ...] = ()


def requests_of(resource: Resource) -> Iterator[tuple[Sent, Inputs, list[str]]]:
    """The requests of a resource: the operation, its request, and the inputs that no member of it takes."""
    inputs = {key: value for key, value in resource.inputs.items() if key != "tags"}
    left = set(inputs) - NOT_SENT.get(resource.type, set())
    for sent in SENT[resource.type]:
        given = {key: value for key, value in inputs.items() if not sent.takes or key in sent.takes}
        shape = input_shape(sent.service, sent.operation)
        prepared = sent.prepare({key: value for key, value in given.items() if key in left})
        if sent.name:
            prepared.setdefault(sent.name, resource.inputs.get("name") or f"{resource.name}-1234567")
        lost: list[str] = []
        request = _converted(shape, {sent.renamed.get(key, key): value for key, value in prepared.items()}, lost)
        left -= set(given)
        yield sent, request, lost
    if left:
        yield SENT[resource.type][0], {}, sorted(left)


def _converted(shape: Any, value: Any, lost: list[str]) -> Any:
    """`value` as a shape has it; `lost` collects the names that the shape has no member for."""
    if shape.type_name == "structure":
        members = {name.lower(): name for name in shape.members}
        made = {}
        for key, item in value.items():
            name = next((members[each] for each in (key.lower(), f"{key.lower()}s") if each in members), None)
            if name is None:
                lost.append(key)
            elif item is not None and item != []:
                made[name] = _converted(shape.members[name], item, lost)
        return made
    if shape.type_name == "list":
        return [_converted(shape.member, item, lost) for item in (value if isinstance(value, list) else [value])]
    if shape.type_name == "map":
        return {key: _converted(shape.value, item, lost) for key, item in value.items()}
    if shape.type_name in ("integer", "long") and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _patches(**paths: str) -> Callable[[Inputs], Inputs]:
    """Inputs that are sent as patch operations, each at its path."""

    def prepare(inputs: Inputs) -> Inputs:
        patches = [{"op": "replace", "path": path, "value": str(inputs.pop(key))} for key, path in paths.items()]
        return {**inputs, "patchOperations": patches}

    return prepare


def _method_settings(inputs: Inputs) -> Inputs:
    patches = [
        {"op": "replace", "path": f"/{inputs['methodPath']}/{key}", "value": str(value)}
        for key, value in inputs["settings"].items()
    ]
    return {"restApi": inputs["restApi"], "stageName": inputs["stageName"], "patchOperations": patches}


def _alarm(inputs: Inputs) -> Inputs:
    pairs = [{"Name": key, "Value": value} for key, value in inputs.pop("dimensions").items()]
    return {**inputs, "dimensions": pairs}


def _flow_log(inputs: Inputs) -> Inputs:
    return {"resourceIds": [inputs.pop("vpcId")], "resourceType": "VPC", **inputs}


def _security_group_rule(inputs: Inputs) -> Inputs:
    description = inputs.pop("description")
    permission: Inputs = {key: inputs.pop(key) for key in ("ipProtocol", "fromPort", "toPort")}
    if group := inputs.pop("referencedSecurityGroupId", None):
        permission["userIdGroupPairs"] = [{"groupId": group, "description": description}]
    if cidr := inputs.pop("cidrIpv4", None):
        permission["ipRanges"] = [{"cidrIp": cidr, "description": description}]
    if prefix_list := inputs.pop("prefixListId", None):
        permission["prefixListIds"] = [{"prefixListId": prefix_list, "description": description}]
    return {"groupId": inputs.pop("securityGroupId"), "ipPermissions": [permission], **inputs}


def _service(inputs: Inputs) -> Inputs:
    network = dict(inputs.pop("networkConfiguration"))
    network["assignPublicIp"] = "ENABLED" if network["assignPublicIp"] else "DISABLED"
    deployment = {
        "deploymentCircuitBreaker": inputs.pop("deploymentCircuitBreaker"),
        "minimumHealthyPercent": inputs.pop("deploymentMinimumHealthyPercent"),
        "maximumPercent": inputs.pop("deploymentMaximumPercent"),
    }
    return {**inputs, "networkConfiguration": {"awsvpcConfiguration": network}, "deploymentConfiguration": deployment}


def _task_definition(inputs: Inputs) -> Inputs:
    return {**inputs, "containerDefinitions": json.loads(inputs.pop("containerDefinitions"))}


def _function(inputs: Inputs) -> Inputs:
    return {**inputs, "code": {"zipFile": b""}}


def _balancer(inputs: Inputs) -> Inputs:
    return {"scheme": "internal" if inputs.pop("internal") else "internet-facing", **inputs}


def _target_group(inputs: Inputs) -> Inputs:
    check = inputs.pop("healthCheck")
    renamed = {
        **{key: f"healthCheck{key.capitalize()}" for key in ("path", "protocol")},
        "interval": "healthCheckIntervalSeconds",
        "timeout": "healthCheckTimeoutSeconds",
        "healthyThreshold": "healthyThresholdCount",
        "unhealthyThreshold": "unhealthyThresholdCount",
    }
    matcher = {"HttpCode": check["matcher"]}
    return {**inputs, **{renamed[key]: value for key, value in check.items() if key != "matcher"}, "matcher": matcher}


API = {"restApi": "restApiId"}
_GATEWAY: dict[str, Sent] = {
    "account:Account": Sent("apigateway", "UpdateAccount", prepare=_patches(cloudwatchRoleArn="/cloudwatchRoleArn")),
    "apiKey:ApiKey": Sent("apigateway", "CreateApiKey", "name"),
    "authorizer:Authorizer": Sent("apigateway", "CreateAuthorizer", "name", API),
    "deployment:Deployment": Sent("apigateway", "CreateDeployment", renamed=API),
    "integration:Integration": Sent(
        "apigateway", "PutIntegration", renamed={**API, "timeoutMilliseconds": "timeoutInMillis"}
    ),
    "integrationResponse:IntegrationResponse": Sent("apigateway", "PutIntegrationResponse", renamed=API),
    "method:Method": Sent("apigateway", "PutMethod", renamed={**API, "authorization": "authorizationType"}),
    "methodResponse:MethodResponse": Sent("apigateway", "PutMethodResponse", renamed=API),
    "methodSettings:MethodSettings": Sent("apigateway", "UpdateStage", renamed=API, prepare=_method_settings),
    "requestValidator:RequestValidator": Sent("apigateway", "CreateRequestValidator", "name", API),
    "resource:Resource": Sent("apigateway", "CreateResource", renamed=API),
    "restApi:RestApi": Sent("apigateway", "CreateRestApi", "name"),
    "restApiPolicy:RestApiPolicy": Sent("apigateway", "UpdateRestApi", prepare=_patches(policy="/policy")),
    "stage:Stage": Sent(
        "apigateway",
        "CreateStage",
        renamed={**API, "deployment": "deploymentId", "xrayTracingEnabled": "tracingEnabled"},
    ),
    "usagePlan:UsagePlan": Sent("apigateway", "CreateUsagePlan", "name", {"throttleSettings": "throttle"}),
    "usagePlanKey:UsagePlanKey": Sent("apigateway", "CreateUsagePlanKey"),
}
_OTHER: dict[str, tuple[Sent, ...]] = {
    "apigatewayv2/vpcLink:VpcLink": (Sent("apigatewayv2", "CreateVpcLink", "name"),),
    "appautoscaling/policy:Policy": (Sent("application-autoscaling", "PutScalingPolicy", "policyName"),),
    "appautoscaling/target:Target": (Sent("application-autoscaling", "RegisterScalableTarget"),),
    "cloudwatch/dashboard:Dashboard": (Sent("cloudwatch", "PutDashboard"),),
    "cloudwatch/logGroup:LogGroup": (
        Sent("logs", "CreateLogGroup", "logGroupName", {"name": "logGroupName"}, takes=("name", "kmsKeyId")),
        Sent("logs", "PutRetentionPolicy", "logGroupName", takes=("retentionInDays",)),
    ),
    "cloudwatch/metricAlarm:MetricAlarm": (Sent("cloudwatch", "PutMetricAlarm", "alarmName", prepare=_alarm),),
    "ec2/flowLog:FlowLog": (
        Sent("ec2", "CreateFlowLogs", renamed={"iamRoleArn": "deliverLogsPermissionArn"}, prepare=_flow_log),
    ),
    "ec2/routeTable:RouteTable": (Sent("ec2", "CreateRouteTable"),),
    "ec2/routeTableAssociation:RouteTableAssociation": (Sent("ec2", "AssociateRouteTable"),),
    "ec2/securityGroup:SecurityGroup": (Sent("ec2", "CreateSecurityGroup", "groupName"),),
    "ec2/subnet:Subnet": (Sent("ec2", "CreateSubnet"),),
    "ec2/vpc:Vpc": (Sent("ec2", "CreateVpc"),),
    "ec2/vpcEndpoint:VpcEndpoint": (Sent("ec2", "CreateVpcEndpoint", renamed={"policy": "policyDocument"}),),
    "ecr/lifecyclePolicy:LifecyclePolicy": (
        Sent("ecr", "PutLifecyclePolicy", renamed={"repository": "repositoryName", "policy": "lifecyclePolicyText"}),
    ),
    "ecr/repository:Repository": (
        Sent(
            "ecr",
            "CreateRepository",
            "repositoryName",
            {"encryptionConfigurations": "encryptionConfiguration"},
            lambda inputs: {**inputs, "encryptionConfigurations": inputs["encryptionConfigurations"][0]},
        ),
    ),
    "ecs/cluster:Cluster": (Sent("ecs", "CreateCluster", renamed={"name": "clusterName"}),),
    "ecs/service:Service": (Sent("ecs", "CreateService", "serviceName", prepare=_service),),
    "ecs/taskDefinition:TaskDefinition": (Sent("ecs", "RegisterTaskDefinition", prepare=_task_definition),),
    "iam/role:Role": (Sent("iam", "CreateRole", "roleName", {"assumeRolePolicy": "assumeRolePolicyDocument"}),),
    "iam/rolePolicy:RolePolicy": (
        Sent("iam", "PutRolePolicy", "policyName", {"role": "roleName", "policy": "policyDocument"}),
    ),
    "iam/rolePolicyAttachment:RolePolicyAttachment": (Sent("iam", "AttachRolePolicy", renamed={"role": "roleName"}),),
    "kms/key:Key": (Sent("kms", "CreateKey"),),
    "lambda/function:Function": (
        Sent(
            "lambda",
            "PutFunctionConcurrency",
            "functionName",
            takes=("reservedConcurrentExecutions",),
            prepare=lambda inputs: inputs or {"reservedConcurrentExecutions": 0},
        ),
        Sent("lambda", "CreateFunction", "functionName", prepare=_function),
    ),
    "lambda/permission:Permission": (Sent("lambda", "AddPermission", "statementId", {"function": "functionName"}),),
    "lb/listener:Listener": (Sent("elbv2", "CreateListener"),),
    "lb/loadBalancer:LoadBalancer": (
        Sent("elbv2", "CreateLoadBalancer", "name", {"loadBalancerType": "type"}, _balancer),
    ),
    "lb/targetGroup:TargetGroup": (Sent("elbv2", "CreateTargetGroup", "name", prepare=_target_group),),
    "vpc/securityGroupEgressRule:SecurityGroupEgressRule": (
        Sent("ec2", "AuthorizeSecurityGroupEgress", prepare=_security_group_rule),
    ),
    "vpc/securityGroupIngressRule:SecurityGroupIngressRule": (
        Sent("ec2", "AuthorizeSecurityGroupIngress", prepare=_security_group_rule),
    ),
    "wafv2/webAcl:WebAcl": (Sent("wafv2", "CreateWebACL", "name"),),
    "wafv2/webAclAssociation:WebAclAssociation": (Sent("wafv2", "AssociateWebACL"),),
    "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": (
        Sent(
            "wafv2",
            "PutLoggingConfiguration",
            prepare=lambda inputs: {"loggingConfiguration": inputs},
        ),
    ),
}
SENT: dict[str, tuple[Sent, ...]] = {
    **{f"aws:apigateway/{name}": (sent,) for name, sent in _GATEWAY.items()},
    **{f"aws:{name}": sent for name, sent in _OTHER.items()},
}
NOT_SENT: dict[str, set[str]] = {
    "aws:apigateway/deployment:Deployment": {"triggers"},
    "aws:apigateway/stage:Stage": {"accessLogSettings"},
    "aws:ec2/subnet:Subnet": {"mapPublicIpOnLaunch"},
    "aws:ec2/vpc:Vpc": {"enableDnsSupport", "enableDnsHostnames"},
    "aws:ecr/repository:Repository": {"forceDelete"},
    "aws:ecs/service:Service": {"waitForSteadyState"},
    "aws:kms/key:Key": {"deletionWindowInDays", "enableKeyRotation"},
    "aws:lb/loadBalancer:LoadBalancer": {"dropInvalidHeaderFields", "desyncMitigationMode"},
    "aws:lb/targetGroup:TargetGroup": {"deregistrationDelay"},
}
"""Inputs that are the provider's own, or attributes that it sets afterwards one by one."""
