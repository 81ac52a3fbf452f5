"""Promises about running the stack: containers, logs, alarms, updates and the end."""

import json
from collections.abc import Iterator

from backend_http.app import SHUTDOWN_SECONDS
from tests.infra.harness import Deployed
from tests.infra.promise import Promise, change_container, container, each, setter

STAGE, SETTINGS = "apigateway/stage:Stage", "apigateway/methodSettings:MethodSettings"
TARGETS, SERVICE, IMAGES = "lb/targetGroup:TargetGroup", "ecs/service:Service", "ecr/repository:Repository"
FUNCTION = "lambda/function:Function"
COSTLY_LEFTOVERS = ("skipDestroy", "deletionProtectionEnabled", "enableDeletionProtection")


def weak_containers(deployed: Deployed) -> Iterator[str]:
    """What a container may do that it need not."""
    if not deployed.of("ecs/taskDefinition:TaskDefinition"):
        return
    found = container(deployed)
    if found.get("user") in (None, "root", "0", "0:0"):
        yield "the container is root"
    if found.get("readonlyRootFilesystem") is not True:
        yield "the container can write to its root"
    if found.get("privileged") or found["linuxParameters"]["capabilities"].get("drop") != ["ALL"]:
        yield "the container keeps capabilities"


def mutable_images(deployed: Deployed) -> Iterator[str]:
    """Images that can change under their name."""
    for repository in deployed.of(IMAGES):
        if repository.inputs.get("imageTagMutability") != "IMMUTABLE":
            yield f"the tags of {repository.name} can move"
        if "@sha256:" not in container(deployed)["image"]:
            yield f"the task names {container(deployed)['image']}"


def undrained(deployed: Deployed) -> Iterator[str]:
    """Where a request that has begun would be cut off."""
    for target_group in deployed.of(TARGETS):
        if target_group.inputs["deregistrationDelay"] * 1000 < 29_000:
            yield f"{target_group.name} lets go of a request that API Gateway still waits for"
    if deployed.of("ecs/taskDefinition:TaskDefinition") and container(deployed)["stopTimeout"] <= SHUTDOWN_SECONDS:
        yield "the container is killed before it has finished"


def silent_backends(deployed: Deployed) -> Iterator[str]:
    """Backends without an alarm for errors or for latency."""
    for method in deployed.of("apigateway/integration:Integration"):
        path = f"/{method.name.split('-')[0]}/{{proxy+}}"
        alarms = [
            alarm.inputs["metricName"]
            for alarm in deployed.of("cloudwatch/metricAlarm:MetricAlarm")
            if alarm.inputs["dimensions"]["Resource"] == path
        ]
        yield from (f"{path} has no alarm for {metric}" for metric in {"5XXError", "Latency"} - set(alarms))


def unlike_charts(deployed: Deployed) -> Iterator[str]:
    """Backends whose column of the dashboard differs from the others'."""
    widgets = json.loads(deployed.one("cloudwatch/dashboard:Dashboard").inputs["dashboardBody"])["widgets"]
    columns: dict[int, list[tuple[int, str]]] = {}
    for widget in widgets:
        shown = " ".join(metric[1] for metric in widget["properties"]["metrics"])
        columns.setdefault(widget["x"], []).append((widget["y"], shown))
    if len(columns) != len(deployed.of("apigateway/integration:Integration")):
        yield f"{len(columns)} columns"
    if len({str(sorted(charts)) for charts in columns.values()}) > 1:
        yield "the columns differ"
    for metric in ("Latency", "5XXError", "Count"):
        if not all(any(metric in shown for _, shown in charts) for charts in columns.values()):
            yield f"{metric} is missing"


def untagged(deployed: Deployed) -> Iterator[str]:
    """Resources that take tags and do not say whose they are."""
    for resource in deployed.resources:
        if resource.type.split(":", 1)[-1] in TAKES_TAGS:
            tags = resource.inputs.get("tags") or {}
            if not {"Project", "Stack", "ManagedBy"} <= tags.keys():
                yield f"{resource.type} {resource.name}"


TAKES_TAGS = frozenset(
    (
        *("apigateway/restApi:RestApi", STAGE, "apigateway/apiKey:ApiKey", "apigateway/usagePlan:UsagePlan"),
        *("apigatewayv2/vpcLink:VpcLink", "appautoscaling/target:Target", "cloudwatch/logGroup:LogGroup"),
        *("cloudwatch/metricAlarm:MetricAlarm", "ec2/flowLog:FlowLog", "ec2/routeTable:RouteTable"),
        *("ec2/securityGroup:SecurityGroup", "ec2/subnet:Subnet", "ec2/vpc:Vpc", "ec2/vpcEndpoint:VpcEndpoint"),
        *("ec2/defaultSecurityGroup:DefaultSecurityGroup", "ecs/cluster:Cluster", SERVICE, IMAGES, FUNCTION),
        *("ecs/taskDefinition:TaskDefinition", "iam/role:Role", "kms/key:Key", "lb/listener:Listener", TARGETS),
        *("lb/loadBalancer:LoadBalancer", "vpc/securityGroupEgressRule:SecurityGroupEgressRule"),
        *("vpc/securityGroupIngressRule:SecurityGroupIngressRule", "wafv2/webAcl:WebAcl"),
    )
)


