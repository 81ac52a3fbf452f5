"""`parity cost`: the model, the command, and the tables of the documentation that quote it."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from parity.cli import main
from parity.cli.cost_model import CostLine, PriceList, cost_lines, methods_of, not_counted, read_prices, total
from parity.gateway.model.definition import Integration, IntegrationType, Method, Resource, RestApi, Stage

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `?(lambda|http|both)`? \| \$?([0-9.]+) \| \$?([0-9.]+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Registered:
    """A registered resource."""

    type: str
    inputs: dict[str, Any] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Declared:
    """An API with its stages."""

    definition: RestApi
    stages: dict[str, Stage]


INVOKE = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:"


def calls(kind: IntegrationType, uri: str = "", http_method: str = "POST") -> Method:
    """A method with an integration."""
    return Method(http_method="POST", integration=Integration(type=kind, uri=uri, http_method=http_method))


def function(name: str, **inputs: Any) -> Registered:
    """A function of the program."""
    return Registered("aws:lambda/function:Function", inputs, {"arn": ARN + name})


HTTP = calls("HTTP", "https://backend.example")


SERVICE = [
    Registered("aws:apigateway/stage:Stage", {"stageName": "dev"}),
    Registered("aws:ecs/service:Service", {"desiredCount": 3}),
    Registered("aws:ecs/taskDefinition:TaskDefinition", {"cpu": "512", "memory": "2048"}),
    Registered("aws:lb/loadBalancer:LoadBalancer"),
    Registered("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Interface", "subnetIds": ["a", "b"]}),
    Registered("aws:ec2/vpcEndpoint:VpcEndpoint", {"vpcEndpointType": "Gateway"}),
]


@pytest.fixture
def round_prices() -> PriceList:
    """A price list with which sums can be done in one's head."""
    real = read_prices()
    prices = dict.fromkeys(real.prices, 1.0)
    assumptions = {**dict.fromkeys(real.assumptions, 1000.0), "hours_a_month": 10, "lcu_gb": 1}
    return PriceList("2000-01-01", "nowhere", prices, assumptions, {})


def by_item(lines: list[CostLine]) -> dict[str, list[float]]:
    """Idle and per million requests, by item."""
    return {line.item: [line.idle, line.per_million] for line in lines}


def test_tasks_endpoints_and_the_balancer_cost_by_the_hour(round_prices: PriceList) -> None:
    lines = by_item(cost_lines(SERVICE, [HTTP], round_prices))
    assert lines["Fargate, 3 tasks"] == [3 * 10 * (0.5 + 2), 0]
    assert lines["VPC endpoints, 2"] == [20, 0]
    assert lines["Load balancer"] == [10, 1000]


def test_requests_cost_by_the_million(round_prices: PriceList) -> None:
    lines = by_item(cost_lines(SERVICE, [HTTP], round_prices))
    assert lines["API Gateway requests"] == [0, 1]
    assert lines["Data transfer out"] == [0, 1000]
    assert "Lambda" not in lines


def test_two_backends_share_the_requests(round_prices: PriceList) -> None:
    backend, invoking = function("f", memorySize=1024), calls("AWS", INVOKE.format(ARN + "f"))
    alone = by_item(cost_lines([backend], [invoking], round_prices))
    shared = by_item(cost_lines([*SERVICE, backend], [HTTP, invoking], round_prices))
    assert alone["Lambda"] == [0, 1 + 1_000_000]
    assert shared["Lambda"] == [0, (1 + 1_000_000) / 2]
    assert shared["Load balancer"] == [10, 500]


def test_two_stages_share_the_requests(round_prices: PriceList) -> None:
    stages = [
        Registered("aws:apigateway/stage:Stage", {"stageName": "dev", "xrayTracingEnabled": True}),
        Registered("aws:apigateway/deployment:Deployment", {"stageName": "prod"}),
        Registered("aws:apigateway/deployment:Deployment", {}),
    ]
    lines = cost_lines(stages, [HTTP], round_prices)
    assert [line.item for line in lines] == ["API Gateway requests", "Data transfer out", "X-Ray traces"]
    assert by_item(lines)["X-Ray traces"] == [0, 1000 / 2]


