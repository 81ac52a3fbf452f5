"""A session serves what a program declares, at real ports with real backends."""

import json
import shutil
import socket
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from parity.errors import UserError
from parity.local import open_session, running
from tests.local.running_programs import PROGRAMS, write_program


def get(url: str) -> tuple[int, Any]:
    """The status and the JSON that a URL answers."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


class TestSeveralApis:
    """The program of programs/two_apis."""

    def test_each_api_has_a_port_and_each_stage_a_path(self) -> None:
        with running(PROGRAMS / "two_apis") as session:
            pets, shops = session.apis
            assert pets.origin != shops.origin
            assert session.outputs["pets_prod"] == pets.url("prod")
            assert get(pets.url("dev") + "/hello/ada") == (200, {"said": "hello from dev, ada"})
            assert get(pets.url("prod") + "/hello/ada") == (200, {"said": "hello from prod, ada"})
            assert get(shops.url("dev") + "/hello/ada") == (200, {"shop": "ada"})

    def test_the_first_api_gets_the_port_that_was_asked_for(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with running(PROGRAMS / "two_apis", port=port) as session:
            assert session.apis[0].url("dev") == f"http://127.0.0.1:{port}/dev"

    def test_a_port_that_is_taken_is_told_with_a_way_out(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(UserError, match=rf"cannot serve at 127.0.0.1:{port}: .* --port"):
                running(PROGRAMS / "two_apis", port=port).__enter__()

    def test_it_tells_what_it_is(self) -> None:
        with running(PROGRAMS / "two_apis", stack="test", config={"aws:region": "eu-west-3"}) as session:
            assert (session.project, session.stack) == ("two_apis", "test")
            assert session.config["aws:region"] == "eu-west-3"
            assert session.config_source("aws:region") == "--config"
            assert session.unsupported_resources == {"aws.ecr.Repository": ["orders"]}
            assert session.apis[0].definition.region == "eu-west-3"

    def test_exchanges_are_recorded_when_asked_for(self) -> None:
        with running(PROGRAMS / "two_apis", record=True) as session:
            api = session.apis[0]
            with urllib.request.urlopen(api.url("dev") + "/hello/ada", timeout=20) as response:
                request_id = response.headers["x-amzn-RequestId"]
            assert api.exchanges[request_id].request.path == "/hello/ada"

    async def test_in_an_event_loop_of_ones_own(self) -> None:
        async with open_session(PROGRAMS / "two_apis") as session:
            assert set(session.apis[0].gateways) == {"dev", "prod"}


class TestBackends:
    """The program of programs/backends."""

    def test_a_function_and_a_container_answer(self) -> None:
        lines: list[tuple[str, str]] = []
        with running(PROGRAMS / "backends", log_sink=lambda group, line: lines.append((group, line))) as session:
            url = session.outputs["url"]
            assert get(f"{url}/function") == (200, {"greeting": "hello", "event": {}})
            assert get(f"{url}/service") == (200, {"greeting": "hello", "path": "/greeting"})
            states = {state.kind: state for state in session.backends}
            assert states["container"].origin.startswith("http://127.0.0.1:")
            assert states["Lambda"].unavailable == ""
        function = next(r for r in session.resources if r.type == "aws:lambda/function:Function")
        assert (f"/aws/lambda/{function.outputs['name']}", "the function runs") in lines

    def test_a_public_load_balancer_is_reached_by_its_name(self, tmp_path: Path) -> None:
        program = tmp_path / "program"
        shutil.copytree(PROGRAMS / "backends", program)
        source = (program / "__main__.py").read_text()
        for line in (
            '"connection_type": "VPC_LINK",',
            '"connection_id": link.id,',
            '"integration_target": balancer.arn,',
        ):
            assert line in source
            source = source.replace(line, "")
        (program / "__main__.py").write_text(source)
        with running(program) as session:
            assert get(session.outputs["url"] + "/service") == (200, {"greeting": "hello", "path": "/greeting"})

    def test_a_function_without_code_here_is_told_and_answers_500(self, tmp_path: Path) -> None:
        source = (PROGRAMS / "backends" / "__main__.py").read_text()
        program = write_program(tmp_path, source.replace("./function", "./elsewhere"))
        with running(program) as session:
            reasons = {state.kind: state.unavailable for state in session.backends}
            assert "./elsewhere does not exist" in reasons["Lambda"]
            assert "service" in reasons["container"]
            assert get(session.outputs["url"] + "/function")[0] == 500
            assert get(session.outputs["url"] + "/service")[0] == 500


WRONG = """
import pulumi_aws as aws
api = aws.apigateway.RestApi("api")
method = aws.apigateway.Method("get", rest_api=api.id, resource_id=api.root_resource_id, http_method="GET",
                               authorization="NONE")
of_method = {"rest_api": api.id, "resource_id": api.root_resource_id, "http_method": method.http_method}
aws.apigateway.Integration("get", **of_method, **INTEGRATION)
deployment = aws.apigateway.Deployment("d", rest_api=api.id)
aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""


def test_a_wrong_definition_is_told_at_start_with_its_resource(tmp_path: Path) -> None:
    wrong = WRONG.replace("INTEGRATION", '{"type": "HTTP", "uri": "http://a.example"}')
    with pytest.raises(UserError, match=r'aws\.apigateway\.Integration "get" \(__main__\.py:7\): BadRequest'):
        running(write_program(tmp_path, wrong)).__enter__()


def test_a_definition_that_only_fails_requests_is_served_and_reported(tmp_path: Path) -> None:
    wrong = WRONG.replace("INTEGRATION", '{"type": "MOCK", "request_templates": {"application/json": "#if($a"}}')
    with running(write_program(tmp_path, wrong)) as session:
        (notice,) = (notice for notice in session.notices if "does not compile" in notice)
        assert notice.startswith('aws.apigateway.Integration "get" (__main__.py:7): ')
        assert get(session.apis[0].url("dev"))[0] == 500


def test_a_program_without_an_api_serves_nothing(tmp_path: Path) -> None:
    with running(write_program(tmp_path, "import pulumi\npulumi.export('a', 1)\n")) as session:
        assert (session.apis, session.outputs) == ([], {"a": 1})