def left_behind(deployed: Deployed) -> Iterator[str]:
    """What `pulumi destroy` would leave, or fail at."""
    for resource in deployed.resources:
        yield from (f"{resource.name}: {key}" for key in COSTLY_LEFTOVERS if resource.inputs.get(key))
    for repository in deployed.of(IMAGES):
        if repository.inputs.get("forceDelete") is not True:
            yield f"{repository.name} is not deleted with its images"


def unlogged(deployed: Deployed) -> Iterator[str]:
    """What the access log does not say."""
    line = json.loads(deployed.one(STAGE).inputs["accessLogSettings"]["format"])
    for variable in ("$context.requestId", "$context.integration.latency", "$context.status"):
        if variable not in line.values():
            yield variable


def unowned_insights(deployed: Deployed) -> Iterator[str]:
    """Clusters whose log group ECS would make itself: unencrypted, kept for ever, and left behind."""
    groups = {group.inputs.get("name") for group in deployed.of("cloudwatch/logGroup:LogGroup")}
    for cluster in deployed.of("ecs/cluster:Cluster"):
        if f"/aws/ecs/containerinsights/{cluster.inputs.get('name')}/performance" not in groups:
            yield cluster.name


def unscaled(deployed: Deployed) -> Iterator[str]:
    """Services whose number of tasks does not follow their load."""
    if deployed.of(SERVICE):
        targets = [target.inputs["resourceId"] for target in deployed.of("appautoscaling/target:Target")]
        policies = [policy.inputs["resourceId"] for policy in deployed.of("appautoscaling/policy:Policy")]
        if len(targets) != 1 or targets != policies or not targets[0].startswith("service/"):
            yield f"targets {targets}, policies {policies}"


PROMISES = (
    Promise(
        "the container is not root, has a read-only root and no capability",
        weak_containers,
        lambda deployed: change_container(deployed, readonlyRootFilesystem=False),
    ),
    Promise(
        "images are named by digest, and tags never move", mutable_images, setter(IMAGES, imageTagMutability="MUTABLE")
    ),
    Promise(
        "images are scanned when they are pushed",
        each(IMAGES, lambda inputs: not inputs.get("imageScanningConfiguration", {}).get("scanOnPush")),
        setter(IMAGES, imageScanningConfiguration={"scanOnPush": False}),
    ),
    Promise(
        "the stage is throttled",
        each(SETTINGS, lambda inputs: not inputs["settings"].get("throttlingRateLimit", -1) > 0),
        setter(SETTINGS, settings={"throttlingRateLimit": -1}),
    ),
    Promise(
        "clients need TLS 1.2 or newer",
        each("apigateway/restApi:RestApi", lambda inputs: "TLS13_1_2" not in inputs.get("securityPolicy", "")),
        setter("apigateway/restApi:RestApi", securityPolicy="TLS_1_0"),
    ),
    Promise(
        "bodies are not logged",
        each(SETTINGS, lambda inputs: inputs["settings"].get("dataTraceEnabled") is not False),
        setter(SETTINGS, settings={"dataTraceEnabled": True}),
    ),
    Promise(
        "the access log is JSON with request id, integration latency and status",
        unlogged,
        setter(STAGE, accessLogSettings={"format": '{"requestId": "$context.requestId"}'}),
    ),
    Promise(
        "each backend has an alarm for errors and for latency",
        silent_backends,
        setter("cloudwatch/metricAlarm:MetricAlarm", metricName="Count"),
    ),
    Promise(
        "the dashboard shows the same charts of each backend",
        unlike_charts,
        setter("cloudwatch/dashboard:Dashboard", dashboardBody='{"widgets": []}'),
    ),
    Promise(
        "the log group of Container Insights is the stack's",
        unowned_insights,
        setter("ecs/cluster:Cluster", name="other"),
    ),
    Promise("everything that takes tags has them", untagged, setter("kms/key:Key", tags={})),
    Promise(
        "the number of tasks follows the load", unscaled, setter("appautoscaling/policy:Policy", resourceId="other")
    ),
    Promise(
        "a deployment that fails is rolled back",
        each(SERVICE, lambda inputs: inputs.get("deploymentCircuitBreaker") != {"enable": True, "rollback": True}),
        setter(SERVICE, deploymentCircuitBreaker={"enable": True, "rollback": False}),
    ),
    Promise(
        "a deployment never takes away a healthy task before another has come",
        each(SERVICE, lambda inputs: inputs.get("deploymentMinimumHealthyPercent") != 100),
        setter(SERVICE, deploymentMinimumHealthyPercent=0),
    ),
    Promise(
        "the balancer asks tasks whether they are healthy",
        each(TARGETS, lambda inputs: inputs.get("healthCheck", {}).get("path") != "/healthz"),
        setter(TARGETS, healthCheck={"path": "/"}),
    ),
    Promise("a task finishes what it has begun", undrained, setter(TARGETS, deregistrationDelay=0)),
    Promise("destroy leaves nothing that costs money", left_behind, setter(IMAGES, forceDelete=False)),
)