def test_a_service_integration_costs_what_its_action_does() -> None:
    uri = "arn:aws:apigateway:us-east-1:"
    names = ("dynamodb:action/PutItem", "dynamodb:action/Query", "sqs:path/1/q", "ssm:action/GetParameter")
    lines = by_item(cost_lines([], [calls("AWS", uri + name) for name in names], read_prices()))
    assert lines == {"DynamoDB": [0, (0.625 + 0.125) / 4], "SQS": [0, 0.40 / 4]}


@pytest.mark.parametrize("kind", ["AWS", "AWS_PROXY"])
def test_a_function_costs_the_same_by_a_proxy_integration(kind: IntegrationType, round_prices: PriceList) -> None:
    methods = [calls(kind, INVOKE.format(ARN + "f:live")), calls("HTTP_PROXY", "https://backend.example")]
    lines = by_item(cost_lines([function("f", memorySize=1024)], methods, round_prices))
    assert lines["Lambda"] == [0, (1 + 1_000_000) / 2]


@pytest.mark.parametrize(
    ("inputs", "price"),
    [
        ({}, 0.0000166667),
        ({"architectures": ["x86_64"]}, 0.0000166667),
        ({"architectures": ["arm64"]}, 0.0000133334),
    ],
)
def test_a_function_costs_by_its_architecture(inputs: dict[str, Any], price: float) -> None:
    methods = [calls("AWS_PROXY", INVOKE.format(ARN + "f"))]
    lines = by_item(cost_lines([function("f", memorySize=1024, **inputs)], methods, read_prices()))
    assert lines["Lambda"] == [0, pytest.approx(0.20 + 1_000_000 * 0.005 * price)]


def test_each_function_costs_by_its_own_memory(round_prices: PriceList) -> None:
    functions = [function("small"), function("large", memorySize=1024, architectures=["arm64"])]
    methods = [calls("AWS", INVOKE.format(ARN + name)) for name in ("small", "large")]
    lines = by_item(cost_lines(functions, methods, round_prices))
    assert lines["Lambda"] == [0, 1 + 1_000_000 * (0.125 + 1) / 2]


def test_a_function_of_another_program_is_a_small_one(round_prices: PriceList) -> None:
    methods = [calls("AWS", INVOKE.format(ARN + "elsewhere"))]
    assert by_item(cost_lines([], methods, round_prices))["Lambda"] == [0, 1 + 1_000_000 / 8]
    assert not_counted([], methods, round_prices) == {"functions of other programs beyond 128 MB of memory"}


def test_a_stage_variable_names_the_function(round_prices: PriceList) -> None:
    method = calls("AWS", INVOKE.format(ARN + "${stageVariables.function}"))
    resource = Resource(id="r", path="/", methods={"POST": method})
    stages = {"dev": Stage(name="dev", variables={"function": "f"})}
    methods = methods_of([Declared(RestApi(id="a", name="a", resources=(resource,)), stages)])
    assert not_counted([function("f")], methods, round_prices) == set()


@pytest.mark.parametrize(
    ("inputs", "item", "price"),
    [
        ({}, "API cache, 0.5 GB", 0.02),
        ({"cacheClusterSize": "1.6"}, "API cache, 1.6 GB", 0.038),
        ({"cacheClusterSize": "237"}, "API cache, 237 GB", 3.80),
    ],
)
def test_a_stages_cache_costs_by_the_hour(inputs: dict[str, Any], item: str, price: float) -> None:
    stage = Registered("aws:apigateway/stage:Stage", {"cacheClusterEnabled": True, **inputs})
    assert by_item(cost_lines([stage], [], read_prices()))[item] == [pytest.approx(730 * price), 0]
    assert not_counted([stage], [], read_prices()) == set()
    unused = replace(stage, inputs={**inputs, "cacheClusterEnabled": False})
    assert item not in by_item(cost_lines([unused], [], read_prices()))


