"""Every command line for Pulumi that the documentation teaches works under the real engine, in the page's order."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.engine.conftest import REPOSITORY
from tests.engine.pulumi_stack import PulumiStack

PAGES = ("README.md", "docs/deploying.md")
WITHOUT_QUESTION = {"up": ["--yes", "--skip-preview"], "destroy": ["--yes", "--skip-preview"]}


def taught(page: str) -> list[list[str]]:
    """The command lines for Pulumi in a page's blocks of code, without their comments."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", (REPOSITORY / page).read_text(), re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("pulumi ")]


def taught_inline(page: str) -> set[str]:
    """The values that a page's text sets in passing: `pulumi config set parity:KEY VALUE`."""
    return set(re.findall(r"`pulumi config set (parity:[^`]*)`", (REPOSITORY / page).read_text()))


@pytest.fixture(scope="module")
def configured(parity_stack: PulumiStack) -> PulumiStack:
    """A stack that every `pulumi config set` of the pages was run on; its other commands come afterwards."""
    for page in PAGES:
        for words in taught(page):
            if words[:2] == ["config", "set"]:
                parity_stack.pulumi(*words[:2], "--stack", parity_stack.name, *words[2:])
    return parity_stack


def test_the_pages_teach_something() -> None:
    commands = {words[0] for words in taught("docs/deploying.md")}
    assert commands == {"stack", "up", "destroy", "config"}
    assert {text.split()[0] for page in PAGES for text in taught_inline(page)} <= {"parity:KEY"}


def test_what_is_configured_so_is_taken(configured: PulumiStack) -> None:
    configured.up()
    [method] = [item for item in configured.account.of_type("Method") if item.name.startswith("http")]
    assert {"method.request.header.header1", "method.request.header.header2"} <= method.inputs[
        "requestParameters"
    ].keys()
    [integration] = [item for item in configured.account.of_type("Integration") if item.name.startswith("http")]
    assert "requestOverride.querystring" in integration.inputs["requestTemplates"]["application/json"]
    assert configured.account.of_type("WebAcl")
    [settings] = configured.account.of_type("MethodSettings")
    assert settings.inputs["settings"]["throttlingRateLimit"] == 50
    [policy] = configured.account.of_type("RestApiPolicy")
    assert "2001:db8::/32" in policy.inputs["policy"]


def test_a_list_may_be_a_yaml_list_too(configured: PulumiStack) -> None:
    file = configured.project / f"Pulumi.{configured.name}.yaml"
    settings = yaml.safe_load(file.read_text())
    settings["config"]["parity:headers"] = ["header1", "header2"]
    file.write_text(yaml.safe_dump(settings))
    assert configured.preview() == []


def test_the_other_commands_follow_a_stack_from_its_begin_to_its_end(configured: PulumiStack) -> None:
    configured.destroy()
    lines = [words for words in taught("docs/deploying.md") if words[0] != "config"]
    assert [words[0] for words in lines] == ["stack", "up", "destroy"]
    stack = PulumiStack(configured.project, configured.home, configured.account, "dev")
    (Path(stack.project) / "Pulumi.dev.yaml").write_text((REPOSITORY / "Pulumi.dev.yaml").read_text())
    for words in lines:
        stack.pulumi(*words, *WITHOUT_QUESTION.get(words[0], []))
        if words[0] == "up":
            assert stack.pulumi("stack", "output", "curl").startswith("curl -i ")
    assert stack.account.resources == {}
