"""A stack of a Pulumi program in a temporary folder, run by the real Pulumi CLI with a local file backend."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.engine.aws_account import Account, Change


class PulumiFailedError(AssertionError):
    """A command of the CLI ended with an error; the message is what it printed."""


@dataclass
class PulumiStack:
    """`project` is the program's folder, `home` Pulumi's own; `account` is what the stand-in provider keeps.

    `config` is for tests to remember what they have configured.
    """

    project: Path
    home: Path
    account: Account
    name: str = "test"
    config: dict[str, Any] = field(default_factory=dict)

    def pulumi(self, *arguments: str) -> str:
        """Run the CLI and return what it printed on standard output; PulumiFailedError if it ends with an error."""
        command = ["pulumi", "--non-interactive", "--color", "never", *arguments]
        done = subprocess.run(command, cwd=self.project, env=self.environment(), capture_output=True, text=True)
        if done.returncode != 0:
            raise PulumiFailedError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def configure(self, config: Mapping[str, Any]) -> None:
        """Write the stack's config file, all values at once; secrets are set by `set_secret`."""
        path = self.project / f"Pulumi.{self.name}.yaml"
        settings = yaml.safe_load(path.read_text()) if path.exists() else {}
        kept = {key: value for key, value in settings.get("config", {}).items() if is_encrypted(value)}
        settings["config"] = {**kept, **config}
        path.write_text(yaml.safe_dump(settings))

    def set_secret(self, key: str, value: str) -> None:
        """Set one config value, encrypted."""
        self.pulumi("config", "set", "--secret", "--stack", self.name, key, value)

    def initialise(self) -> None:
        """Make the stack in its backend."""
        self.pulumi("stack", "init", self.name)

    def preview(self, *arguments: str) -> list[tuple[str, str]]:
        """What `pulumi preview` plans, each step's operation and URN, those that change nothing left out."""
        printed = json.loads(self.pulumi("preview", "--stack", self.name, "--json", *arguments))
        return [(step["op"], step["urn"]) for step in printed["steps"] if step["op"] not in ("same", "read")]

    def up(self, *arguments: str) -> list[Change]:
        """What `pulumi up` did to the account, in order."""
        return self._changes("up", "--yes", "--skip-preview", *arguments)

    def refresh(self) -> list[Change]:
        """What `pulumi refresh` did to the account: nothing."""
        return self._changes("refresh", "--yes", "--skip-preview")

    def destroy(self) -> list[Change]:
        """What `pulumi destroy` did to the account, in order."""
        return self._changes("destroy", "--yes", "--skip-preview")

    def outputs(self, *arguments: str) -> dict[str, Any]:
        """The stack's outputs."""
        found: dict[str, Any] = json.loads(self.pulumi("stack", "output", "--stack", self.name, "--json", *arguments))
        return found

    def state(self) -> list[dict[str, Any]]:
        """The stack's resources as its state file has them, secrets encrypted."""
        exported = json.loads(self.pulumi("stack", "export", "--stack", self.name))
        found: list[dict[str, Any]] = exported["deployment"].get("resources", [])
        return found

    def _changes(self, *arguments: str) -> list[Change]:
        before = len(self.account.changes)
        self.pulumi(arguments[0], "--stack", self.name, *arguments[1:])
        return self.account.changes[before:]

    def environment(self) -> dict[str, str]:
        """The environment in which the CLI finds this stack, and nothing of this machine's own accounts."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
        backend = self.home / "state"
        backend.mkdir(parents=True, exist_ok=True)
        return kept | {
            "AWS_REGION": "eu-west-1",
            "PULUMI_BACKEND_URL": f"file://{backend}",
            "PULUMI_CONFIG_PASSPHRASE": "for tests only",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_EXPERIMENTAL": "true",  # without which the next but one is not heeded
            "PULUMI_HOME": str(self.home),
            "PULUMI_SKIP_CHECKPOINTS": "true",  # the state is written once an update: half the time
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }


def is_encrypted(value: object) -> bool:
    """Whether a value of a stack's config file is a secret."""
    return isinstance(value, dict) and value.keys() == {"secure"}


def install_plugin(home: Path, name: str, version: str, port: int) -> None:
    """Make Pulumi find what listens on `port` as the plugin of a package.

    A plugin is a program that prints the port on which it listens:
    https://www.pulumi.com/docs/iac/guides/building-extending/providers/implementers/
    """
    folder = home / "plugins" / f"resource-{name}-v{version}"
    folder.mkdir(parents=True)
    program = folder / f"pulumi-resource-{name}"
    program.write_text(f"#!/bin/sh\necho {port}\nexec tail -f /dev/null\n")
    program.chmod(0o755)


def link_virtualenv(project: Path) -> None:
    """Give the program the packages that the tests themselves run with."""
    (project / ".venv").symlink_to(Path(sys.prefix), target_is_directory=True)


def count(changes: Sequence[Change], summary: str) -> int:
    """How many of `changes` are `summary`, such as `create Deployment`."""
    return sum(change.summary == summary for change in changes)
