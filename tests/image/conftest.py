"""The HTTP backend's image, built once, and a container of it; skipped where no engine can build it."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.image.buildah_engine import BuildahEngine
from tests.image.container_engine import ContainerEngine, RunningContainer
from tests.image.docker_engine import DockerEngine

REPOSITORY = Path(__file__).parents[2]
CONTEXT = REPOSITORY / "backend_http"
IMAGE = "localhost/parity-echo-test"
MAKE_BASE_IMAGE = REPOSITORY.parent / "shared/container/base-image.sh"


@dataclass(frozen=True, slots=True)
class Service:
    """A running container and where it answers."""

    container: RunningContainer
    port: int

    @property
    def url(self) -> str:
        """The address of the service, without a path."""
        return f"http://127.0.0.1:{self.port}"

    def wait_until_healthy(self) -> None:
        """Return when /healthz answers; AssertionError with the container's log if it does not within 20 s."""
        for _ in range(200):
            try:
                if requests.get(f"{self.url}/healthz", timeout=1).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.1)
        raise AssertionError(f"the container does not become healthy:\n{self.container.log()}")


@pytest.fixture(scope="session")
def engine() -> ContainerEngine:
    """The first container engine that works here."""
    engines: tuple[ContainerEngine, ...] = (DockerEngine(), BuildahEngine())
    reasons = [engine.unavailable() for engine in engines]
    for engine, reason in zip(engines, reasons, strict=True):
        if not reason:
            return engine
    pytest.skip("; ".join(reasons))


@pytest.fixture(scope="session")
def image(engine: ContainerEngine) -> Iterator[str]:
    """The image, built from the Dockerfile as it stands, its base named by its tag."""
    argument, base = base_image((CONTEXT / "Dockerfile").read_text())
    tagged = base.partition("@")[0]
    if not engine.has_image(tagged):
        _make_base_image(engine, tagged)
    try:
        engine.build(CONTEXT, IMAGE, {argument: tagged})
    except subprocess.CalledProcessError as failed:
        raise AssertionError(f"the image cannot be built:\n{failed.stdout}\n{failed.stderr}") from failed
    yield IMAGE
    engine.remove(IMAGE)


@pytest.fixture
def service(engine: ContainerEngine, image: str) -> Iterator[Service]:
    """A container of the image, healthy, on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with engine.running(image, {"PORT": str(port), "HOST": "0.0.0.0"}, port) as container:
        found = Service(container, port)
        found.wait_until_healthy()
        yield found


def base_image(dockerfile: str) -> tuple[str, str]:
    """The build argument that names the base image of a Dockerfile, and its default."""
    found = re.search(r"^ARG (\w+)=(\S+)$", dockerfile, re.MULTILINE)
    assert found is not None, "the Dockerfile names its base image by a build argument"
    assert re.search(rf"^FROM \$\{{?{found[1]}\b", dockerfile, re.MULTILINE), f"FROM does not use {found[1]}"
    return found[1], found[2]


def _make_base_image(engine: ContainerEngine, name: str) -> None:
    """Make a stand-in for the base image from Debian's packages, or skip the tests, saying what would help."""
    if not isinstance(engine, BuildahEngine) or not MAKE_BASE_IMAGE.exists():
        pytest.skip(f"the base image {name} is not to be had: pull it into local storage")
    done = subprocess.run(["sh", str(MAKE_BASE_IMAGE), name], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"the base image {name} cannot be made: {done.stderr[-500:]}")
