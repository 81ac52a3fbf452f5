"""`aws-apigateway.RestAPI` makes the resources that its provider plugin makes, and they are served."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from parity.local import running
from parity.local.program.records import ASSET, SIGNATURE, ResourceRecord
from parity.local.program.worker_process import ProgramError
from parity.local.session import Session
from tests.local.running_programs import PROGRAMS, resource, run_program, write_program

PROGRAM = PROGRAMS / "rest_api_component"
COMPONENT = "aws-apigateway:index:RestAPI"


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """The program, served."""
    with running(PROGRAM) as session:
        yield session


@pytest.fixture(scope="module")
def url(session: Session) -> str:
    """The component's output `url`, without its last slash."""
    return str(session.outputs["url"]).removesuffix("/")


@pytest.fixture(scope="module")
def resources(session: Session) -> list[ResourceRecord]:
    """Every resource, those of the component too."""
    return session.resources


def children(resources: list[ResourceRecord], type_: str) -> dict[str, ResourceRecord]:
    """The children of the component `shop` of a type, by name."""
    parent = f"urn:pulumi:dev::rest-api-component::{COMPONENT}::shop"
    return {record.name: record for record in resources if record.type == type_ and record.parent == parent}


def body(resources: list[ResourceRecord]) -> Any:
    """The Swagger document of `shop`."""
    return json.loads(children(resources, "aws:apigateway/restApi:RestApi")["shop"].inputs["body"])


@pytest.mark.parametrize("path", ["date", "any"])
def test_an_event_handler_is_invoked_by_proxy(url: str, path: str) -> None:
    answer = requests.get(f"{url}/{path}", timeout=10)
    assert (answer.status_code, answer.text) == (200, f"/{path} None")


def test_data_is_an_operation_as_it_is(url: str) -> None:
    assert requests.get(f"{url}/data", timeout=10).json() == "mocked"


def test_an_authorizer_is_asked(url: str) -> None:
    assert requests.get(f"{url}/guarded", timeout=10).status_code == 401
    denied = requests.get(f"{url}/guarded", headers={"Authorization": "no"}, timeout=10)
    assert (denied.status_code, denied.json()) == (404, {"message": "404 Not found"})
    allowed = requests.get(f"{url}/guarded", headers={"Authorization": "let-me-in"}, timeout=10)
    assert "'principalId': 'guest'" in allowed.text


def test_an_api_key_is_required(url: str) -> None:
    assert requests.get(f"{url}/keyed", timeout=10).status_code == 403
    answer = requests.get(f"{url}/keyed", headers={"x-api-key": "0123456789abcdefghij"}, timeout=10)
    assert answer.status_code == 200


def test_a_signature_is_required(url: str) -> None:
    answer = requests.get(f"{url}/signed", timeout=10)
    assert (answer.status_code, answer.json()) == (404, {"message": "404 Not found"})


def test_required_parameters_are_validated(url: str) -> None:
    answer = requests.get(f"{url}/checked", timeout=10)
    assert answer.json() == {"message": "Missing required request parameters: [who]"}
    assert requests.get(f"{url}/checked?who=me", timeout=10).status_code == 200


def test_a_path_that_is_not_there_is_not_found(url: str) -> None:
    answer = requests.get(f"{url}/nothing", timeout=10)
    assert (answer.status_code, answer.json()) == (404, {"message": "404 Not found"})


def test_a_swagger_document_is_served_as_it_is(session: Session) -> None:
    assert session.outputs["pets_url"].endswith("/stage/")
    assert requests.get(session.outputs["pets_url"] + "pets", timeout=10).json() == "mocked"


def test_its_resources_are_outputs(session: Session, resources: list[ResourceRecord]) -> None:
    assert session.outputs["stage"] == "v1"
    assert session.outputs["deployment"] == children(resources, "aws:apigateway/deployment:Deployment")["shop"].id
    assert session.outputs["arn"].startswith("arn:aws:execute-api:us-east-1:123456789012:")


