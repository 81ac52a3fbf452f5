"""What a stack costs, from the resources that it registers and AWS's price list."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from parity.gateway.lifecycle.aws_service_uri import parse_aws_service_uri

PRICES_FILE = Path(__file__).with_name("prices.yaml")
KB_PER_GB = 1_000_000
MILLION = 1_000_000
_SERVICE_PRICES = {
    "dynamodb": ("DynamoDB", "dynamodb_million_reads", "dynamodb_million_writes"),
    "events": ("EventBridge", "eventbridge_million_events", "eventbridge_million_events"),
    "kinesis": ("Kinesis", "kinesis_million_puts", "kinesis_million_puts"),
    "s3": ("S3", "s3_million_reads", "s3_million_writes"),
    "secretsmanager": ("Secrets Manager", "secrets_manager_million_calls", "secrets_manager_million_calls"),
    "sns": ("SNS", "sns_million_publishes", "sns_million_publishes"),
    "sqs": ("SQS", "sqs_million_requests", "sqs_million_requests"),
    "states": ("Step Functions, express", "step_functions_million_express", "step_functions_million_express"),
}
"""What an integration with a service is called in a bill, and its prices for reading and for writing."""

_COUNTED = frozenset(
    {
        "apigateway/integration:Integration",
        "apigateway/stage:Stage",
        "cloudwatch/dashboard:Dashboard",
        "cloudwatch/metricAlarm:MetricAlarm",
        "ec2/vpcEndpoint:VpcEndpoint",
        "ecs/cluster:Cluster",
        "ecs/service:Service",
        "ecs/taskDefinition:TaskDefinition",
        "kms/key:Key",
        "lambda/function:Function",
        "lb/loadBalancer:LoadBalancer",
        "wafv2/webAcl:WebAcl",
    }
)
"""The types of resources that are billed and that this model counts."""
_FREE = (
    "apigateway/",
    "apigatewayv2/vpcLink:",
    "appautoscaling/",
    "ec2/defaultSecurityGroup:",
    "ec2/internetGateway:",
    "ec2/route:",
    "ec2/routeTable",
    "ec2/securityGroup",
    "ec2/subnet:",
    "ec2/vpc:",
    "ecr/lifecyclePolicy:",
    "iam/",
    "kms/alias:",
    "lambda/alias:",
    "lambda/eventSourceMapping:",
    "lambda/functionEventInvokeConfig:",
    "lambda/permission:",
    "lb/listener",
    "lb/targetGroup",
    "vpc/securityGroup",
    "wafv2/webAclAssociation:",
)
"""How the types begin that AWS does not bill on their own."""


class Resource(Protocol):
    """A registered resource: its Pulumi type, and its inputs by their names in camel case."""

    @property
    def type(self) -> str: ...

    @property
    def inputs(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices in US dollars and assumptions, by name, as they stood on `date` in `region`."""

    date: str
    region: str
    prices: Mapping[str, float]
    assumptions: Mapping[str, float]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line of a bill, in US dollars: what it costs a month without a request, and what a million requests add."""

    item: str
    idle: float = 0.0
    per_million: float = 0.0


def read_prices(file: Path = PRICES_FILE) -> PriceList:
    """The price list in a YAML file."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return PriceList(
        str(content["date"]), content["region"], content["prices"], content["assumptions"], content["sources"]
    )


def cost_lines(resources: Iterable[Resource], price_list: PriceList) -> list[CostLine]:
    """What the resources cost. Requests are spread evenly over the backends that exist.

    Args:
        resources: what a stack registers. What this model does not know is left out: `not_counted` names it.
        price_list: the prices.
    """
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    for resource in resources:
        by_type.setdefault(resource.type.split(":", 1)[-1], []).append(resource.inputs)
    bill = _Bill(by_type, price_list.prices, price_list.assumptions)
    lines = [
        *bill.gateway(),
        *bill.function(),
        *bill.aws_services(),
        *bill.service(),
        *bill.network(),
        *bill.watching(),
        *bill.firewall(),
    ]
    return [line for line in lines if line.idle or line.per_million]


