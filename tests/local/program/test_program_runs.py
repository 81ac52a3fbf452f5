"""A Pulumi program runs with the real SDK, and what it registers is recorded."""

import re
import sys
import venv
from pathlib import Path

import pulumi
import pytest

from parity.local import running
from parity.local.program.interpreter import interpreter_of
from parity.local.program.worker_process import ProgramError
from tests.local.running_programs import PROGRAMS, resource, run_program, write_program


class TestComponents:
    """The program of programs/component."""

    def test_children_have_the_urn_of_their_parent(self) -> None:
        api = resource(run_program(PROGRAMS / "component"), "aws:apigateway/restApi:RestApi", "pets")
        assert api.urn == "urn:pulumi:dev::component::test:index:Api$aws:apigateway/restApi:RestApi::pets"
        assert api.parent == "urn:pulumi:dev::component::test:index:Api::pets"

    def test_outputs_are_resolved(self) -> None:
        result = run_program(PROGRAMS / "component")
        url, _, api_id = result.outputs["both"].partition("|")
        queue = resource(result, "aws:sqs/queue:Queue", "orders")
        assert url == f"https://sqs.us-east-1.amazonaws.com/123456789012/{queue.outputs['name']}"
        assert result.outputs["api_arn"].endswith(f"/restapis/{api_id}")
        assert result.outputs["nested"] == {"list": [1, 2.5, True, None], "queue": queue.outputs["name"]}

    def test_an_explicit_provider_sets_the_region_of_the_children(self) -> None:
        assert run_program(PROGRAMS / "component").outputs["api_arn"].startswith("arn:aws:apigateway:eu-central-1::")

    def test_transformations_and_transforms_change_what_is_registered(self) -> None:
        result = run_program(PROGRAMS / "component")
        assert (result.outputs["description"], result.outputs["team"]) == ("transformed", "api")
        api = resource(result, "aws:apigateway/restApi:RestApi", "pets")
        assert api.inputs["description"] == "transformed"

    def test_secrets_are_known_by_name_and_in_the_clear(self) -> None:
        result = run_program(PROGRAMS / "component")
        assert result.secrets == {"key", "password"}
        assert result.outputs["password"] == "hunter2"
        assert len(result.outputs["key"]) == 40

    def test_dependencies_name_the_children_of_a_component(self) -> None:
        result = run_program(PROGRAMS / "component")
        api = resource(result, "aws:apigateway/restApi:RestApi", "pets")
        assert api.urn in resource(result, "aws:sqs/queue:Queue", "orders").dependencies

    def test_the_same_program_gets_the_same_names(self) -> None:
        first, second = run_program(PROGRAMS / "component"), run_program(PROGRAMS / "component")
        assert [record.to_json() for record in first.resources] == [record.to_json() for record in second.resources]

    def test_what_it_prints_and_logs_is_shown_on_standard_error(self, capfd: pytest.CaptureFixture[str]) -> None:
        run_program(PROGRAMS / "component")
        shown = capfd.readouterr()
        assert shown.out == ""
        assert "printed by the program" in shown.err
        assert "warning: a word from the program" in shown.err

    def test_a_record_knows_the_line_that_declares_it(self) -> None:
        key = resource(run_program(PROGRAMS / "component"), "aws:apigateway/apiKey:ApiKey", "key")
        source = (PROGRAMS / "component" / "__main__.py").read_text().splitlines()
        file, _, line = key.declared_in.rpartition(":")
        assert file == "__main__.py"
        assert source[int(line) - 1] == 'key = aws.apigateway.ApiKey("key")'


class TestFailures:
    """A program that fails ends with its own error."""

    def test_an_exception_comes_with_the_traceback_from_the_program_on(self) -> None:
        with pytest.raises(ProgramError) as caught:
            run_program(PROGRAMS / "raising")
        lines = str(caught.value).splitlines()
        assert lines[1] == "Traceback (most recent call last):"
        assert lines[2].endswith('programs/raising/__main__.py", line 13, in <module>')
        assert lines[-1] == "ZeroDivisionError: division by zero"
        assert not any("runpy" in line or "pulumi/runtime" in line for line in lines)

    def test_an_exception_in_apply_fails_the_program(self, tmp_path: Path) -> None:
        source = (
            "import pulumi, pulumi_aws as aws\n"
            "pulumi.export('broken', aws.sqs.Queue('q').url.apply(lambda url: url.no_such_attribute))\n"
        )
        with pytest.raises(ProgramError, match="no_such_attribute"):
            run_program(write_program(tmp_path, source))

    def test_a_syntax_error_is_the_programs_own(self, tmp_path: Path) -> None:
        with pytest.raises(ProgramError, match="SyntaxError"):
            run_program(write_program(tmp_path, "def broken(:\n"))

    def test_a_missing_configuration_value_is_told_without_a_traceback(self, tmp_path: Path) -> None:
        with pytest.raises(ProgramError) as caught:
            run_program(write_program(tmp_path, "import pulumi\npulumi.Config().require('token')\n"))
        assert str(caught.value).startswith("Missing required configuration variable 'written:token'")

    def test_two_resources_of_one_name_are_refused_as_by_the_engine(self, tmp_path: Path) -> None:
        source = "import pulumi_aws as aws\naws.sqs.Queue('same')\naws.sqs.Queue('same')\n"
        with pytest.raises(ProgramError, match="Duplicate resource URN 'urn:pulumi:dev::written::aws:sqs/queue:Queue"):
            run_program(write_program(tmp_path, source))

    @pytest.mark.parametrize(("status", "fails"), [("1", True), ("0", False)])
    def test_sys_exit_fails_with_a_status(self, tmp_path: Path, status: str, fails: bool) -> None:
        program = write_program(tmp_path, f"import sys\nsys.exit({status})\n")
        if not fails:
            assert run_program(program).resources == []
            return
        with pytest.raises(ProgramError, match="exited with status 1"):
            run_program(program)

    def test_a_program_that_kills_its_process_is_told_so(self, tmp_path: Path) -> None:
        source = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
        with pytest.raises(ProgramError, match="ended early by SIGKILL"):
            run_program(write_program(tmp_path, source))


