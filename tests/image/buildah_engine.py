"""Buildah as the tests' container engine, for a machine without a Docker engine.

Buildah builds the real image. Its root file system is then run by `unshare` and `chroot`, read-only and as the image's
own user, on the host's network.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.image.container_engine import ImageSettings

# Mounts the root folder $1 over itself, read-only but for /tmp, with the host's /dev and /proc; then becomes the
# command that follows, as the user $2, in the working folder $3.
RUN_READ_ONLY = """
set -e
root=$1 user=$2 folder=$3
shift 3
mount --bind "$root" "$root"
mount -o remount,ro,bind "$root"
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
cd "$root$folder"
exec chroot --userspec="$user" "$root" /bin/sh -c 'cd "$0" && exec "$@"' "$folder" "$@"
"""


class BuildahEngine:
    """The `buildah` program, run by root."""

    def unavailable(self) -> str:
        missing = [name for name in ("buildah", "unshare", "chroot") if shutil.which(name) is None]
        if missing:
            return f"no {' and no '.join(missing)} on the PATH"
        return "" if os.geteuid() == 0 else "buildah needs root here"

    def has_image(self, image: str) -> bool:
        return _buildah("inspect", "--type", "image", image, check=False).returncode == 0

    def build(self, context: Path, image: str, arguments: Mapping[str, str]) -> None:
        options = [option for key, value in arguments.items() for option in ("--build-arg", f"{key}={value}")]
        network = ("--network", "host", "--pull-never")
        _buildah("bud", "--format", "docker", *network, "--tag", image, *options, str(context))

    def settings(self, image: str) -> ImageSettings:
        inspected = json.loads(_buildah("inspect", "--type", "image", image).stdout)
        return ImageSettings.from_config(inspected["Docker"]["config"])

    @contextmanager
    def running(self, image: str, environment: Mapping[str, str], port: int) -> Iterator["BuildahContainer"]:
        settings = self.settings(image)
        name = _buildah("from", "--pull-never", image).stdout.strip()
        try:
            root = Path(_buildah("mount", name).stdout.strip())
            container = BuildahContainer(root, settings, {**settings.environment, **environment})
            with container.started():
                yield container
        finally:
            _buildah("rm", name)

    def remove(self, image: str) -> None:
        _buildah("rmi", "--force", image)


@dataclass(slots=True)
class BuildahContainer:
    """A process whose root is an image's file system."""

    root: Path
    settings: ImageSettings
    environment: Mapping[str, str]
    _process: "subprocess.Popen[bytes]" = field(init=False)
    _output: IO[bytes] = field(init=False)

    @contextmanager
    def started(self) -> Iterator[None]:
        """Run the image's command until the block ends."""
        with tempfile.TemporaryFile() as self._output:
            self._process = subprocess.Popen(
                self._command(*self.settings.command), env=self.environment, stdout=self._output, stderr=self._output
            )
            try:
                yield
            finally:
                self._process.kill()
                self._process.wait()

    def send_signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def wait(self, seconds: float) -> int:
        return self._process.wait(seconds)

    def execute(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self._command(*command), env=self.environment, capture_output=True, text=True)

    def log(self) -> str:
        self._output.seek(0)
        return self._output.read().decode()

    def _command(self, *command: str) -> list[str]:
        user, _, group = self._user_and_group()
        script = ["unshare", "--mount", "/bin/sh", "-c", RUN_READ_ONLY, "sh"]
        return [*script, str(self.root), f"{user}:{group or user}", self.settings.folder, *command]

    def _user_and_group(self) -> tuple[str, str, str]:
        """The numbers of the image's user and group, a name being looked up in the image's own /etc/passwd."""
        user, colon, group = (self.settings.user or "0:0").partition(":")
        if user.isdecimal():
            return user, colon, group
        entries = (line.split(":") for line in (self.root / "etc/passwd").read_text().splitlines())
        numbers = {entry[0]: (entry[2], entry[3]) for entry in entries}
        return numbers[user][0], ":", numbers[user][1]


def _buildah(*arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    isolated = {"BUILDAH_ISOLATION": "chroot", **os.environ}
    return subprocess.run(["buildah", *arguments], env=isolated, capture_output=True, text=True, check=check)
