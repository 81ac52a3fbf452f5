"""An OpenAPI document, as `aws apigateway get-export` writes it, is served without a program of its own."""

import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from parity.cli.main import main
from parity.errors import UserError
from parity.local import running
from parity.local.program.document_program.document import ApiDocument
from parity.local.program.project import Project
from parity.local.program.worker_process import ProgramError
from parity.local.session import Session

DOCUMENTS = Path(__file__).parents[1] / "documents"
OPENAPI, SWAGGER = DOCUMENTS / "openapi.yaml", DOCUMENTS / "swagger.json"


class Backend(http.server.BaseHTTPRequestHandler):
    """An HTTP backend that answers with the path it was asked for."""

    def do_GET(self) -> None:
        """Answers."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.path.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The origin of a backend."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def session(endpoint: str) -> Iterator[Session]:
    """The OpenAPI document, served with its function and its endpoint."""
    config = {
        "parity:functions": json.dumps({"pets": "function"}),
        "parity:endpoints": json.dumps({"https://internal.example.com": endpoint}),
    }
    with running(OPENAPI, config=config) as session:
        yield session


def test_the_stage_is_that_of_the_export(session: Session) -> None:
    assert session.outputs["url"] == session.apis[0].url("prod")
    assert session.apis[0].definition.name == "pets"


def test_a_function_of_another_account_is_the_one_that_was_given(session: Session) -> None:
    answer = requests.get(f"{session.outputs['url']}/pets/7", timeout=10)
    assert answer.json() == {"event": {"pet": "7"}, "function": "pets"}


def test_an_endpoint_behind_a_vpc_link_is_the_one_that_was_given(session: Session) -> None:
    assert requests.get(f"{session.outputs['url']}/private", timeout=10).text == "/pets"


def test_there_is_a_key_where_one_is_required(session: Session) -> None:
    url, key = f"{session.outputs['url']}/mock", session.outputs["api_key"]
    assert requests.get(url, timeout=10).status_code == 403
    assert requests.get(url, headers={"x-api-key": key}, timeout=10).json() == "mocked"


def test_swagger_2_is_served_too() -> None:
    with running(
        SWAGGER, config={"parity:functions": '{"items": "function:lambda_function.lambda_handler"}'}
    ) as session:
        assert session.outputs["url"].endswith("/v1")
        assert requests.get(f"{session.outputs['url']}/items", timeout=10).text == "ok"


def test_what_the_document_needs_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    with running(OPENAPI, config={"parity:functions": '{"other": "function"}'}):
        pass
    said = capfd.readouterr().err
    assert "add --function pets=FOLDER" in said
    assert "--function other: the document invokes no function of this name" in said
    assert "--endpoint https://internal.example.com=http://127.0.0.1:8080" in said


@pytest.mark.parametrize(
    ("given", "error"),
    [("missing", "there is no "), (".", "it has none of lambda_function.py"), ("function:", None)],
)
def test_a_function_is_found_by_its_usual_file(given: str, error: str | None) -> None:
    config = {"parity:functions": json.dumps({"pets": given})}
    if error is None:
        with running(OPENAPI, config=config) as session:
            (function,) = (
                record for record in session.resources if record.name == "pets" and "Function" in record.type
            )
            assert function.inputs["handler"] == "lambda_function.lambda_handler"
        return
    with pytest.raises(ProgramError, match=f"--function pets={given}: {error}"), running(OPENAPI, config=config):
        pass


@pytest.mark.parametrize("text", ["[1]", "title: x\n", "a: [\n"])
def test_another_file_is_no_document(tmp_path: Path, text: str) -> None:
    (tmp_path / "api.yaml").write_text(text)
    error = r"api.yaml (is not an OpenAPI document|cannot be read)"
    with pytest.raises(UserError, match=error), running(tmp_path / "api.yaml"):
        pass


def test_a_document_is_a_project_of_its_own() -> None:
    project = Project.at(SWAGGER)
    assert (project.name, project.root, project.document) == ("swagger", DOCUMENTS, SWAGGER)


@pytest.mark.parametrize(
    ("endpoints", "uri"),
    [
        ({"": "http://127.0.0.1:1/base/"}, "http://127.0.0.1:1/base/pets"),
        ({"internal.example.com": "http://127.0.0.1:1"}, "http://127.0.0.1:1/pets"),
        ({"https://other.example.com": "http://127.0.0.1:1"}, "https://internal.example.com/pets"),
    ],
)
def test_endpoints_are_replaced_by_their_origin(endpoints: dict[str, str], uri: str) -> None:
    document = ApiDocument(str(OPENAPI), region="us-east-1", account_id="123456789012")
    document.replace_endpoints(endpoints)
    integration = document.root["paths"]["/private"]["get"]["x-amazon-apigateway-integration"]
    assert integration["uri"] == uri
    assert ("connectionId" in integration) == (uri == "https://internal.example.com/pets")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--function", "pets"], "--function pets: write NAME=FOLDER"),
        (["--endpoint", "localhost"], r"--endpoint localhost: write [ORIGIN=]URL"),
    ],
)
def test_an_argument_of_another_form_says_which(
    capsys: pytest.CaptureFixture[str], arguments: list[str], error: str
) -> None:
    assert main(["lint", str(OPENAPI), *arguments]) == 2
    assert error in capsys.readouterr().err


def test_a_program_takes_no_functions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\n")
    assert main(["serve", str(tmp_path), "--function", "a=b"]) == 2
    assert "are for an OpenAPI document" in capsys.readouterr().err


def test_lint_takes_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", str(OPENAPI), "--json"])
    findings = json.loads(capsys.readouterr().out)
    assert any("GET /pets/{petId}" in str(finding) for finding in findings)
