"""An invoke URL is the local one, however the program came by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from parity.local import running
from parity.local.session import Session
from parity.local.worker.local_urls import with_local_urls
from tests.local.running_programs import PROGRAMS, resource, run_program, write_program

ORIGINS = {"abcdefghi0": "http://127.0.0.1:1", "abcdefghi1": "http://127.0.0.1:2"}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The program of programs/composed_urls, served."""
    with running(PROGRAMS / "composed_urls") as session:
        yield session


def test_each_api_has_the_url_of_its_own(session: Session) -> None:
    urls = [session.outputs[f"{name}_invoke_url"] for name in ("backend", "front")]
    assert urls == [api.url("dev") for api in session.apis]
    assert len(set(urls)) == 2


def test_a_composed_url_is_the_local_one(session: Session) -> None:
    outputs = session.outputs
    assert outputs["backend"] == outputs["backend_invoke_url"]
    assert outputs["backend_origin"] == outputs["backend_invoke_url"].removesuffix("/dev")
    assert outputs["site"] == {"config": f"window.API = '{outputs['front_invoke_url']}/'"}


def test_a_functions_environment_has_the_local_one(session: Session) -> None:
    (client,) = (record for record in session.resources if record.name == "client")
    assert client.inputs["environment"]["variables"] == {
        "URL": session.outputs["front_invoke_url"],
        "FOREIGN": "https://0123456789.execute-api.us-east-1.amazonaws.com/dev",
    }


def test_an_integration_with_another_api_of_the_program_calls_that(session: Session) -> None:
    assert requests.get(session.outputs["front_invoke_url"] + "/", timeout=10).json() == {"api": "backend"}


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("https://abcdefghi0.execute-api.us-east-1.amazonaws.com/dev/a?b", "http://127.0.0.1:1/dev/a?b"),
        ("https://abcdefghi1.execute-api.eu-central-1.amazonaws.com", "http://127.0.0.1:2"),
        ('{"u":"https://abcdefghi0.execute-api.cn-north-1.amazonaws.com.cn/"}', '{"u":"http://127.0.0.1:1/"}'),
        ("https://abcdefghi0-vpce-0a1b.execute-api.us-east-1.amazonaws.com/v", "http://127.0.0.1:1/v"),
        (
            "a https://abcdefghi0.execute-api.us-east-1.amazonaws.com b https://abcdefghi1.execute-api.a.amazonaws.com",
            "a http://127.0.0.1:1 b http://127.0.0.1:2",
        ),
    ],
)
def test_invoke_urls_are_replaced_within_a_text(text: str, replaced: str) -> None:
    assert with_local_urls(text, ORIGINS.get) == replaced


@pytest.mark.parametrize(
    "text",
    [
        "https://abcdefghi9.execute-api.us-east-1.amazonaws.com/dev",
        "arn:aws:execute-api:us-east-1:123456789012:abcdefghi0/dev",
        "abcdefghi0.execute-api.us-east-1.amazonaws.com",
        "https://abcdefghi0.execute-api.us-east-1.amazonaws.com.example.org/",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert with_local_urls(text, ORIGINS.get) == text


def test_a_deployment_with_a_stage_of_its_own_has_url_and_arn(tmp_path: Path) -> None:
    """The class is that of the provider's versions 4 to 6."""
    source = (
        "import pulumi, pulumi_aws as aws\n"
        "class Deployment(pulumi.CustomResource):\n"
        "    invoke_url: pulumi.Output[str]\n"
        "    def __init__(self, name, **properties):\n"
        "        super().__init__('aws:apigateway/deployment:Deployment', name, {**properties, 'invokeUrl': None})\n"
        "api = aws.apigateway.RestApi('api')\n"
        "pulumi.export('url', Deployment('d', restApi=api.id, stageName='prod').invokeUrl)\n"
    )
    result = run_program(write_program(tmp_path, source))
    api = resource(result, "aws:apigateway/restApi:RestApi", "api")
    deployment = resource(result, "aws:apigateway/deployment:Deployment", "d")
    assert result.outputs["url"] == "http://local.test/prod"
    assert deployment.outputs["executionArn"] == f"{api.outputs['executionArn']}/prod"


def test_a_stage_of_an_api_that_is_not_the_programs_has_the_url_on_aws(tmp_path: Path) -> None:
    source = (
        "import pulumi_aws as aws\naws.apigateway.Stage('s', rest_api='0123456789', deployment='d', stage_name='dev')\n"
    )
    stage = resource(run_program(write_program(tmp_path, source)), "aws:apigateway/stage:Stage", "s")
    assert stage.outputs["invokeUrl"] == "https://0123456789.execute-api.us-east-1.amazonaws.com/dev"