def test_what_is_billed_and_not_counted_is_named() -> None:
    resources = [
        *SERVICE,
        Registered("aws:iam/role:Role"),
        Registered("random:index/randomId:RandomId"),
        Registered("aws:dynamodb/table:Table"),
        function("f", ephemeralStorage={"size": 2048}, snapStart={"applyOn": "PublishedVersions"}),
        Registered("aws:ec2/natGateway:NatGateway"),
        Registered("aws:apigateway/stage:Stage", {"cacheClusterEnabled": True, "cacheClusterSize": "3"}),
    ]
    methods = [HTTP, calls("AWS", "arn:aws:apigateway:us-east-1:ssm:action/GetParameter")]
    assert not_counted(resources, methods, read_prices()) == {
        "SnapStart",
        "a cache of 3 GB",
        "aws.dynamodb.Table apart from integrations' calls",
        "aws.ec2.NatGateway",
        "calls of ssm",
        "ephemeral storage of functions beyond 512 MB",
        "functions that no integration invokes",
    }
    assert not_counted(SERVICE, [HTTP], read_prices()) == set()


def test_a_total_is_idle_and_requests() -> None:
    assert total([CostLine("a", idle=5), CostLine("b", per_million=2)], 3_000_000) == 11


def test_the_price_list_has_a_date_and_a_source_for_each_price() -> None:
    price_list = read_prices()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", price_list.date)
    for name, price in price_list.prices.items():
        assert price > 0
        assert any(name.startswith(source) for source in price_list.sources), name
    assert all(url.startswith("https://aws.amazon.com/") for url in price_list.sources.values())


def table(output: str) -> dict[str, tuple[str, str]]:
    """Idle and per million requests by backend, from the command's table."""
    rows = [line.split() for line in output.splitlines()]
    return {row[0]: (row[1], row[2]) for row in rows if row and row[0] in ("lambda", "http", "both")}


def test_the_readme_s_table_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost"]) == 0
    printed = table(capsys.readouterr().out)
    assert printed.keys() == {"lambda", "http", "both"}
    documented = {row[1]: (row[2], row[3]) for row in ROW.finditer((ROOT / "docs/deploying.md").read_text())}
    assert documented == printed


def test_the_bill_of_one_choice_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--backend", "lambda", "--stack", "prod", "--requests-per-month", "2000000"]) == 0
    lines = capsys.readouterr().out.split("\n\n")[1].splitlines()[1:]
    sums = [[float(figure) for figure in line.split()[-3:]] for line in lines]
    for column in range(3):
        assert sum(row[column] for row in sums[:-1]) == pytest.approx(sums[-1][column], abs=0.05)
    idle, per_million, at_two_million = sums[-1]
    assert at_two_million == pytest.approx(idle + 2 * per_million, abs=0.05)


def test_a_program_without_a_choice_of_backends_has_one_total(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = str(tmp_path / "starter")
    main(["init", program])
    capsys.readouterr()
    assert main(["cost", program]) == 0
    printed = capsys.readouterr().out
    assert table(printed) == {}
    assert [line.split()[0] for line in printed.splitlines()[3:]] == ["API", "Data", "Lambda", "Lambda", "total"]
    assert main(["cost", program, "--backend", "http"]) == 2
    refused = capsys.readouterr().err
    assert f"--backend http: {program}/Pulumi.yaml declares no `backend`" in refused


def test_a_stack_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--stack", "staging"]) == 2
    assert "Pulumi.staging.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("count", ["-1", "many", "1.5", ""])
def test_a_wrong_number_of_requests_is_a_usage_error(count: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["cost", "--requests-per-month", count])
    assert ended.value.code == 2


OPENAPI = """
openapi: 3.0.1
info: {title: orders}
paths:
  /orders:
    post:
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/%sorders/invocations
    get:
      x-amazon-apigateway-integration:
        type: aws
        httpMethod: POST
        uri: arn:aws:apigateway:us-east-1:dynamodb:action/Scan
"""


def test_the_integrations_of_an_openapi_body_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "api.yaml").write_text(OPENAPI % ARN)
    assert main(["cost", str(tmp_path / "api.yaml")]) == 0
    bill = capsys.readouterr().out
    figures = {line[:20].strip(): line.split()[-2] for line in bill.splitlines() if line}
    assert figures["DynamoDB"] == f"{0.125 / 2:.2f}"
    assert figures["Lambda"] == f"{0.5 * (0.20 + 1_000_000 * 0.005 / 8 * 0.0000166667):.2f}"
    assert "OpenAPI" not in bill
