"""The comparison of this project's own program locally."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

import pytest

from parity.cli import main
from parity.cli.cost_model import cost_lines, methods_of, read_prices
from parity.cli.output.costs import costs_of
from parity.compare.case import Case
from parity.compare.comparison import compare
from parity.compare.recording import drift_since, recording_of
from parity.compare.report import report_html
from parity.compare.requests.case_file import load_cases
from parity.compare.settings import INTEGRATIONS, Side
from parity.compare.target import Target, local_target
from parity.local.declared import declared

PROJECT = Path(__file__).parents[2]


@pytest.fixture
def local_api(parity_api: Target) -> Target:
    if parity_api.exchange_of is None:
        pytest.skip("a deployed API is under test; it tells no trace")
    return parity_api


def test_the_report_shows_the_rendered_template_and_the_trace_by_stage(local_api: Target) -> None:
    page = report_html(compare(local_api, load_cases(only=["article"])))

    assert "Rendered template · Lambda · application/json" in page
    assert "&quot;body-json&quot; : {&quot;keybody&quot;:&quot;valuebody&quot;}" in page
    assert "Trace · HTTP" in page
    for stage in ("Method request", "Integration request", "Integration", "Integration response", "Method response"):
        assert f"<b>{stage}</b>" in page


def test_the_report_shows_what_a_million_requests_cost_on_each_backend(local_api: Target) -> None:
    costs = costs_of(local_api.resources)

    page = report_html(compare(local_api, load_cases(only=["article"])), costs=costs)

    assert {item for item, *_ in costs[Side.LAMBDA].lines} >= {"API Gateway requests", "Lambda"}
    assert {item for item, *_ in costs[Side.HTTP].lines} >= {"API Gateway requests", "Load balancer"}
    assert "Load balancer" not in {item for item, *_ in costs[Side.LAMBDA].lines}
    assert "Lambda" not in {item for item, *_ in costs[Side.HTTP].lines}
    for cost in costs.values():
        assert f"<dt>per million requests</dt><dd>${cost.per_million:,.2f}</dd>" in page


@pytest.mark.parametrize("side", INTEGRATIONS)
def test_an_integration_costs_what_it_costs_without_the_other(local_api: Target, side: Side) -> None:
    alone = asyncio.run(declared(PROJECT, config={"backend": side.value.lower()}))
    lines = cost_lines(alone.resources, methods_of(alone.apis), read_prices())

    cost = costs_of(local_api.resources)[side]

    assert cost.lines == tuple((line.item, line.idle, line.per_million) for line in lines)


def test_a_second_run_on_this_machine_has_not_drifted(local_api: Target) -> None:
    cases = load_cases()
    recording = json.loads(json.dumps(recording_of(compare(local_api, cases))))

    assert drift_since(recording, compare(local_api, cases)) == ()


def test_what_the_gateway_refused_is_told_with_its_reason(local_api: Target) -> None:
    case = Case(name="a", method="POST", path="/a", headers=(("Content-Type", "text/csv"),), body=b"a;b")

    (result,) = compare(local_api, [case]).results

    assert result.passed
    assert "UNSUPPORTED_MEDIA_TYPE" in result.clues[Side.LAMBDA]


def test_a_template_that_gives_no_json_is_named_with_the_line(tmp_path: Path) -> None:
    for part in ("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(PROJECT / part, tmp_path)
    for part in ("infra", "backend_http", "backend_lambda"):
        shutil.copytree(PROJECT / part, tmp_path / part)
    (tmp_path / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)
    template = tmp_path / "infra" / "templates" / "lambda_request.vtl"
    escaped = '$util.escapeJavaScript($params.get($paramName)).replaceAll("\\\\\'","\'")'
    source = template.read_text()
    assert escaped in source
    template.write_text(source.replace(escaped, "$params.get($paramName)"))
    case = Case(name="quoted", path="/a", query_string="query1=say%20%22hi%22")

    with local_target(tmp_path, config={"backend": "lambda"}) as target:
        comparison = compare(target, [case])

    (result,) = comparison.results
    assert not result.passed
    clue = result.clues[Side.LAMBDA]
    assert clue.startswith("the request template for application/json does not give JSON")
    assert '"query1" : "say "hi""\n' in clue
    line = source.split(escaped)[0].count("\n") + 1
    assert clue.endswith(f'\ninfra/templates/lambda_request.vtl:{line}: $params.get($paramName) rendered say "hi"')
    assert "does not give JSON" in report_html(comparison)


def test_other_configuration_is_explained_by_other_reasons() -> None:
    case = Case(name="a", path="/a", query_string="q3=x&q4=y", headers=(("X-A", "1"), ("X-B", "2")))

    with local_target(PROJECT, config={"queryStrings": '["q3"]', "headers": '["X-A"]'}) as target:
        (result,) = compare(target, [case]).results

    assert [reason for each in result.own_differences for reason in each.reasons] == [
        "not mapped: query string q4 is not in parity:queryStrings",
        "not mapped: header X-B is not in parity:headers",
    ]


def test_everything_may_be_mapped() -> None:
    with local_target(PROJECT, config={"queryStrings": '["*"]', "headers": '["*"]'}) as target:
        comparison = compare(target, load_cases())

    assert [result.case.name for result in comparison.results if not result.passed] == []
    article = comparison.results[0].received[Side.HTTP]
    assert article.headers["header1"] == ("value1",)


def test_a_replay_runs_with_the_configuration_that_was_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "aws.json")
    only = [str(PROJECT), "--only", "article"]
    assert main(["compare", *only, "--config", 'headers=["header1"]', "--record", file]) == 0

    assert main(["compare", *only, "--replay", file]) == 0

    assert "✓ nothing changed since" in capsys.readouterr().out


def test_one_backend_alone_is_shown_alone(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["compare", str(PROJECT), "--config", "backend=lambda", "--only", "article"])

    out = capsys.readouterr().out
    assert status == 0
    assert "HTTP   not part of this stack (parity:backend); only one side is shown" in out
    assert "HTTP received" not in out
