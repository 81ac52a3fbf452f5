"""What a stack costs, from the resources that it registers and AWS's price list."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import yaml

from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.lifecycle.aws_service_uri import AwsServiceUri, service_of
from parity.gateway.lifecycle.uri_template import with_stage_variables
from parity.gateway.model.definition import NOTHING, Integration, Method, RestApi, Stage
from parity.local.functions.function import split_function_arn

PRICES_FILE = Path(__file__).with_name("prices.yaml")
KB_PER_GB = 1_000_000
MILLION = 1_000_000
DEFAULT_MEMORY_MB = 128
DEFAULT_CACHE_GB = "0.5"
_FUNCTION = "lambda/function:Function"
_STAGE = "apigateway/stage:Stage"
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
        _STAGE,
        "cloudwatch/dashboard:Dashboard",
        "cloudwatch/metricAlarm:MetricAlarm",
        "ec2/vpcEndpoint:VpcEndpoint",
        "ecs/cluster:Cluster",
        "ecs/service:Service",
        "ecs/taskDefinition:TaskDefinition",
        "kms/key:Key",
        _FUNCTION,
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
    """A registered resource: its Pulumi type, and its inputs and outputs by their names in camel case."""

    @property
    def type(self) -> str: ...

    @property
    def inputs(self) -> Mapping[str, Any]: ...

    @property
    def outputs(self) -> Mapping[str, Any]: ...


class Api(Protocol):
    """A REST API of a program, with its stages by name."""

    @property
    def definition(self) -> RestApi: ...

    @property
    def stages(self) -> Mapping[str, Stage]: ...


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


def methods_of(apis: Iterable[Api]) -> list[Method]:
    """Every method of the APIs, of resources and of OpenAPI bodies, with the stage's variables in integrations' URIs.

    Of an API with several stages the variables are those of the first.
    """
    found = []
    for api in apis:
        variables = next((stage.variables for stage in api.stages.values()), NOTHING)
        for method in (method for resource in api.definition.resources for method in resource.methods.values()):
            integration = method.integration
            if integration is not None:
                integration = replace(integration, uri=with_stage_variables(integration.uri, variables))
            found.append(replace(method, integration=integration))
    return found


def cost_lines(resources: Iterable[Resource], methods: Sequence[Method], price_list: PriceList) -> list[CostLine]:
    """What the resources cost. Requests are spread evenly over the integrations, and over the stages.

    Args:
        resources: what a stack registers. What this model does not know is left out: `not_counted` names it.
        methods: those of the stack's REST APIs.
        price_list: the prices.
    """
    bill = _Bill(resources, methods, price_list)
    lines = [
        *bill.gateway(),
        *bill.caches(),
        *bill.function(),
        *bill.aws_services(),
        *bill.service(),
        *bill.network(),
        *bill.watching(),
        *bill.firewall(),
    ]
    return [line for line in lines if line.idle or line.per_million]


def not_counted(resources: Iterable[Resource], methods: Sequence[Method], price_list: PriceList) -> set[str]:
    """What AWS may bill and `cost_lines` leaves out, such as `aws.dynamodb.Table`; the arguments are the same."""
    found: set[str] = set()
    bill = _Bill(resources, methods, price_list)
    for package, kind in bill.types:
        if package == "aws" and kind not in _COUNTED and not kind.startswith(_FREE):
            module = kind.partition("/")[0]
            apart = " apart from integrations' calls" if module in _SERVICE_PRICES else ""
            found.add(f"aws.{module}.{kind.rpartition(':')[2]}{apart}")
    return found | bill.left_out()


def total(lines: Iterable[CostLine], requests: int) -> float:
    """What a month with so many requests costs, in US dollars."""
    return sum(line.idle + line.per_million * requests / MILLION for line in lines)


class _Bill:
    def __init__(self, resources: Iterable[Resource], methods: Sequence[Method], price_list: PriceList) -> None:
        self._prices, self._assumed = price_list.prices, price_list.assumptions
        self._methods = methods
        self._resources: dict[str, list[Resource]] = {}
        self.types: set[tuple[str, str]] = set()
        for resource in resources:
            package, _, kind = resource.type.partition(":")
            self.types.add((package, kind))
            self._resources.setdefault(kind, []).append(resource)
        self._functions = {str(each.outputs.get("arn")): each.inputs for each in self._resources.get(_FUNCTION, ())}
        integrations = [method.integration for method in methods if method.integration is not None]
        self._invoked = [_function_arn(each) for each in integrations if _invokes(each)]
        self._called = [(uri, each) for each in integrations if (uri := service_of(each, NOTHING)) is not None]
        self._share = 1 / len(integrations) if integrations else 0.0
        http = [each for each in integrations if each.type in ("HTTP", "HTTP_PROXY")]
        self._http_share = len(http) * self._share
        self._stages = [*self._of(_STAGE), *filter(_makes_a_stage, self._of("apigateway/deployment:Deployment"))]

    def _of(self, token: str) -> list[Mapping[str, Any]]:
        return [resource.inputs for resource in self._resources.get(token, ())]

    def _logs(self, kilobytes: float) -> float:
        """What a million log entries cost."""
        return kilobytes * MILLION / KB_PER_GB * self._prices["cloudwatch_logs_gb"]

    def left_out(self) -> set[str]:
        """What of the types that are counted has no price here."""
        found = {f"calls of {uri.service}" for uri, _ in self._called if uri.service not in _SERVICE_PRICES}
        found |= {f"a cache of {size} GB" for size in self._cache_sizes() if _cache_price(size) not in self._prices}
        if self._functions.keys() - set(self._invoked):
            found.add("functions that no integration invokes")
        if set(self._invoked) - self._functions.keys():
            found.add(f"functions of other programs beyond {DEFAULT_MEMORY_MB} MB of memory")
        if any(int((each.get("ephemeralStorage") or {}).get("size") or 0) > 512 for each in self._functions.values()):
            found.add("ephemeral storage of functions beyond 512 MB")
        if any(
            (each.get("snapStart") or {}).get("applyOn") == "PublishedVersions" for each in self._functions.values()
        ):
            found.add("SnapStart")
        return found

    def gateway(self) -> Iterable[CostLine]:
        """API Gateway, its access log and traces, and what goes out to the internet."""
        prices, assumed = self._prices, self._assumed
        if not self._stages:
            return
        yield CostLine("API Gateway requests", per_million=prices["api_gateway_million_requests"])
        out = assumed["answer_kb"] * MILLION / KB_PER_GB * prices["data_transfer_out_gb"]
        yield CostLine("Data transfer out", per_million=out)
        logging = sum(bool(stage.get("accessLogSettings")) for stage in self._stages) / len(self._stages)
        yield CostLine("Access log", per_million=logging * self._logs(assumed["access_log_kb"]))
        tracing = sum(bool(stage.get("xrayTracingEnabled")) for stage in self._stages) / len(self._stages)
        yield CostLine("X-Ray traces", per_million=tracing * assumed["xray_share"] * prices["xray_million_traces"])

    def caches(self) -> Iterable[CostLine]:
        """The stages' caches, which are billed by the hour and by their size. What they save is not known."""
        for size in self._cache_sizes():
            price = self._prices.get(_cache_price(size), 0.0)
            yield CostLine(f"API cache, {size} GB", idle=price * self._assumed["hours_a_month"])

    def _cache_sizes(self) -> list[str]:
        return [
            str(stage.get("cacheClusterSize") or DEFAULT_CACHE_GB)
            for stage in self._stages
            if stage.get("cacheClusterEnabled")
        ]

    def function(self) -> Iterable[CostLine]:
        """The Lambda functions that integrations invoke, proxy or not; an authorizer's answers are cached."""
        seconds = MILLION * self._assumed["function_milliseconds"] / 1000
        invoked = 0.0
        for arn in self._invoked:
            function = self._functions.get(arn, NOTHING)
            arm = "arm64" in (function.get("architectures") or ())
            price = self._prices["lambda_arm_gb_second" if arm else "lambda_x86_gb_second"]
            memory = (function.get("memorySize") or DEFAULT_MEMORY_MB) / 1024
            invoked += self._share * (self._prices["lambda_million_requests"] + seconds * memory * price)
        yield CostLine("Lambda", per_million=invoked)
        share = len(self._invoked) * self._share
        yield CostLine("Lambda log", per_million=share * self._logs(self._assumed["function_log_kb"]))

    def aws_services(self) -> Iterable[CostLine]:
        """What the integrations with AWS services call: one unit of each service's price a request."""
        costs: dict[str, float] = {}
        for uri, integration in self._called:
            if uri.service in _SERVICE_PRICES:
                name, reading, writing = _SERVICE_PRICES[uri.service]
                price = self._prices[reading if _reads(uri, integration) else writing]
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
            metrics += assumed["api_metrics_per_method"] * len(self._methods)
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


def _cache_price(size: str) -> str:
    """What the price of a cache of this size is called, in the price list; the size is in GB."""
    return f"api_gateway_cache_{size.removesuffix('.0')}_gb_hour"


def _makes_a_stage(deployment: Mapping[str, Any]) -> bool:
    """Whether a Deployment makes a stage itself, as those of older providers can."""
    return bool(deployment.get("stageName"))


def _invokes(integration: Integration) -> bool:
    """Whether an integration invokes a Lambda function, as a custom or a proxy integration."""
    return integration.type in ("AWS", "AWS_PROXY") and service_of(integration, NOTHING) is None


def _function_arn(integration: Integration) -> str:
    """The ARN of the function that an integration invokes, without a version or alias."""
    return split_function_arn(function_arn(integration.uri, NOTHING) or "")[0]


def _reads(uri: AwsServiceUri, integration: Integration) -> bool:
    """Whether an integration reads: by its action's name, or for a path by its HTTP method."""
    if uri.action:
        return uri.action.startswith(("Get", "BatchGet", "Query", "Scan", "List", "Describe", "Head"))
    return integration.http_method in ("GET", "HEAD")


def _settings(method_settings: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = method_settings.get("settings") or {}
    return found