def test_each_function_gets_a_permission_for_its_route(resources: list[ResourceRecord]) -> None:
    arns = [record.inputs["sourceArn"] for record in children(resources, "aws:lambda/permission:Permission").values()]
    assert [arn.partition("/")[2] for arn in arns] == [
        "*/GET/date", "*/*/any", "*/GET/guarded", "*/GET/keyed", "*/GET/signed", "*/GET/checked",
    ]  # fmt: skip


def test_files_become_objects_of_a_bucket(resources: list[ResourceRecord]) -> None:
    (bucket,) = children(resources, "aws:s3/bucket:Bucket").values()
    objects = {
        record.inputs["source"]["path"]: record
        for record in children(resources, "aws:s3/bucketObject:BucketObject").values()
    }
    assert set(objects) == {"site/index.html", "site/css/site.css"}
    style = [r for r in children(resources, "aws:s3/bucketObject:BucketObject").values() if "/css/" in r.name]
    assert [(r.inputs["bucket"], r.inputs["contentType"]) for r in style] == [(bucket.id, "text/css")]
    assert style[0].inputs["source"] == {SIGNATURE: ASSET, "path": "site/css/site.css"}


def test_static_content_is_read_from_the_bucket(resources: list[ResourceRecord]) -> None:
    paths = body(resources)["paths"]
    bucket = children(resources, "aws:s3/bucket:Bucket")["shop"].outputs["bucket"]
    below = paths["/site/{proxy+}"]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]
    assert below["uri"] == f"arn:aws:apigateway:us-east-1:s3:path/{bucket}/shop7fc65ca9/{{proxy}}"
    assert below["requestParameters"] == {"integration.request.path.proxy": "method.request.path.proxy"}
    index = paths["/site/"]["get"]["x-amazon-apigateway-integration"]
    assert index["uri"].endswith("/index.html")
    assert index["responses"]["4\\d{2}"] == {"statusCode": "400"}


@pytest.mark.parametrize(
    ("path", "status", "content_type", "text"),
    [
        ("site", 200, "text/html", "<h1>home</h1>\n"),
        ("site/index.html", 200, "text/html", "<h1>home</h1>\n"),
        ("site/css/site.css", 200, "text/css", "h1 { color: teal }\n"),
        ("style", 200, "text/plain", "h1 { color: teal }\n"),
        ("site/nothing.html", 400, "application/json", None),
    ],
)
def test_static_content_is_served(url: str, path: str, status: int, content_type: str, text: str | None) -> None:
    answer = requests.get(f"{url}/{path}", timeout=20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, content_type)
    assert "NoSuchKey" in answer.text if text is None else answer.text == text


def test_an_integration_route_has_its_path_and_all_below(resources: list[ResourceRecord]) -> None:
    paths = body(resources)["paths"]
    uris = [
        paths[path]["x-amazon-apigateway-any-method"]["x-amazon-apigateway-integration"]["uri"]
        for path in ("/other/", "/other/{proxy+}")
    ]
    assert uris == ["http://127.0.0.1:9/", "http://127.0.0.1:9/{proxy}"]


def test_a_route_without_a_destination_names_the_component_and_its_line(tmp_path: Path) -> None:
    source = (
        "import pulumi_aws_apigateway as apigateway\n"
        "apigateway.RestAPI('api', routes=[apigateway.RouteArgs(path='/a', method='GET')])\n"
    )
    with pytest.raises(ProgramError, match=r"RestAPI 'api' \(__main__.py:2\): the route /a needs an event_handler"):
        run_program(write_program(tmp_path, source))


def test_a_provider_of_the_component_is_that_of_its_children(tmp_path: Path) -> None:
    source = (
        "import pulumi, pulumi_aws as aws, pulumi_aws_apigateway as apigateway\n"
        "dublin = aws.Provider('dublin', region='eu-west-1')\n"
        'apigateway.RestAPI(\'api\', swagger_string=\'{"swagger": "2.0", "paths": {}}\',\n'
        "    opts=pulumi.ResourceOptions(providers=[dublin]))\n"
    )
    api = resource(run_program(write_program(tmp_path, source)), "aws:apigateway/restApi:RestApi", "api")
    assert api.outputs["arn"].startswith("arn:aws:apigateway:eu-west-1::")
    assert api.declared_in == "__main__.py:3"
