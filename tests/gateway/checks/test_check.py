"""Wrong definitions, told before the first request."""

from dataclasses import replace
from typing import Any

import pytest

from parity.gateway.checks.check import Problem, check
from parity.gateway.model.definition import (
    Authorizer,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    MethodSettings,
    Model,
    Resource,
    RestApi,
    Stage,
)
from tests.gateway.support import FUNCTION_URI

STAGE = Stage(name="dev", variables={"host": "example.com"}, declared_by="the stage")
RESPONSE = IntegrationResponse(status_code="200", declared_by="the answer")
INTEGRATION = Integration(
    type="HTTP",
    uri="https://${stageVariables.host}/{id}",
    request_parameters={"integration.request.path.id": "method.request.path.id"},
    responses=(RESPONSE,),
    declared_by="the integration",
)
QUEUE_URI = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/queue"
METHOD = Method(
    http_method="GET",
    request_parameters={"method.request.path.id": True},
    responses=(MethodResponse(status_code="200", declared_by="the method response"),),
    integration=INTEGRATION,
    declared_by="the method",
)


def api(method: Method = METHOD, path: str = "/pets/{id}", **settings: Any) -> RestApi:
    resource = Resource(id="res1", path=path, methods={method.http_method: method}, declared_by="the resource")
    return RestApi(**{"id": "api1", "name": "pets", "resources": (resource,), "declared_by": "the api", **settings})


def with_integration(**settings: Any) -> RestApi:
    return api(replace(METHOD, integration=replace(INTEGRATION, **settings)))


def with_response(**settings: Any) -> RestApi:
    return with_integration(responses=(replace(RESPONSE, **settings),))


def with_method(**settings: Any) -> RestApi:
    return api(replace(METHOD, **settings))


def with_authorizer(**settings: Any) -> RestApi:
    authorizer = Authorizer(**{"id": "a", "name": "door", "uri": FUNCTION_URI, "declared_by": "the door", **settings})
    return api(authorizers={"a": authorizer})


def only_problem(checked: RestApi, stage: Stage = STAGE) -> Problem:
    (problem,) = check(checked, stage)
    return problem


def test_a_right_definition_has_no_problems() -> None:
    assert check(api(), STAGE) == []


