"""A stack's configuration is merged and checked as the engine does it."""

from pathlib import Path

import pytest

from parity.errors import UserError
from parity.local.program.configuration import Configuration, configure, undeclared_keys
from parity.local.program.project import Project
from tests.local.running_programs import PROGRAMS, run_program


def configured(stack: str = "dev", **given: str) -> Configuration:
    """The configuration of programs/configured."""
    return configure(Project.at(PROGRAMS / "configured"), stack, given)


def project_with(tmp_path: Path, config: str) -> Project:
    """A project whose file has this `config:` block, in YAML's flow style."""
    (tmp_path / "Pulumi.yaml").write_text(f"name: p\nruntime: python\nconfig: {config}\n")
    return Project.at(tmp_path)


def test_a_program_gets_defaults_then_the_stacks_values() -> None:
    outputs = run_program(PROGRAMS / "configured").outputs
    assert outputs == {
        "size": 3,
        "names": ["three"],
        "verbose": False,
        "label": "from the stack",
        "region": "eu-west-1",
        "folder": "app",
        "beside": "beside",
        "identity": "configured/dev",
    }


def test_the_command_line_comes_before_the_stack() -> None:
    configuration = configured(label="given", names='["a","b"]')
    assert configuration.values["configured:label"] == "given"
    assert configuration.values["configured:names"] == '["a","b"]'


def test_values_know_where_they_come_from() -> None:
    sources = configured(size="4").sources
    assert sources["configured:size"] == "--config"
    assert sources["configured:label"] == "Pulumi.dev.yaml"
    assert sources["configured:verbose"] == "Pulumi.yaml"


def test_a_path_sets_one_item_of_a_list() -> None:
    project = Project.at(PROGRAMS / "configured")
    given = {"names[0]": "first", "names[1]": "second"}
    assert configure(project, "dev", given).values["configured:names"] == '["first","second"]'


def test_a_path_that_leaves_a_gap_is_refused() -> None:
    with pytest.raises(UserError, match=r"names\[5\]: the list has 1 items"):
        configure(Project.at(PROGRAMS / "configured"), "dev", {"names[5]": "late"})


def test_without_a_region_it_is_us_east_1(tmp_path: Path) -> None:
    assert configure(project_with(tmp_path, "{}"), "dev", {}).values["aws:region"] == "us-east-1"


def test_a_missing_value_is_told_in_the_engines_words() -> None:
    with pytest.raises(UserError, match=r"^Stack 'prod' is missing configuration value 'label'"):
        configured("prod")


def test_several_missing_values_are_told_at_once(tmp_path: Path) -> None:
    project = project_with(tmp_path, "{a: {type: string}, b: {type: string}, c: {type: string}}")
    with pytest.raises(UserError, match="Stack 'dev' is missing configuration values 'a', 'b' and 'c'"):
        configure(project, "dev", {})


@pytest.mark.parametrize(
    ("key", "value", "type_"),
    [
        ("size", "many", "integer"),
        ("size", "1.5", "integer"),
        ("verbose", "yes", "boolean"),
        ("names", "one", "array<string>"),
        ("names", "[1]", "array<string>"),
        ("names", '{"a": "b"}', "array<string>"),
    ],
)
def test_a_value_of_another_type_is_refused(key: str, value: str, type_: str) -> None:
    message = f"Stack 'dev' with configuration key 'configured:{key}' must be of type '{type_}'"
    with pytest.raises(UserError) as caught:
        configured(**{key: value})
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{a: {type: integer, default: x}}", "The default value specified for configuration key 'a' is not of the"),
        ("{a: {type: array}}", "The configuration key 'a' declares an array but does not specify"),
        ("{a: {default: 1, value: 2}}", "project config 'a' cannot have both a 'default' and 'value'"),
        (
            "{'aws:region': {type: string}}",
            "Configuration key 'aws:region' is not namespaced by the project and should",
        ),
        ("{'aws:region': {default: x}}", "should not define a default value"),
        ("{'aws:region': {description: x}}", "must provide an attribute 'value'"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path: Path, config: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        configure(project_with(tmp_path, config), "dev", {})


def test_an_encrypted_value_asks_for_one_in_the_clear() -> None:
    with pytest.raises(UserError, match=r"configured:label is encrypted.*--config configured:label=VALUE"):
        configured("sealed")
    assert configured("sealed", label="open").secrets == {"configured:label"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("runtime: python\n", "has no 'name'"),
        ("name: p\nruntime: nodejs\n", "runtime: nodejs; only programs in Python"),
        ("name: p\nruntime: python\nmain: nowhere\n", "main: nowhere, but there is no"),
        ("name: [", "cannot be read as YAML"),
        ("- p\n", "must hold a mapping"),
    ],
)
def test_a_wrong_project_file_is_told(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(content)
    with pytest.raises(UserError, match=message):
        Project.at(tmp_path)


def test_a_folder_without_a_project_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Pulumi\.yaml not found"):
        Project.at(tmp_path)


DECLARED = "config: {headers: {type: string, default: a}}\n"


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: p\nruntime: python\nconfig:\n  count: {type: integer}\n  flag: {type: boolean}\n  name: {type: string}\n"
    )
    with pytest.raises(UserError) as caught:
        configure(Project.at(tmp_path), "dev", {"count": "many", "flag": "perhaps"})
    assert str(caught.value).splitlines() == [
        "Stack 'dev' is missing configuration value 'name'; add it to Pulumi.dev.yaml or give --config name=VALUE",
        "Stack 'dev' with configuration key 'p:count' must be of type 'integer'",
        "Stack 'dev' with configuration key 'p:flag' must be of type 'boolean'",
    ]


@pytest.mark.parametrize(
    ("config", "given", "undeclared"),
    [
        (
            "config: {headers: {type: string, default: a}}\n",
            ["hedaers", "p:headres", "headers[0]"],
            ["hedaers", "p:headres"],
        ),
        ("config: {headers: {type: string, default: a}}\n", ["headers.x", "aws:region", "other:key"], []),
        ("config: {aws:region: us-east-1}\n", ["anything"], []),
        ("", ["anything"], []),
    ],
)
def test_a_key_that_is_not_declared_is_found(
    tmp_path: Path, config: str, given: list[str], undeclared: list[str]
) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"name: p\nruntime: python\n{config}")
    assert list(undeclared_keys(Project.at(tmp_path), given)) == undeclared


def test_a_key_that_a_stack_file_has_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: p\nruntime: python\nconfig: {a: {type: string, default: x}}\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {p:extra: y}\n")
    assert list(undeclared_keys(Project.at(tmp_path), ["extra", "extar"])) == ["extar"]