class TestWhatIsLeftOut:
    """What cannot be done locally is reported, and does not stop the program."""

    def test_an_unknown_look_up_answers_its_own_arguments(self) -> None:
        result = run_program(PROGRAMS / "look_ups")
        assert result.outputs["topic"] == "orders"
        assert any("aws.sns.get_topic" in notice for notice in result.notices)

    def test_a_dynamic_resource_is_not_created(self, tmp_path: Path) -> None:
        source = (
            "from pulumi.dynamic import Resource, ResourceProvider\n"
            "class Provider(ResourceProvider):\n    def create(self, props): raise RuntimeError('ran')\n"
            "class Entry(Resource): pass\n"
            "Entry(Provider(), 'dns', {})\n"
        )
        result = run_program(write_program(tmp_path, source))
        assert [notice for notice in result.notices if "dynamic resource 'dns'" in notice]

    def test_a_program_in_one_file_needs_no_project(self, tmp_path: Path) -> None:
        file = tmp_path / "program.py"
        file.write_text("import pulumi\npulumi.export('project', pulumi.get_project())\n")
        assert run_program(file).outputs == {"project": tmp_path.name}


def test_a_program_runs_in_the_virtual_environment_that_it_names(tmp_path: Path) -> None:
    venv.create(tmp_path / "own", symlinks=True)
    packages = tmp_path / "own" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (packages / "installed.pth").write_text(str(Path(pulumi.__file__).parents[1]))
    write_program(tmp_path, "import sys, pulumi\npulumi.export('prefix', sys.prefix)\n")
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime:\n  name: python\n  options:\n    virtualenv: own\n")
    assert interpreter_of(tmp_path) == str(tmp_path / "own" / "bin" / "python")
    with running(tmp_path) as session:
        assert session.outputs == {"prefix": str(tmp_path / "own")}


def test_nothing_beside_parity_can_be_imported_by_a_program(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match="No module named 'backend_http'"):
        run_program(write_program(tmp_path, "import backend_http\n"))


def test_a_component_of_a_provider_plugin_is_left_empty(tmp_path: Path) -> None:
    source = (
        "import pulumi\n"
        "class Vpc(pulumi.ComponentResource):\n"
        "    def __init__(self, name):\n"
        "        super().__init__('awsx:ec2:Vpc', name, {'vpcId': None, 'cidr': '10.0.0.0/16'}, None, True)\n"
        "vpc = Vpc('network')\npulumi.export('cidr', vpc.cidr)\npulumi.export('urn', vpc.urn)\n"
    )
    result = run_program(write_program(tmp_path, source))
    assert result.outputs == {"cidr": "10.0.0.0/16", "urn": "urn:pulumi:dev::written::awsx:ec2:Vpc::network"}
    assert [
        notice
        for notice in result.notices
        if "component 'network' (awsx:ec2:Vpc) is not created: it needs a provider plugin" in notice
    ]


def test_lists_of_ids_are_not_empty(tmp_path: Path) -> None:
    source = (
        "import pulumi_aws as aws\naws.fsx.WindowsFileSystem('files', subnet_ids=['subnet-1'], throughput_capacity=8)\n"
    )
    record = resource(
        run_program(write_program(tmp_path, source)), "aws:fsx/windowsFileSystem:WindowsFileSystem", "files"
    )
    interfaces = record.outputs["networkInterfaceIds"]
    assert len(set(interfaces)) == 2
    assert all(re.fullmatch("interface-[0-9a-f]{17}", interface) for interface in interfaces)


def test_a_program_in_one_file_imports_what_is_beside_it(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\nmain: app/program.py\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "program.py").write_text("import beside, pulumi\npulumi.export('name', beside.NAME)\n")
    (tmp_path / "app" / "beside.py").write_text("NAME = 'beside'\n")
    assert run_program(tmp_path).outputs == {"name": "beside"}