ERRORS = [
    (with_method(integration=None), "the method", "GET /pets/{id} has no integration", "deploy"),
    (api(resources=()), "the api", "the API has no methods", "deploy"),
    (with_integration(timeout_ms=10), "the integration", "the timeout of 10 ms is out of range", "create"),
    (with_integration(timeout_ms=400_000), "the integration", "the timeout of 400000 ms is out of range", "create"),
    (
        with_integration(uri="example.com", request_parameters={}),
        "the integration",
        "is not an HTTP endpoint",
        "create",
    ),
    (
        with_integration(request_parameters={"integration.request.path.id": "method.request.cookie.id"}),
        "the integration",
        "'method.request.cookie.id' is not a mapping source",
        "create",
    ),
    (
        with_integration(
            request_parameters={**INTEGRATION.request_parameters, "integration.cookie.id": "method.request.path.id"}
        ),
        "the integration",
        "is not a mapping target",
        "create",
    ),
    (
        with_integration(request_parameters={"integration.request.path.id": "method.request.header.Id"}),
        "the integration",
        "mapped from method.request.header.Id, which the method request does not declare",
        "create",
    ),
    (
        with_integration(request_templates={"application/json": "{\n #if($x)"}),
        "the integration",
        "the template for application/json does not compile: line ",
        "request",
    ),
    (
        with_integration(request_templates={"text/plain": "x" * 307_201}),
        "the integration",
        "the template for text/plain has 307201 bytes",
        "create",
    ),
    (with_response(status_code="404"), "the answer", "the method has no response 404", "request"),
    (with_response(selection_pattern="(4"), "the answer", "is no regular expression", "request"),
    (with_response(response_templates={"a/b": "#foreach("}), "the answer", "does not compile", "request"),
    (
        with_response(response_parameters={"method.response.header.X": "integration.response.cookie.x"}),
        "the answer",
        "is not a mapping source",
        "create",
    ),
    (
        with_response(response_parameters={"method.response.header.X": "'x'"}),
        "the answer",
        "method.response.header.X is mapped, and the method response 200 does not declare it",
        "create",
    ),
    (
        with_integration(type="AWS", uri="https://example.com", request_parameters={}),
        "the integration",
        "is no ARN",
        "create",
    ),
    (
        with_integration(type="AWS", uri="arn:aws:lambda:us-east-1:1:function:f", request_parameters={}),
        "the integration",
        "AWS ARN for integration must contain path or action",
        "create",
    ),
    (
        with_integration(type="AWS", uri=QUEUE_URI, request_parameters={}),
        "the integration",
        "Role ARN must be specified for AWS integrations",
        "create",
    ),
    (
        with_integration(type="AWS_PROXY", uri=QUEUE_URI, credentials="arn:aws:iam::1:role/r", request_parameters={}),
        "the integration",
        "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
        "create",
    ),
    (with_method(request_models={"application/json": "Pet"}), "the method", "there is no model 'Pet'", "create"),
    (
        with_method(request_parameters={"header.X": True, **METHOD.request_parameters}),
        "the method",
        "header.X",
        "create",
    ),
    (with_method(authorization="CUSTOM", authorizer_id="x"), "the method", "names no authorizer of the API", "create"),
    (api(path="/{id+}/pets"), "the resource", "the greedy {id+} is not the last part", "create"),
    (api(path="/{id}/{id}"), "the resource", "has the parameter id more than once", "create"),
    (api(path="/{id}/a b"), "the resource", "the path part 'a b' is not allowed", "create"),
    (api(path="/{id}/a@b"), "the resource", "the path part 'a@b' is not allowed", "create"),
    (api(path="/{id}/~"), "the resource", "the path part '~' is not allowed", "create"),
    (api(models={"P": Model(name="P", schema="{", declared_by="the model")}), "the model", "not JSON", "create"),
    (
        api(gateway_responses={"OOPS": GatewayResponse(response_type="OOPS", declared_by="the oops")}),
        "the oops",
        "there is no gateway response type 'OOPS'",
        "create",
    ),
    (api(policy="{}"), "the api", "the resource policy cannot be used: the policy has no Statement", "create"),
    (with_authorizer(uri="arn:other"), "the door", "is not a Lambda invocation URI", "create"),
    (
        with_authorizer(identity_source="Authorization", type="REQUEST"),
        "the door",
        "is not a valid identity source",
        "create",
    ),
    (
        with_authorizer(identity_source="context.identity.sourceIp"),
        "the door",
        "one header for identity source",
        "create",
    ),
    (with_authorizer(identity_source="", type="REQUEST"), "the door", "needs an identity source", "create"),
    (with_authorizer(result_ttl_seconds=3601), "the door", "3601 seconds is out of range", "create"),
    (with_authorizer(identity_validation_expression="("), "the door", "is no regular expression", "create"),
]


@pytest.mark.parametrize(("checked", "declared_by", "message", "told"), ERRORS, ids=[row[2][:40] for row in ERRORS])
def test_an_error_names_who_declares_it(checked: RestApi, declared_by: str, message: str, told: str) -> None:
    problem = only_problem(checked)
    assert (problem.severity, problem.declared_by, problem.told) == ("error", declared_by, told)
    assert message in problem.message


WARNINGS = [
    (with_integration(timeout_ms=60_000), "needs a quota above 29000 ms"),
    (with_integration(request_parameters={}), "the URI has the parameter id, to which nothing is mapped"),
    (
        with_integration(uri="http://${stageVariables.unset}/pets", request_parameters={}),
        "the URI 'http:///pets' is not an HTTP endpoint",
    ),
    (with_integration(responses=()), "no integration response is declared"),
    (
        with_integration(responses=(replace(RESPONSE, selection_pattern="2.."), RESPONSE)),
        "there is another integration response for status 200, which replaces this one",
    ),
    (
        with_integration(
            request_parameters={**INTEGRATION.request_parameters, "integration.request.header.Content-Length": "'1'"}
        ),
        "the header Content-Length may not be mapped",
    ),
    (with_integration(type="MOCK", uri="", request_parameters={}), "has no request template"),
    (
        with_integration(type="AWS", uri=FUNCTION_URI, http_method="GET", request_parameters={}),
        "a Lambda function is invoked with POST, not GET",
    ),
    (
        with_integration(type="AWS", uri=QUEUE_URI, credentials="arn:aws:iam::*:user/*", request_parameters={}),
        "the credentials are the caller's, and the method does not ask for a signature",
    ),
    (with_authorizer(type="COGNITO_USER_POOLS"), "declares no user pool of the authorizer door"),
    (with_method(authorization="AWS_IAM"), "signatures are not verified locally"),
    (
        with_method(request_parameters={**METHOD.request_parameters, "method.request.path.name": True}),
        "has no path parameter name",
    ),
]


