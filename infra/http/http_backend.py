"""The HTTP backend: an existing service, or a container on Fargate behind an internal load balancer."""

from dataclasses import dataclass
from pathlib import Path

import pulumi

from infra.configuration.account import Account
from infra.configuration.settings import Settings
from infra.http.container_image import ContainerImage, ContainerImageArgs
from infra.http.container_service import ContainerService, ContainerServiceArgs
from infra.http.container_task import ContainerTask, ContainerTaskArgs
from infra.http.load_balancer import LoadBalancer, LoadBalancerArgs
from infra.http.network import PrivateNetwork, PrivateNetworkArgs, existing_network
from infra.http.traffic_rules import TrafficRules, TrafficRulesArgs
from infra.observability.log_group import LogSettings

SOURCE = Path(__file__).resolve().parents[2] / "backend_http"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpEndpoint:
    """Where the HTTP integration sends its requests: `url` is what its path is added to.

    `link_id` and `balancer_arn` are set for a private endpoint: the VPC link and the load balancer that it leads to.
    """

    url: pulumi.Input[str]
    link_id: pulumi.Output[str] | None = None
    balancer_arn: pulumi.Output[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpBackendArgs:
    """The configuration, and what the backend shares with the rest of the stack."""

    settings: Settings
    account: Account
    logs: LogSettings


class HttpBackend(pulumi.ComponentResource):
    """The container, from its image to its VPC link. `endpoint` is where the API reaches it."""

    endpoint: HttpEndpoint

    def __init__(self, name: str, args: HttpBackendArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:HttpBackend", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        settings = args.settings
        built = None if settings.image else ContainerImage(name, ContainerImageArgs(context=SOURCE), child)
        task = ContainerTask(
            name,
            ContainerTaskArgs(
                image=built.reference if built else settings.image,
                repository_arn=built.repository_arn if built else None,
                account=args.account,
                logs=args.logs,
            ),
            child,
        )
        if settings.vpc_id:
            network = existing_network(settings, args.account)
        else:
            network_args = PrivateNetworkArgs(cidr=settings.vpc_cidr, account=args.account, logs=args.logs)
            network = PrivateNetwork(f"{name}-network", network_args, child).network
        rules = TrafficRules(name, TrafficRulesArgs(network=network), child)
        balancer = LoadBalancer(name, LoadBalancerArgs(network=network, rules=rules), child)
        ContainerService(
            name,
            ContainerServiceArgs(
                task=task,
                network=network,
                rules=rules,
                balancer=balancer,
                logs=args.logs,
                min_tasks=settings.min_tasks,
                max_tasks=settings.max_tasks,
            ),
            child,
        )
        self.endpoint = HttpEndpoint(
            url=pulumi.Output.concat("http://", balancer.balancer.dns_name),
            link_id=balancer.link.id,
            balancer_arn=balancer.balancer.arn,
        )
        self.register_outputs({"url": self.endpoint.url})


def deploy_endpoint(settings: Settings, account: Account, logs: LogSettings) -> HttpEndpoint | None:
    """The endpoint that the API's HTTP route calls, None if the configuration leaves that backend out."""
    if not settings.has_http:
        return None
    if settings.http_endpoint:
        return HttpEndpoint(url=settings.http_endpoint)
    return HttpBackend("http", HttpBackendArgs(settings=settings, account=account, logs=logs)).endpoint
