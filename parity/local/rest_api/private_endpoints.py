"""What a private integration leads to, found through the resources alone.

VPC link → load balancer → listener → target group → ECS service → task definition → container.
https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parity.errors import UserError
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text

_PACKAGES = ("lb", "alb", "elasticloadbalancingv2")
LOAD_BALANCERS = tuple(f"aws:{package}/loadBalancer:LoadBalancer" for package in _PACKAGES)
LISTENERS = tuple(f"aws:{package}/listener:Listener" for package in _PACKAGES)
LISTENER_RULES = tuple(f"aws:{package}/listenerRule:ListenerRule" for package in _PACKAGES)
TARGET_GROUPS = tuple(f"aws:{package}/targetGroup:TargetGroup" for package in _PACKAGES)
VPC_LINK_V1 = "aws:apigateway/vpcLink:VpcLink"
VPC_LINK_V2 = "aws:apigatewayv2/vpcLink:VpcLink"
SERVICE = "aws:ecs/service:Service"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceContainer:
    """The container of an ECS service that a target group sends requests to.

    `definition` is its entry in the task definition, `target_group` the ARN of the group.
    """

    service: ResourceRecord
    definition: Mapping[str, Any]
    port: int
    target_group: str
    health_check_path: str

    @property
    def key(self) -> tuple[str, str]:
        """Which container this is: one that several target groups share is run once."""
        return self.service.urn, text(self.definition, "name")


def service_containers(resource_index: ResourceIndex, service: ResourceRecord) -> Iterator[ServiceContainer]:
    """The containers of an ECS service that load balancers send requests to.

    Args:
        resource_index: the resources registered so far; a service is registered after all that it refers to.
        service: the service's record.
    """
    task = resource_index.find(text(service.inputs, "taskDefinition"), TASK_DEFINITION)
    if task is None:
        return
    definitions = container_definitions(task)
    for balanced in service.inputs.get("loadBalancers") or []:
        name = text(balanced, "containerName")
        definition = next((item for item in definitions if item.get("name") == name), None)
        if definition is None:
            continue
        group = resource_index.find(text(balanced, "targetGroupArn"), *TARGET_GROUPS)
        check = (group.inputs.get("healthCheck") or {}) if group else {}
        yield ServiceContainer(
            service=service,
            definition=definition,
            port=int(balanced.get("containerPort") or 80),
            target_group=text(balanced, "targetGroupArn"),
            health_check_path=text(check, "path", "/"),
        )


def container_definitions(task: ResourceRecord) -> list[dict[str, Any]]:
    """The container definitions of a task definition, which are JSON text in its record.

    Raises:
        UserError: they are not a list in JSON, which AWS refuses too.
    """
    given = task.inputs.get("containerDefinitions") or "[]"
    try:
        found = json.loads(given) if isinstance(given, str) else given
    except ValueError as error:
        raise UserError(
            f"{task.declared_by}: container_definitions is not JSON: {error}; write it with pulumi.Output.json_dumps"
        ) from error
    if not isinstance(found, list):
        raise UserError(f"{task.declared_by}: container_definitions is {found!r:.50}; write a list of containers")
    return [item for item in found if isinstance(item, dict)]


class PrivateEndpoints:
    """Answers which target group a private integration reaches.

    Args:
        resource_index: all resources of the program.
    """

    def __init__(self, resource_index: ResourceIndex) -> None:
        self._catalogue = resource_index
        self._listeners: dict[str, list[ResourceRecord]] = {}
        for listener in resource_index.of_type(*LISTENERS):
            self._listeners.setdefault(text(listener.inputs, "loadBalancerArn"), []).append(listener)

    def target_groups(self, connection_id: str, integration_target: str | None, uri: str) -> list[str]:
        """The ARNs of the target groups that requests for `uri` are sent to, the listener's default first.

        Args:
            connection_id: the id of the VPC link.
            integration_target: the ARN of the load balancer (VPC link V2) or of one of its listeners.
            uri: the integration's URI; its port chooses the listener.
        """
        for balancer in self._load_balancers(connection_id, integration_target):
            listener = self._listener(balancer, uri)
            if listener is not None:
                return list(self._groups_of(listener))
        return []

    def _load_balancers(self, connection_id: str, integration_target: str | None) -> list[str]:
        if integration_target:
            listener = self._catalogue.find(integration_target, *LISTENERS)
            return [text(listener.inputs, "loadBalancerArn") if listener else integration_target]
        link = self._catalogue.find(connection_id, VPC_LINK_V1)
        if link is not None:
            targets = link.inputs.get("targetArn") or link.inputs.get("targetArns") or []
            return [targets] if isinstance(targets, str) else [str(target) for target in targets]
        return []

    def _listener(self, balancer: str, uri: str) -> ResourceRecord | None:
        listeners = self._listeners.get(balancer, [])
        parts = urlsplit(uri)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
        matching = (listener for listener in listeners if listener.inputs.get("port") == port)
        return next(matching, listeners[0] if listeners else None)

    def _groups_of(self, listener: ResourceRecord) -> Iterator[str]:
        yield from _forwarded(listener.inputs.get("defaultActions") or [])
        arn = text(listener.outputs, "arn")
        for rule in self._catalogue.of_type(*LISTENER_RULES):
            if text(rule.inputs, "listenerArn") == arn:
                yield from _forwarded(rule.inputs.get("actions") or [])


def _forwarded(actions: list[Mapping[str, Any]]) -> Iterator[str]:
    for action in actions:
        if action.get("targetGroupArn"):
            yield str(action["targetGroupArn"])
        for group in (action.get("forward") or {}).get("targetGroups") or []:
            yield text(group, "arn")