def not_counted(resources: Iterable[Resource]) -> set[str]:
    """What AWS may bill of the resources and `cost_lines` leaves out, such as `aws.dynamodb.Table`."""
    found: set[str] = set()
    by_type: dict[str, list[Mapping[str, Any]]] = {}
    for resource in resources:
        package, _, kind = resource.type.partition(":")
        if package == "aws":
            by_type.setdefault(kind, []).append(resource.inputs)
    for kind in by_type:
        if kind not in _COUNTED and not kind.startswith(_FREE):
            module = kind.partition("/")[0]
            apart = " apart from integrations' calls" if module in _SERVICE_PRICES else ""
            found.add(f"aws.{module}.{kind.rpartition(':')[2]}{apart}")
    if any(api.get("body") for api in by_type.get("apigateway/restApi:RestApi", ())):
        found.add("integrations of an OpenAPI body")
    if any(stage.get("cacheClusterEnabled") for stage in by_type.get("apigateway/stage:Stage", ())):
        found.add("a stage's cache")
    integrations = by_type.get("apigateway/integration:Integration", [])
    services = {_service(integration) for integration in integrations}
    found.update(f"calls of {service}" for service in services if service and service not in _SERVICE_PRICES)
    if "lambda/function:Function" in by_type and not any(map(_invokes, integrations)):
        found.add("functions that no integration invokes")
    return found


def total(lines: Iterable[CostLine], requests: int) -> float:
    """What a month with so many requests costs, in US dollars."""
    return sum(line.idle + line.per_million * requests / MILLION for line in lines)


