"""What AWS wants to exist before a resource is made, though no argument of the resource names it.

A program must declare these dependencies itself (`depends_on`), or it depends on luck whether `pulumi up` succeeds, and
`pulumi destroy` takes things away from under those that still need them. Each rule is checked on a stack's state, where
the engine has written who depends on whom.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.engine.property_values import strings


@dataclass(frozen=True, slots=True)
class Need:
    """`dependent` cannot work without `needed`, for the reason `why`."""

    dependent: str
    needed: str
    why: str


class StackState:
    """The resources of an exported stack, by their types and by who depends on whom."""

    def __init__(self, resources: list[dict[str, Any]]) -> None:
        self._by_urn = {resource["urn"]: resource for resource in resources}
        self.depends_on = cache(self._depends_on)

    def of_type(self, name: str) -> list[dict[str, Any]]:
        """The resources of a type, given as `module/Class`, such as `ecs/Service`."""
        module, _, cls = name.partition("/")
        return [
            resource
            for resource in self._by_urn.values()
            if resource["type"].startswith(f"aws:{module}/") and resource["type"].endswith(f":{cls}")
        ]

    def unmet_needs(self) -> list[Need]:
        """The needs of this stack that no chain of dependencies meets."""
        needs = [need for rule in RULES for need in rule(self)]
        return [need for need in needs if need.needed not in self.depends_on(need.dependent)]

    def _depends_on(self, urn: str) -> frozenset[str]:
        """Everything that must exist before the resource, by whatever chain of dependencies."""
        direct = self._by_urn.get(urn, {}).get("dependencies") or []
        return frozenset(direct).union(*(self.depends_on(other) for other in direct))


Resource = Mapping[str, Any]
Rule = Callable[[StackState], Iterator[Need]]


def _need(dependent: Resource, needed: Resource, why: str) -> Need:
    return Need(dependent["urn"], needed["urn"], why)


def _method_key(resource: Resource) -> tuple[str, str, str]:
    inputs = resource["inputs"]
    return inputs["restApi"], inputs["resourceId"], inputs["httpMethod"]


def _method_before_its_parts(state: StackState) -> Iterator[Need]:
    for method in state.of_type("apigateway/Method"):
        for kind in ("Integration", "MethodResponse"):
            for part in state.of_type(f"apigateway/{kind}"):
                if _method_key(part) == _method_key(method):
                    yield _need(part, method, "AWS: Invalid Method identifier specified")


def _integration_before_its_responses(state: StackState) -> Iterator[Need]:
    for response in state.of_type("apigateway/IntegrationResponse"):
        for integration in state.of_type("apigateway/Integration"):
            if _method_key(integration) == _method_key(response):
                yield _need(response, integration, "AWS: No integration defined for method")
        for declared in state.of_type("apigateway/MethodResponse"):
            same_status = declared["inputs"]["statusCode"] == response["inputs"]["statusCode"]
            if same_status and _method_key(declared) == _method_key(response):
                yield _need(response, declared, "AWS: No method response exists for method")


def _api_before_its_deployment(state: StackState) -> Iterator[Need]:
    shape = ("Method", "MethodResponse", "Integration", "IntegrationResponse", "Response", "RestApiPolicy", "Model")
    for deployment in state.of_type("apigateway/Deployment"):
        for kind in shape:
            for part in state.of_type(f"apigateway/{kind}"):
                yield _need(deployment, part, "a deployment is a copy of the API as it is when the deployment is made")


def _account_before_logging_stages(state: StackState) -> Iterator[Need]:
    for account in state.of_type("apigateway/Account"):
        for stage in state.of_type("apigateway/Stage"):
            if stage["inputs"].get("accessLogSettings"):
                yield _need(stage, account, "AWS: CloudWatch Logs role ARN must be set in account settings")
        for settings in state.of_type("apigateway/MethodSettings"):
            yield _need(settings, account, "AWS: CloudWatch Logs role ARN must be set in account settings")
        for attachment in state.of_type("iam/RolePolicyAttachment"):
            if attachment["inputs"]["role"] in account["inputs"]["cloudwatchRoleArn"]:
                yield _need(account, attachment, "AWS: The role ARN does not have required permissions")


def _stage_before_its_users(state: StackState) -> Iterator[Need]:
    for stage in state.of_type("apigateway/Stage"):
        for kind in ("apigateway/UsagePlan", "apigateway/MethodSettings", "wafv2/WebAclAssociation"):
            for user in state.of_type(kind):
                yield _need(user, stage, "AWS: Invalid stage identifier specified")


def _policy_before_the_role_is_used(state: StackState) -> Iterator[Need]:
    for policy in state.of_type("iam/RolePolicy"):
        role = policy["inputs"]["role"]
        for kind in ("ecs/TaskDefinition", "lambda/Function"):
            for user in state.of_type(kind):
                if any(text.endswith(f":role/{role}") for text in strings(dict(user["inputs"]))):
                    yield _need(user, policy, "the role may do nothing yet")


def _listener_before_the_service(state: StackState) -> Iterator[Need]:
    for service in state.of_type("ecs/Service"):
        for listener in state.of_type("lb/Listener"):
            yield _need(service, listener, "AWS: The target group does not have an associated load balancer")


def _network_before_the_service(state: StackState) -> Iterator[Need]:
    why = "a task cannot pull its image, and the service's circuit breaker gives up"
    for service in state.of_type("ecs/Service"):
        network = service["inputs"]["networkConfiguration"]
        for endpoint in state.of_type("ec2/VpcEndpoint"):
            yield _need(service, endpoint, why)
        for association in state.of_type("ec2/RouteTableAssociation"):
            if association["inputs"]["subnetId"] in network["subnets"]:
                yield _need(service, association, why)
        for kind in ("SecurityGroupEgressRule", "SecurityGroupIngressRule"):
            for rule in state.of_type(f"vpc/{kind}"):
                if set(network["securityGroups"]) & set(strings(dict(rule["inputs"]))):
                    yield _need(service, rule, why)


def _service_before_its_scaling(state: StackState) -> Iterator[Need]:
    for target in state.of_type("appautoscaling/Target"):
        for service in state.of_type("ecs/Service"):
            yield _need(target, service, "AWS: ECS service doesn't exist")
        for policy in state.of_type("appautoscaling/Policy"):
            yield _need(policy, target, "AWS: No scalable target registered")


RULES: tuple[Rule, ...] = (
    _method_before_its_parts,
    _integration_before_its_responses,
    _api_before_its_deployment,
    _account_before_logging_stages,
    _stage_before_its_users,
    _policy_before_the_role_is_used,
    _listener_before_the_service,
    _network_before_the_service,
    _service_before_its_scaling,
)
