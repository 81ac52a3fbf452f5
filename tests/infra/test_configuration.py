"""The configuration: what each key allows, what is wrong is reported at once, and the files that describe it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.runtime.mocks import MockResourceArgs

from infra.configuration.settings import ConfigurationError, Settings, read_settings
from tests.infra.harness import PROGRAM, Recorder, deploy

WRONG = {
    "backend": "all",
    "stageName": "not a stage",
    "queryStrings": '["a", "a"]',
    "headers": '["Content-Length"]',
    "httpEndpoint": "ftp://example.com",
    "image": "no-tag",
    "logRetentionDays": "2",
    "throttlingRate": "0",
    "throttlingBurst": "lots",
    "authorization": "basic",
    "authorizerToken": "short",
    "allowedIps": '["10.0.0.1/8"]',
    "waf": "yes",
    "tracing": "1",
    "executionLogs": "error",
    "accountLogging": "mine",
    "lambdaConcurrency": "-1",
    "minTasks": "0",
    "maxTasks": "101",
    "vpcCidr": "8.8.8.0/24",
    "vpcId": "vpc",
    "subnetIds": '["subnet-0123456789abcdef0"]',
    "alarmTopicArn": "arn:aws:sqs:us-east-1:123456789012:queue",
    "alarmLatencyMs": "29001",
}
"""A wrong value for each key."""
LISTS = {"queryStrings", "headers", "allowedIps", "subnetIds"}


def read(config: dict[str, str], stack: str = "dev") -> Settings:
    return read_settings(config.get, "parity", stack)


def problems(config: dict[str, str], stack: str = "dev") -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        read(config, stack)
    return raised.value.problems


@pytest.mark.parametrize("key", WRONG)
def test_a_wrong_value_is_told_with_its_key_the_value_and_what_is_allowed(key: str) -> None:
    (problem,) = problems({key: WRONG[key]})
    assert problem.startswith(f"parity:{key} is ")
    assert WRONG[key] in problem or key == "authorizerToken"
    assert "; allowed: " in problem


def test_every_wrong_value_is_told_at_once() -> None:
    assert [problem.split()[0] for problem in problems(WRONG)] == [
        *(f"parity:{key}" for key in WRONG if key != "authorizerToken"),
        "parity:authorizerToken",
    ]


def test_nothing_is_registered_when_a_value_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []
    register = Recorder.new_resource

    def record(self: Recorder, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        registered.append(args.typ)
        return register(self, args)

    monkeypatch.setattr(Recorder, "new_resource", record)
    with pytest.raises(ConfigurationError, match="2 wrong values"):
        deploy({"backend": "all", "waf": "maybe"})
    assert registered == []
    deploy({"backend": "lambda"})
    assert registered


def test_a_secret_is_not_told() -> None:
    assert "hunter2" not in str(problems({"authorizerToken": "hunter2"}))


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            {"httpEndpoint": "https://example.com", "image": f"{'1' * 12}.dkr.ecr.us-east-1.amazonaws.com/echo:1"},
            ["parity:image", "parity:httpEndpoint"],
        ),
        ({"vpcId": "vpc-0123456789abcdef0"}, ["parity:vpcId", "parity:subnetIds"]),
        ({"image": "ghcr.io/team/echo:1.2"}, ["parity:image", "private ECR", "parity:vpcId"]),
        ({"image": "public.ecr.aws/team/echo:1.2"}, ["parity:image", "private ECR", "parity:vpcId"]),
        ({"minTasks": "9", "maxTasks": "3"}, ["parity:minTasks", "parity:maxTasks", "9", "3"]),
    ],
)
def test_values_that_contradict_each_other_are_told(config: dict[str, str], words: list[str]) -> None:
    (problem,) = problems(config)
    assert all(word in problem for word in words)


def test_a_stack_whose_name_is_no_stage_name_needs_one() -> None:
    (problem,) = problems({}, stack="feature.1")
    assert problem.startswith("parity:stageName is 'feature.1'")
    assert read({"stageName": "feature-1"}, stack="feature.1").stage_name == "feature-1"


@pytest.mark.parametrize("text", ['["a", "b"]', "a,b", "a, b"])
def test_a_list_is_json_or_words_with_commas(text: str) -> None:
    assert read({"queryStrings": text}).query_strings == ("a", "b")


def test_an_empty_list_maps_nothing_and_a_missing_one_is_the_default() -> None:
    assert read({"queryStrings": "[]"}).query_strings == ()
    assert read({}).query_strings == ("query1", "query2")


@pytest.mark.parametrize("text", ["https://EXAMPLE.com:8443/a%20b/", "http://10.0.0.1", "http://[::1]:8080/x"])
def test_an_endpoint_is_a_url_whose_last_slash_is_left_out(text: str) -> None:
    assert read({"httpEndpoint": text}).http_endpoint == text.rstrip("/")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "example.com",
            "https://",
            "https://example.com?a=1",
            "https://example.com/{proxy}",
            "https://u:p@example.com",
        ),
        *("https://example.com:port", "https://exa mple.com", "https://example.com/#top", "//example.com"),
    ],
)
def test_what_is_no_endpoint_is_told(text: str) -> None:
    assert problems({"httpEndpoint": text})


@pytest.mark.parametrize(
    "text",
    [
        *("echo:1.2", "registry.example.com:5000/team/echo:latest", f"echo@sha256:{'0' * 64}"),
        f"123456789012.dkr.ecr.us-east-1.amazonaws.com/echo:1@sha256:{'a' * 64}",
    ],
)
def test_an_image_has_a_tag_or_a_digest(text: str) -> None:
    existing = {"vpcId": "vpc-0123456789abcdef0", "subnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1"}
    assert read({"image": text, **existing}).image == text


def project_config() -> dict[str, dict[str, Any]]:
    """The typed configuration of Pulumi.yaml."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((PROGRAM / "Pulumi.yaml").read_text())["config"]
    return found


def test_each_key_of_the_project_file_has_a_type_a_default_and_a_description() -> None:
    assert project_config().keys() == WRONG.keys()
    for key, entry in project_config().items():
        assert entry["description"], key
        assert isinstance(
            entry["default"], {"string": str, "integer": int, "boolean": bool}[entry.get("type", "string")]
        )
        # A list is text on the command line and a list in a stack's file: Pulumi would refuse one of them.
        assert ("type" in entry) == (key not in LISTS), key


def test_the_defaults_of_the_project_file_are_those_of_the_program() -> None:
    texts = {key: as_text(entry["default"]) for key, entry in project_config().items()}
    assert read(texts) == read({})


@pytest.mark.parametrize("path", sorted(PROGRAM.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def test_the_stack_files_are_valid(path: Path) -> None:
    config = yaml.safe_load(path.read_text())["config"]
    own = {key.removeprefix("parity:"): as_text(value) for key, value in config.items() if key.startswith("parity:")}
    assert own.keys() <= project_config().keys()
    read(own, stack=path.name.split(".")[1])


def as_text(value: Any) -> str:
    """A configuration value as Pulumi hands it to a program."""
    return value if isinstance(value, str) else json.dumps(value)
