"""The Fargate service that keeps the HTTP backend's tasks running."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.http.container_task import CONTAINER_NAME, PORT, ContainerTask
from infra.http.load_balancer import LoadBalancer
from infra.http.network import Network
from infra.http.traffic_rules import TrafficRules
from infra.naming import stack_prefix
from infra.observability.log_group import LogSettings, log_group

TARGET_CPU_PERCENT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerServiceArgs:
    """`min_tasks` and `max_tasks` bound how many tasks run."""

    task: ContainerTask
    network: Network
    rules: TrafficRules
    balancer: LoadBalancer
    logs: LogSettings
    min_tasks: int
    max_tasks: int


class ContainerService(pulumi.ComponentResource):
    """A cluster and its one service, which scales with its load and rolls a failed deployment back."""

    def __init__(self, name: str, args: ContainerServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:ContainerService", name, None, opts)
        cluster_name = f"{stack_prefix()}-{name}"
        # ECS makes this group itself if it is missing: unencrypted, and kept forever.
        insights = log_group(
            f"{name}-insights",
            args.logs,
            self,
            physical_name=f"/aws/ecs/containerinsights/{cluster_name}/performance",
        )
        self.cluster = aws.ecs.Cluster(
            f"{name}-cluster",
            name=cluster_name,
            settings=[{"name": "containerInsights", "value": "enabled"}],
            # Its log group goes after it, so that nothing writes the group anew.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[insights]),
        )
        self.service = aws.ecs.Service(
            f"{name}-service",
            cluster=self.cluster.arn,
            task_definition=args.task.definition.arn,
            launch_type="FARGATE",
            platform_version="LATEST",
            desired_count=args.min_tasks,
            network_configuration={
                "subnets": args.network.subnet_ids,
                "security_groups": [args.rules.task.id],
                "assign_public_ip": False,
            },
            load_balancers=[
                {
                    "target_group_arn": args.balancer.target_group.arn,
                    "container_name": CONTAINER_NAME,
                    "container_port": PORT,
                }
            ],
            deployment_circuit_breaker={"enable": True, "rollback": True},
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            health_check_grace_period_seconds=30,
            availability_zone_rebalancing="ENABLED",
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=True,
            opts=pulumi.ResourceOptions(
                parent=self,
                # A task that cannot pull its image yet would make the circuit breaker give up.
                depends_on=[args.balancer.listener, args.rules, *args.network.ready],
                # The number of tasks is the autoscaling's affair once the service exists.
                ignore_changes=["desiredCount"],
                # A service cannot be moved to another VPC.
                replace_on_changes=["networkConfiguration"],
            ),
        )
        self._scale(name, args)
        self.register_outputs({"name": self.service.name})

    def _scale(self, name: str, args: ContainerServiceArgs) -> None:
        child = pulumi.ResourceOptions(parent=self)
        target = aws.appautoscaling.Target(
            f"{name}-scaling",
            service_namespace="ecs",
            scalable_dimension="ecs:service:DesiredCount",
            resource_id=pulumi.Output.concat("service/", self.cluster.name, "/", self.service.name),
            min_capacity=args.min_tasks,
            max_capacity=args.max_tasks,
            opts=child,
        )
        aws.appautoscaling.Policy(
            f"{name}-scale-with-cpu",
            policy_type="TargetTrackingScaling",
            service_namespace=target.service_namespace,
            scalable_dimension=target.scalable_dimension,
            resource_id=target.resource_id,
            target_tracking_scaling_policy_configuration={
                "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
                "target_value": TARGET_CPU_PERCENT,
                "scale_in_cooldown": 300,
                "scale_out_cooldown": 60,
            },
            opts=child,
        )
