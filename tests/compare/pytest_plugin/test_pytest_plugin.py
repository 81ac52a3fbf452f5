"""The plugin, used as somebody else's tests would use it."""

from collections.abc import Iterator

import pytest

from tests.compare.fake_api import FakeApi, fake_api


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with fake_api() as fake:
        yield fake


def _run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """In a process of its own: PyYAML's compiled half does not live through a second import in one process."""
    return pytester.runpytest_subprocess("-p", "no:asyncio", "-p", "no:schemathesis", "-p", "no:locust", *arguments)


def test_a_test_compares_one_request(pytester: pytest.Pytester, api: FakeApi) -> None:
    pytester.makepyfile(
        """
        def test_query(compare, parity_api):
            result = compare(method="GET", path="/a", query_string="query1=x&query3=y")
            assert result.differs
            assert [len(parity_api.urls), result.case.path] == [2, "/a"]
        """
    )

    _run(pytester, "--api-url", api.url).assert_outcomes(passed=1)


def test_the_message_shows_the_difference_field_by_field(pytester: pytest.Pytester, api: FakeApi) -> None:
    api.change_event = lambda event: event["params"]["querystring"].update(query1="changed")
    pytester.makepyfile('def test_query(compare):\n    compare(path="/a", query_string="query1=x")\n')

    outcome = _run(pytester, "--api-url", api.url)

    outcome.assert_outcomes(failed=1)
    outcome.stdout.fnmatch_lines(
        ["*query string query1: no known reason", "    sent     x", "    Lambda   changed", "    HTTP     x"]
    )


def test_case_files_are_collected_as_tests(pytester: pytest.Pytester, api: FakeApi) -> None:
    api.change_echo = lambda echo: echo.update(method="PUT") if echo["path"] == "/wrong" else None
    cases = "- {name: right, path: /right, why: nothing is changed}\n- {name: wrong, path: /wrong}\n"
    (pytester.path / "mine.parity.yaml").write_text(cases)

    outcome = _run(pytester, "--api-url", api.url, "-v")

    outcome.assert_outcomes(passed=1, failed=1)
    outcome.stdout.fnmatch_lines(["mine.parity.yaml::right PASSED*", "mine.parity.yaml::wrong FAILED*"])
    outcome.stdout.fnmatch_lines(
        ["  method: no known reason", "    sent     GET", "    Lambda   GET", "    HTTP     PUT"]
    )


def test_a_wrong_case_file_is_told_with_its_line(pytester: pytest.Pytester) -> None:
    (pytester.path / "wrong.parity.yaml").write_text("- name: a\n  path: /a\n  metod: GET\n")

    outcome = _run(pytester)

    outcome.assert_outcomes(errors=1)
    outcome.stdout.fnmatch_lines(["*wrong.parity.yaml:3: metod: no such key*"])


def test_a_stack_without_the_pulumi_cli_says_what_to_do(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    pytester.makepyfile('def test_query(compare):\n    compare(path="/a")\n')

    outcome = _run(pytester, "--deployed", "--stack", "prod")

    outcome.assert_outcomes(errors=1)
    outcome.stdout.fnmatch_lines(["*--deployed*Pulumi CLI*not on the PATH*name the API by --api-url*"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--api-url", "nonsense"], "*parity: --api-url: 'nonsense' is not the URL of a stage*"),
        (["--parity-left", "/a", "--parity-right", "/a"], "*--parity-left and --parity-right are both '/a'*"),
        (["--parity-pair", "b"], "*parity: --parity-pair b: * has no such pair*"),
    ],
)
def test_an_error_names_the_options_of_pytest(pytester: pytest.Pytester, arguments: list[str], message: str) -> None:
    pytester.makepyfile('def test_query(compare):\n    compare(path="/a")\n')
    (pytester.path / "parity.yaml").write_text("pairs: {a: {left: /a, right: /b}}\n")

    outcome = _run(pytester, *arguments)

    outcome.assert_outcomes(errors=1)
    outcome.stdout.fnmatch_lines([message])


def test_a_request_that_both_routes_refuse_is_warned_of(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nparity_program = .\nparity_left = GET /a\nparity_right = GET /b\n")
    (pytester.path / "Pulumi.yaml").write_text("name: refusing\nruntime: python\n")
    (pytester.path / "__main__.py").write_text(
        """
import pulumi, pulumi_aws as aws
api = aws.apigateway.RestApi("api")
def method(path):
    resource = aws.apigateway.Resource(path, rest_api=api.id, parent_id=api.root_resource_id, path_part=path)
    of = {"rest_api": api.id, "resource_id": resource.id, "http_method": "GET"}
    aws.apigateway.Method(path, **of, authorization="NONE", api_key_required=True)
    return aws.apigateway.Integration(path, **of, type="MOCK")
deployment = aws.apigateway.Deployment("d", rest_api=api.id,
                                       opts=pulumi.ResourceOptions(depends_on=[method("a"), method("b")]))
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""
    )
    (pytester.path / "mine.parity.yaml").write_text("- {name: one}\n")

    outcome = _run(pytester)

    outcome.assert_outcomes(passed=1, warnings=1)
    outcome.stdout.fnmatch_lines(["*one: API Gateway refused the request, so that no backends were compared: *403*"])