@pytest.mark.parametrize(("checked", "message"), WARNINGS, ids=[row[1][:40] for row in WARNINGS])
def test_what_aws_takes_but_cannot_be_meant_is_a_warning(checked: RestApi, message: str) -> None:
    problem = only_problem(checked)
    assert problem.severity == "warning"
    assert message in problem.message


def test_two_default_integration_responses_are_told() -> None:
    checked = check(with_integration(responses=(RESPONSE, replace(RESPONSE, status_code="201"))), STAGE)
    assert "2 integration responses have no selection pattern: 200, 201" in [problem.what for problem in checked]


def test_the_stage_is_checked_too() -> None:
    assert "the stage name 'my stage'" in only_problem(api(), replace(STAGE, name="my stage")).message
    assert (
        "the stage variable a-b='x'" in only_problem(api(), replace(STAGE, variables={"a-b": "x", "host": "h"})).message
    )
    for value in ("x|y", "{x}", "*", "a@b"):  # the pattern is that of AWS's service model
        assert "the stage variable" in only_problem(api(), replace(STAGE, variables={"a": value, "host": "h"})).message
    assert check(api(), replace(STAGE, variables={"a": "http://x.com/a?b=c&d=e,f-g_h~i#j:k", "host": "h"})) == []
    settings = {"*/*": MethodSettings(), "pets/{id}/GET": MethodSettings(), "pets/GET": MethodSettings()}
    assert "'pets/GET'" in only_problem(api(), replace(STAGE, method_settings=settings)).message


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"k" * 64: "v" * 512}, None),
        ({"k" * 65: "v"}, "the stage variable " + "k" * 64 + " is too long"),
        ({"k": "v" * 513}, "the stage variable k is too long"),
        ({f"k{number}": "v" for number in range(99)}, None),
        ({f"k{number}": "v" for number in range(100)}, "it has 101 stage variables"),
    ],
)
def test_quotas_of_stage_variables(variables: dict[str, str], message: str | None) -> None:
    """AWS's guide, "Quotas for configuring and running a REST API"; none of these can be increased."""
    checked = check(api(), replace(STAGE, variables={**variables, "host": "h"}))
    assert [problem.what for problem in checked] == ([] if message is None else [message])


def test_a_condition_that_is_never_fulfilled_is_told() -> None:
    statement = '{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}'
    problem = only_problem(api(policy=f'{{"Statement":[{statement}]}}'))
    assert "StringEquals aws:SourceVpc is never fulfilled" in problem.message


def test_a_statement_for_named_principals_is_told() -> None:
    statement = '{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"*","Resource":"*"}'
    problem = only_problem(api(policy=f'{{"Statement":[{statement}]}}'))
    assert (problem.severity, problem.told) == ("warning", "here")
    assert "for named principals" in problem.message


def test_every_problem_says_when_aws_would_tell_it() -> None:
    assert "(AWS refuses to deploy it)" in only_problem(with_method(integration=None)).message
    assert "(AWS refuses it when it is created)" in only_problem(with_integration(timeout_ms=1)).message


def test_proxies_need_no_integration_responses() -> None:
    assert check(with_integration(type="HTTP_PROXY", responses=()), STAGE) == []


def test_an_api_that_its_invoke_url_does_not_reach_on_aws_is_told() -> None:
    (problem,) = check(api(disable_execute_api_endpoint=True), STAGE)
    assert (problem.severity, problem.declared_by) == ("warning", "the api")
    assert "AWS answers 403 at the invoke URL" in problem.message
