"""What a program reads of the world outside comes from the file of answers; what nothing answers says what to write."""

import base64
import hashlib
import os
import re
import zipfile
from pathlib import Path

import pytest

from parity.errors import UserError
from parity.local.program.configuration import configure
from parity.local.program.project import Project
from parity.local.program.worker_process import ProgramError, ProgramResult
from parity.local.resources.answers import python_name
from tests.local.running_programs import PROGRAMS, resource, run_program, write_program

IMPORTS = "import pulumi, pulumi_aws as aws\n"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ProgramResult:
    """The program of programs/answers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTPUT", str(tmp_path_factory.mktemp("output")))
        return run_program(PROGRAMS / "answers")


def test_functions_answer_by_their_arguments(result: ProgramResult) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:existing"
    assert result.outputs["function"] == [arn, "invoke-arn-of-existing", ["subnet-1"]]
    assert result.outputs["other"] == "any"
    assert result.outputs["pools"] == ["pool-1", "pool-2"]


def test_parameters_and_secrets_have_their_values(result: ProgramResult) -> None:
    assert result.outputs["parameter"] == result.outputs["parameter_output"] == "postgres://local"
    assert result.outputs["secret"] == result.outputs["secret_by_arn"] == "hunter2"


def test_other_stacks_have_their_outputs(result: ProgramResult) -> None:
    assert result.outputs["stack"] == "arn-of-the-other-stack"
    assert result.outputs["required"] == ["a", "b"]


def test_existing_resources_have_the_attributes_of_the_file(result: ProgramResult) -> None:
    assert result.outputs["read"] == ["index.main", "invoke-arn-that-was-read", "existing"]


def test_a_resource_of_the_program_answers_for_itself(result: ProgramResult) -> None:
    assert result.outputs["own"] == resource(result, "aws:sqs/queue:Queue", "own").outputs["arn"]


def test_an_esc_environment_gives_configuration_and_variables(result: ProgramResult) -> None:
    assert (result.outputs["config"], result.outputs["region"], result.outputs["team"]) == ("hello", "eu-west-1", "api")


def test_an_archive_is_made_with_its_hashes(result: ProgramResult) -> None:
    path, digest, size = result.outputs["archive"]
    content = Path(path).read_bytes()
    assert (len(content), base64.b64encode(hashlib.sha256(content).digest()).decode()) == (size, digest)
    assert zipfile.ZipFile(path).namelist() == ["index.py"]


@pytest.mark.parametrize(
    ("source", "at", "snippet"),
    [
        (
            "url = aws.ssm.get_parameter(name='/db/url')\nprint(url.name)\nprint(url.value)\n",
            "(__main__.py:2) has no answer locally, and the program reads value of it (__main__.py:4)",
            'parameters:\n  "/db/url": VALUE\n',
        ),
        (
            "pulumi.export('url', aws.ssm.get_parameter_output(name='/db/url').value)\n",
            "(__main__.py:2) has no answer locally, and the program reads value",
            'parameters:\n  "/db/url": VALUE\n',
        ),
        (
            "aws.secretsmanager.get_secret_version(secret_id='s').secret_string\n",
            "aws.secretsmanager.get_secret_version(secret_id='s') (__main__.py:2)",
            'secrets:\n  "s": VALUE\n',
        ),
        (
            "aws.lambda_.get_function(function_name='f').invoke_arn\n",
            "aws.lambda_.get_function(function_name='f') (__main__.py:2)",
            'functions:\n  aws.lambda_.get_function:\n    - with: {"function_name": "f"}\n      answer:\n'
            "        invoke_arn: VALUE\n",
        ),
        (
            "pulumi.StackReference('organization/network/dev').get_output('arn').apply(print)\n",
            "__main__.py:2: the output 'arn' of the stack organization/network/dev is not known",
            "stacks:\n  organization/network/dev:\n    arn: VALUE\n",
        ),
        (
            "pulumi.export('x', pulumi.StackReference('a/b/c').require_output('y'))\n",
            "__main__.py:2: the output 'y' of the stack a/b/c is not known",
            "stacks:\n  a/b/c:\n    y: VALUE\n",
        ),
    ],
)
def test_what_is_not_answered_says_what_to_write(tmp_path: Path, source: str, at: str, snippet: str) -> None:
    with pytest.raises(ProgramError) as caught:
        run_program(write_program(tmp_path, IMPORTS + source))
    assert at in str(caught.value)
    assert snippet in str(caught.value)
    assert str(tmp_path / "parity.answers.yaml") in str(caught.value)


def test_the_snippet_answers_what_was_asked(tmp_path: Path) -> None:
    """Each snippet is written into the file until the program runs."""
    source = (
        "stack = pulumi.StackReference('o/network/dev')\n"
        "a = aws.ssm.get_parameter(name='/db/url').value\n"
        "b = aws.cognito.get_user_pools(name='x').arns\n"
        "pulumi.export('all', pulumi.Output.all(a, b, stack.get_output('arn')))\n"
    )
    write_program(tmp_path, IMPORTS + source)
    for _ in range(3):
        with pytest.raises(ProgramError) as caught:
            run_program(tmp_path)
        (snippet,) = re.findall(r"\n\n(\w+:\n(?: .*\n)+)", str(caught.value))
        with (tmp_path / "parity.answers.yaml").open("a") as file:
            file.write(snippet)
    assert run_program(tmp_path).outputs == {"all": ["VALUE", ["VALUE"], "VALUE"]}


def test_a_look_up_that_nobody_reads_is_only_reported(tmp_path: Path) -> None:
    source = "pulumi.StackReference('a/b/c')\npulumi.export('q', aws.sqs.get_queue(name='q').name)\n"
    result = run_program(write_program(tmp_path, IMPORTS + source))
    assert result.outputs == {"q": "q"}
    assert any("aws.sqs.get_queue(name='q') (__main__.py:3) is not emulated" in notice for notice in result.notices)


def test_an_unknown_component_is_named_at_the_line_that_reads_it(tmp_path: Path) -> None:
    source = (
        "class Cluster(pulumi.ComponentResource):\n"
        "    def __init__(self, name):\n"
        "        super().__init__('eks:index:Cluster', name, {'core': None, 'version': '1'}, None, True)\n"
        "    @property\n"
        "    @pulumi.getter\n"
        "    def core(self): return pulumi.get(self, 'core')\n"
        "cluster = Cluster('main')\n"
        "aws.sqs.Queue('q', name=cluster.core.vpc_id)\n"
    )
    with pytest.raises(ProgramError, match=r"core of the component 'main' \(eks:index:Cluster\) is not known"):
        run_program(write_program(tmp_path, IMPORTS + source))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("parameter: {a: b}\n", "there is no section 'parameter'"),
        ("parameters: [a]\n", "parameters must be a mapping"),
        ("functions: {aws.sqs.get_queue: {arn: x}}\n", "write a list of entries, each with 'answer'"),
        ("stacks: {a/b/c: x}\n", "stacks: a/b/c must be a mapping"),
        ("environments: {a: {config: {}}}\n", "may have pulumiConfig and environmentVariables"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, error: str) -> None:
    write_program(tmp_path, "")
    (tmp_path / "parity.answers.yaml").write_text(text)
    with pytest.raises(UserError, match=error):
        configure(Project.at(tmp_path), "dev", {})


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "functions:\n  a.b:\n    - answer: {x: 1}\n\n# another\nfunctions:\n  a.c:\n    - answer: {x: 1}\n",
            "functions: is given twice, at lines 1 and 6: put both under one",
        ),
        (
            "parameters: {}\nstacks:\n  o/n/dev:\n    a: 1\n  o/n/dev:\n    b: 1\n  o/n/dev: {}\n",
            "stacks: o/n/dev: is given 3 times, at lines 3, 5 and 7: put all under one",
        ),
        (
            "functions:\n  a.b:\n    - answer:\n        arn: x\n        arn: y\n",
            "functions: a.b: answer: arn: is given twice, at lines 4 and 5: put both under one",
        ),
    ],
)
def test_a_key_that_is_given_twice_is_refused_with_its_lines(tmp_path: Path, text: str, error: str) -> None:
    write_program(tmp_path, "")
    (tmp_path / "parity.answers.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        configure(Project.at(tmp_path), "dev", {})
    assert str(caught.value) == f"{tmp_path / 'parity.answers.yaml'}: {error}"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "functions:\n  aws.sqs.get_queues: [{answer: {queue_urls: []}}]\n",
            " under functions: which the file has already:\n\n  aws.cognito.get_user_pools:\n    - with: ",
        ),
        (
            "functions:\n  aws.cognito.get_user_pools:\n    - with: {name: other}\n      answer: {arns: []}\n",
            " under functions: aws.cognito.get_user_pools: which the file has already:\n\n    - with: ",
        ),
    ],
)
def test_what_to_write_leaves_out_the_keys_that_the_file_has(tmp_path: Path, text: str, asked: str) -> None:
    """What is asked for is pasted at the end of the file, and the program runs."""
    write_program(tmp_path, IMPORTS + "pulumi.export('arns', aws.cognito.get_user_pools(name='x').arns)\n")
    file = tmp_path / "parity.answers.yaml"
    file.write_text(text)
    with pytest.raises(ProgramError) as caught:
        run_program(tmp_path)
    assert f"Write its value in {file}{asked}" in str(caught.value)
    file.write_text(text + "".join(re.findall(r"(?m)^ .*\n", str(caught.value).partition(asked[:20])[2])))
    assert run_program(tmp_path).outputs == {"arns": ["VALUE"]}


def test_another_file_can_be_named(tmp_path: Path) -> None:
    project = Project.at(write_program(tmp_path, ""))
    other = tmp_path / "other.yaml"
    other.write_text("parameters: {a: b}\n")
    assert configure(project, "dev", {}, answers_file=other).answers["parameters"] == {"a": "b"}
    with pytest.raises(UserError, match=r"--answers .*missing.yaml: there is no such file"):
        configure(project, "dev", {}, answers_file=tmp_path / "missing.yaml")


def test_an_esc_environment_without_an_answer_says_what_to_write(tmp_path: Path) -> None:
    write_program(tmp_path, "")
    (tmp_path / "Pulumi.dev.yaml").write_text("environment: [aws/dev]\n")
    with pytest.raises(UserError, match=r"ESC environment aws/dev cannot be opened.*\n\nenvironments:\n  aws/dev:\n"):
        configure(Project.at(tmp_path), "dev", {})
    (tmp_path / "parity.answers.yaml").write_text("environments:\n  other: {}\n")
    with pytest.raises(UserError, match=r"parity.answers.yaml under environments:\n\n  aws/dev:\n"):
        configure(Project.at(tmp_path), "dev", {})


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:lambda/getFunction:getFunction", "aws.lambda_.get_function"),
        ("aws:index/getRegion:getRegion", "aws.get_region"),
        ("aws:apigateway/getRestApi:getRestApi", "aws.apigateway.get_rest_api"),
        ("aws-native:lambda:getFunction", "aws_native.lambda_.get_function"),
        ("aws:lambda/function:Function", "aws.lambda_.Function"),
    ],
)
def test_a_function_has_the_name_that_a_program_calls(token: str, name: str) -> None:
    assert python_name(token) == name


def test_the_environment_of_the_tests_is_not_changed() -> None:
    assert "TEAM" not in os.environ