class _Bill:
    def __init__(
        self,
        resources: Mapping[str, list[Mapping[str, Any]]],
        prices: Mapping[str, float],
        assumptions: Mapping[str, float],
    ) -> None:
        self._resources, self._prices, self._assumed = resources, prices, assumptions
        integrations = self._of("apigateway/integration:Integration")
        kinds = [_service(each) or str(each.get("type")).removesuffix("_PROXY") for each in integrations]
        self._share = 1 / len(kinds) if kinds else 0.0
        self._lambda_share = kinds.count("AWS") / len(kinds) if kinds else 0.0
        self._http_share = kinds.count("HTTP") / len(kinds) if kinds else 0.0

    def _of(self, token: str) -> list[Mapping[str, Any]]:
        return self._resources.get(token, [])

    def _logs(self, kilobytes: float) -> float:
        """What a million log entries cost."""
        return kilobytes * MILLION / KB_PER_GB * self._prices["cloudwatch_logs_gb"]

    def gateway(self) -> Iterable[CostLine]:
        """API Gateway, its access log and traces, and what goes out to the internet."""
        prices, assumed = self._prices, self._assumed
        for stage in self._of("apigateway/stage:Stage"):
            yield CostLine("API Gateway requests", per_million=prices["api_gateway_million_requests"])
            out = assumed["answer_kb"] * MILLION / KB_PER_GB * prices["data_transfer_out_gb"]
            yield CostLine("Data transfer out", per_million=out)
            if stage.get("accessLogSettings"):
                yield CostLine("Access log", per_million=self._logs(assumed["access_log_kb"]))
            if stage.get("xrayTracingEnabled"):
                traces = assumed["xray_share"] * prices["xray_million_traces"]
                yield CostLine("X-Ray traces", per_million=traces)

    def function(self) -> Iterable[CostLine]:
        """The Lambda functions that integrations invoke, proxy or not; an authorizer's answers are cached."""
        if not self._lambda_share:
            return
        memory = max(((f.get("memorySize") or 128) for f in self._of("lambda/function:Function")), default=128)
        seconds = MILLION * self._assumed["function_milliseconds"] / 1000
        compute = seconds * memory / 1024 * self._prices["lambda_arm_gb_second"]
        invoked = self._lambda_share * (self._prices["lambda_million_requests"] + compute)
        yield CostLine("Lambda", per_million=invoked)
        yield CostLine("Lambda log", per_million=self._lambda_share * self._logs(self._assumed["function_log_kb"]))

    def aws_services(self) -> Iterable[CostLine]:
        """What the integrations with AWS services call: one unit of each service's price a request."""
        costs: dict[str, float] = {}
        for integration in self._of("apigateway/integration:Integration"):
            service = _service(integration)
            if service is not None and service in _SERVICE_PRICES:
                name, reading, writing = _SERVICE_PRICES[service]
                price = self._prices[reading if _reads(integration) else writing]
                costs[name] = costs.get(name, 0.0) + self._share * price
        for name, cost in costs.items():
            yield CostLine(name, per_million=cost)

    def service(self) -> Iterable[CostLine]:
        """Fargate tasks and the load balancer."""
        prices, hours = self._prices, self._assumed["hours_a_month"]
        tasks = sum(service.get("desiredCount") or 1 for service in self._of("ecs/service:Service"))
        for task in self._of("ecs/taskDefinition:TaskDefinition"):
            vcpu = int(task["cpu"]) / 1024 * prices["fargate_vcpu_hour"]
            memory = int(task["memory"]) / 1024 * prices["fargate_gb_hour"]
            yield CostLine(f"Fargate, {tasks} task{'s' * (tasks != 1)}", idle=tasks * hours * (vcpu + memory))
        for _ in self._of("lb/loadBalancer:LoadBalancer"):
            gigabytes = self._http_share * self._assumed["answer_kb"] * MILLION / KB_PER_GB
            units = gigabytes / self._assumed["lcu_gb"] * prices["load_balancer_lcu_hour"]
            yield CostLine("Load balancer", idle=hours * prices["load_balancer_hour"], per_million=units)

    def network(self) -> Iterable[CostLine]:
        """Interface endpoints, which are billed in each subnet; the S3 gateway, the VPC and its link cost nothing."""
        interfaces = [
            each for each in self._of("ec2/vpcEndpoint:VpcEndpoint") if each["vpcEndpointType"] == "Interface"
        ]
        count = sum(len(each["subnetIds"]) for each in interfaces)
        hours = self._assumed["hours_a_month"]
        yield CostLine(f"VPC endpoints, {count}", idle=count * hours * self._prices["vpc_endpoint_hour"])

    def watching(self) -> Iterable[CostLine]:
        """Alarms, the dashboard, metrics, and the key of the logs."""
        prices, assumed = self._prices, self._assumed
        alarms = len(self._of("cloudwatch/metricAlarm:MetricAlarm"))
        yield CostLine(f"CloudWatch alarms, {alarms}", idle=alarms * prices["cloudwatch_alarm_month"])
        dashboards = len(self._of("cloudwatch/dashboard:Dashboard"))
        yield CostLine("CloudWatch dashboard", idle=dashboards * prices["cloudwatch_dashboard_month"])
        metrics = 0.0
        if any(_settings(each).get("metricsEnabled") for each in self._of("apigateway/methodSettings:MethodSettings")):
            metrics += assumed["api_metrics_per_method"] * len(self._of("apigateway/method:Method"))
        for cluster in self._of("ecs/cluster:Cluster"):
            if '"enabled"' in json.dumps(cluster.get("settings")):
                metrics += assumed["container_insights_metrics"]
        yield CostLine(f"CloudWatch metrics, {metrics:.0f}", idle=metrics * prices["cloudwatch_metric_month"])
        yield CostLine("KMS key", idle=len(self._of("kms/key:Key")) * prices["kms_key_month"])

    def firewall(self) -> Iterable[CostLine]:
        """The web application firewall, if there is one."""
        for acl in self._of("wafv2/webAcl:WebAcl"):
            idle = self._prices["waf_acl_month"] + len(acl["rules"]) * self._prices["waf_rule_month"]
            yield CostLine("Firewall", idle=idle, per_million=self._prices["waf_million_requests"])


def _service(integration: Mapping[str, Any]) -> str | None:
    """The service that an integration of type AWS calls; None for Lambda, and for every other type."""
    uri = parse_aws_service_uri(str(integration.get("uri") or ""))
    return uri.service if uri is not None and uri.service != "lambda" else None


def _invokes(integration: Mapping[str, Any]) -> bool:
    """Whether an integration invokes a Lambda function, as a custom or a proxy integration."""
    return integration.get("type") in ("AWS", "AWS_PROXY") and _service(integration) is None


def _reads(integration: Mapping[str, Any]) -> bool:
    """Whether an integration reads: by its action's name, or for a path by its HTTP method."""
    uri = parse_aws_service_uri(str(integration.get("uri") or ""))
    if uri is not None and uri.action:
        return uri.action.startswith(("Get", "BatchGet", "Query", "Scan", "List", "Describe", "Head"))
    return integration.get("integrationHttpMethod") in ("GET", "HEAD")


def _settings(method_settings: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = method_settings.get("settings") or {}
    return found
