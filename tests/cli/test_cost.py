"""`parity cost`: the model, the command, and the tables of the documentation that quote it."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from parity.cli import main
from parity.cli.cost_model import CostLine, PriceList, cost_lines, not_counted, read_prices, total

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `?(lambda|http|both)`? \| \$?([0-9.]+) \| \$?([0-9.]+) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Registered:
    """A registered resource."""

    type: str
    inputs: dict[str, Any] = field(default_factory=dict)


SERVICE = [
    Registered("aws:apigateway/stage:Stage", {"stageName": "dev"}),
    Registered("aws:apigateway/integration:Integration", {"type": "HTTP"}),
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
    lines = by_item(cost_lines(SERVICE, round_prices))
    assert lines["Fargate, 3 tasks"] == [3 * 10 * (0.5 + 2), 0]
    assert lines["VPC endpoints, 2"] == [20, 0]
    assert lines["Load balancer"] == [10, 1000]


def test_requests_cost_by_the_million(round_prices: PriceList) -> None:
    lines = by_item(cost_lines(SERVICE, round_prices))
    assert lines["API Gateway requests"] == [0, 1]
    assert lines["Data transfer out"] == [0, 1000]
    assert "Lambda" not in lines


def test_two_backends_share_the_requests(round_prices: PriceList) -> None:
    function = [
        Registered("aws:apigateway/integration:Integration", {"type": "AWS"}),
        Registered("aws:lambda/function:Function", {"memorySize": 1024}),
    ]
    alone = by_item(cost_lines(function, round_prices))
    shared = by_item(cost_lines([*SERVICE, *function], round_prices))
    assert alone["Lambda"] == [0, 1 + 1_000_000]
    assert shared["Lambda"] == [0, (1 + 1_000_000) / 2]
    assert shared["Load balancer"] == [10, 500]


def test_a_service_integration_costs_what_its_action_does() -> None:
    uri = "arn:aws:apigateway:us-east-1:"
    calls = ("dynamodb:action/PutItem", "dynamodb:action/Query", "sqs:path/1/q", "ssm:action/GetParameter")
    integrations = [
        Registered("aws:apigateway/integration:Integration", {"type": "AWS", "uri": uri + call}) for call in calls
    ]
    lines = by_item(cost_lines(integrations, read_prices()))
    assert lines == {"DynamoDB": [0, (0.625 + 0.125) / 4], "SQS": [0, 0.40 / 4]}


@pytest.mark.parametrize("kind", ["AWS", "AWS_PROXY"])
def test_a_function_costs_the_same_by_a_proxy_integration(kind: str, round_prices: PriceList) -> None:
    uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations"
    integrations = [
        Registered("aws:apigateway/integration:Integration", {"type": kind, "uri": uri}),
        Registered("aws:apigateway/integration:Integration", {"type": "HTTP_PROXY"}),
    ]
    function = Registered("aws:lambda/function:Function", {"memorySize": 1024})
    assert by_item(cost_lines([*integrations, function], round_prices))["Lambda"] == [0, (1 + 1_000_000) / 2]
    assert "Lambda" in by_item(cost_lines(integrations, round_prices)), "a function of another stack"


def test_what_is_billed_and_not_counted_is_named() -> None:
    ssm = {"type": "AWS", "uri": "arn:aws:apigateway:us-east-1:ssm:action/GetParameter"}
    resources = [
        *SERVICE,
        Registered("aws:iam/role:Role"),
        Registered("random:index/randomId:RandomId"),
        Registered("aws:dynamodb/table:Table"),
        Registered("aws:lambda/function:Function"),
        Registered("aws:ec2/natGateway:NatGateway"),
        Registered("aws:apigateway/restApi:RestApi", {"body": "{}"}),
        Registered("aws:apigateway/stage:Stage", {"cacheClusterEnabled": True}),
        Registered("aws:apigateway/integration:Integration", ssm),
    ]
    assert not_counted(resources) == {
        "aws.dynamodb.Table apart from integrations' calls",
        "functions that no integration invokes",
        "aws.ec2.NatGateway",
        "integrations of an OpenAPI body",
        "a stage's cache",
        "calls of ssm",
    }
    assert not_counted(SERVICE) == set()


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
