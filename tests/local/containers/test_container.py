"""Containers run as processes: they answer, are reported apart from what cannot be run, start again, and end."""

import asyncio
import json
import shutil
import socket
import sys
import urllib.request
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from parity.local.containers.container import Container, ContainerUnavailableError, ImageSource
from tests.local.functions.running_functions import is_running

CONTEXT = Path(__file__).parent / "contexts" / "echo"


def container(
    image: ImageSource,
    lines: list[str],
    *,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] | None = None,
    entry_point: Sequence[str] | None = None,
    port: int | None = 8000,
    health_check_path: str | None = "/healthz",
    **settings: Any,
) -> Container:
    return Container(
        "web",
        image,
        environment=environment or {},
        command=command,
        entry_point=entry_point,
        port=port,
        health_check_path=health_check_path,
        log=lines.append,
        **settings,
    )


@asynccontextmanager
async def started(image: ImageSource, lines: list[str], **settings: Any) -> AsyncIterator[tuple[Container, str]]:
    running = container(image, lines, **settings)
    origin = await running.start()
    try:
        yield running, origin
    finally:
        await running.aclose()


async def get(url: str) -> dict[str, Any]:
    def call() -> dict[str, Any]:
        with urllib.request.urlopen(url, timeout=5) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    return await asyncio.to_thread(call)


def context_with(folder: Path, dockerfile: str, **files: str) -> ImageSource:
    (folder / "Dockerfile").write_text(dockerfile)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    return ImageSource(context=folder)


async def test_the_images_command_runs_in_its_context_with_its_environment() -> None:
    lines: list[str] = []
    async with started(ImageSource(context=CONTEXT), lines, environment={"COLOUR": "green"}) as (_, origin):
        answer = await get(origin)
    assert answer["arguments"] == ["from the image"]
    assert answer["folder"] == str(CONTEXT)
    assert answer["environment"]["GREETING"] == "good day"
    assert answer["environment"]["COLOUR"] == "green"
    assert answer["environment"]["PORT"] == origin.rpartition(":")[2]
    assert answer["environment"]["HOST"] == "127.0.0.1"
    assert lines == ["listening"]
    assert not is_running(answer["pid"])


async def test_the_task_definitions_command_and_environment_override_the_images() -> None:
    settings = {"command": ["from the task"], "environment": {"GREETING": "hello"}, "port": None}
    async with started(ImageSource(context=CONTEXT), [], **settings) as (_, origin):
        answer = await get(origin)
    assert answer["arguments"] == ["from the task"]
    assert answer["environment"]["GREETING"] == "hello"


async def test_the_shells_environment_stays_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    async with started(ImageSource(context=CONTEXT), []) as (_, origin):
        answer = await get(origin)
    assert "AWS_PROFILE" not in answer["environment"]
    assert not Path(answer["environment"]["HOME"]).exists()  # it had one of its own, and it is gone


async def test_a_dockerfile_may_be_text(tmp_path: Path) -> None:
    text = "FROM python:3.13\nWORKDIR /app\nCOPY . .\nENV HOST=0.0.0.0 PORT=8000\nCMD python server.py of the text\n"
    async with started(ImageSource(context=CONTEXT, dockerfile_text=text), []) as (_, origin):
        assert (await get(origin))["arguments"] == ["of", "the", "text"]


async def test_two_containers_of_one_image_get_ports_of_their_own() -> None:
    async with (
        started(ImageSource(context=CONTEXT), []) as (_, first),
        started(ImageSource(context=CONTEXT), []) as (_, second),
    ):
        assert first != second
        assert (await get(first))["pid"] != (await get(second))["pid"]


async def test_a_container_that_ends_is_started_again_at_the_same_origin() -> None:
    lines: list[str] = []
    async with started(ImageSource(context=CONTEXT), lines) as (_, origin):
        before = await get(origin)
        with pytest.raises(OSError, match=r"without response|reset"):
            await get(f"{origin}/exit")
        async with asyncio.timeout(10):
            while lines.count("listening") < 2:
                await asyncio.sleep(0.01)
        async with asyncio.timeout(10):
            while True:
                try:
                    after = await get(origin)
                    break
                except OSError:
                    await asyncio.sleep(0.01)
    assert before["pid"] != after["pid"]
    assert "container 'web' ended with exit status 3 and is started again" in lines


async def test_a_container_whose_folder_is_away_for_a_while_is_started_again(tmp_path: Path) -> None:
    context, elsewhere = tmp_path / "echo", tmp_path / "elsewhere"
    shutil.copytree(CONTEXT, context)
    lines: list[str] = []
    async with started(ImageSource(context=context), lines) as (_, origin):
        context.rename(elsewhere)
        with pytest.raises(OSError, match=r"without response|reset"):
            await get(f"{origin}/exit")
        async with asyncio.timeout(10):
            while not any("cannot be started" in line for line in lines):
                await asyncio.sleep(0.01)
        elsewhere.rename(context)
        async with asyncio.timeout(10):
            while lines.count("listening") < 2:
                await asyncio.sleep(0.01)


async def test_closing_ends_what_the_container_started() -> None:
    async with started(ImageSource(context=CONTEXT), []) as (running, origin):
        answer = await get(f"{origin}/sleep")
    assert not running.running
    assert not is_running(answer["pid"])
    assert not is_running(answer["child"])


async def test_a_container_without_health_check_is_ready_when_it_accepts(tmp_path: Path) -> None:
    source = (
        "import os, socket\n"
        "server = socket.create_server(('127.0.0.1', int(os.environ['PORT'])))\n"
        "while True: server.accept()\n"
    )
    image = context_with(tmp_path, "FROM python:3.13\nCOPY app.py /\nENV PORT=80\nCMD python /app.py\n", app__py=source)
    async with started(image, [], port=80, health_check_path=None) as (running, origin):
        assert origin != "http://127.0.0.1:80"
        assert running.running


async def test_a_container_that_stays_unhealthy_is_given_up() -> None:
    settings: dict[str, Any] = {"health_check_path": "/unhealthy", "start_timeout_seconds": 0.5}
    with pytest.raises(ContainerUnavailableError, match="did not answer at /unhealthy within"):
        await container(ImageSource(context=CONTEXT), [], **settings).start()


async def test_a_container_that_ends_at_once_tells_what_it_wrote(tmp_path: Path) -> None:
    image = context_with(tmp_path, "FROM python:3.13\nENV PORT=80\nCMD python -c 'import not_installed'\n")
    with pytest.raises(ContainerUnavailableError) as error:
        await container(image, [], port=80).start()
    text = str(error.value)
    assert "container 'web' ended with exit status 1 before it answered" in text
    assert "ModuleNotFoundError: No module named 'not_installed'" in text
    assert "install the missing one there, or use --container docker" in text


async def test_a_fixed_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        image = context_with(tmp_path, f"FROM python:3.13\nEXPOSE {port}\nCMD python app.py\n")
        with pytest.raises(ContainerUnavailableError, match=f"port {port} is taken"):
            await container(image, [], port=None).start()


async def test_a_fixed_port_that_is_free_is_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    source = f"import socket\nserver = socket.create_server(('127.0.0.1', {port}))\nwhile True: server.accept()\n"
    dockerfile = f"FROM python:3.13\nWORKDIR /app\nCOPY app.py .\nEXPOSE {port}\nCMD python app.py\n"
    image = context_with(tmp_path, dockerfile, app__py=source)
    async with started(image, [], port=None, health_check_path=None) as (_, origin):
        assert origin == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("dockerfile", "reason"),
    [
        ("FROM nginx:1.27\nEXPOSE 80\n", "the command comes with its base image 'nginx:1.27'"),
        ('FROM x\nEXPOSE 80\nCMD ["no-such-program"]\n', "neither in the build context nor on the PATH"),
        ("FROM x\nCMD python\n", "has no port"),
        ("FROM x\nCMDD python\n", "Dockerfile, line 2: unknown instruction: CMDD"),
    ],
)
async def test_what_cannot_be_run_as_a_process_is_told(tmp_path: Path, dockerfile: str, reason: str) -> None:
    with pytest.raises(ContainerUnavailableError) as error:
        await container(context_with(tmp_path, dockerfile), [], port=None).start()
    assert reason in error.value.reason
    assert "container 'web'" in error.value.reason


async def test_an_image_without_context_needs_an_engine() -> None:
    with pytest.raises(ContainerUnavailableError, match="--container docker"):
        await container(ImageSource(reference="nginx:1.27"), []).start()


async def test_a_missing_dockerfile_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContainerUnavailableError, match=r"its Dockerfile cannot be read: .*Dockerfile"):
        await container(ImageSource(context=tmp_path), []).start()


FAKE_DOCKER = f"""#!{sys.executable}
import json, os, signal, sys
from pathlib import Path
calls = Path(__file__).with_name("calls.jsonl")
with calls.open("a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
if "A" in os.environ:
    Path(__file__).with_name("secret").write_text(os.environ["A"])
if sys.argv[1] == "run":
    published = next(a for a in sys.argv if a.startswith("127.0.0.1:"))
    os.environ.update(HOST="127.0.0.1", PORT=published.split(":")[1])
    os.execv(sys.executable, [sys.executable, {str(CONTEXT / "server.py")!r}])
"""


async def test_the_engine_builds_and_runs_the_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a `docker` command that keeps what it is asked: which commands an engine gets."""
    docker = tmp_path / "docker"
    docker.write_text(FAKE_DOCKER)
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    image = ImageSource(context=CONTEXT, build_args={"PYTHON_VERSION": "3.12"}, target="final")
    settings: dict[str, Any] = {
        "engine": "docker",
        "environment": {"A": "b c", "HOME": "/root"},
        "entry_point": ["sh", "-c"],
    }
    async with started(image, [], command=["run it"], **settings) as (_, origin):
        await get(origin)
    port = origin.rpartition(":")[2]
    version, build, run, remove = map(json.loads, (tmp_path / "calls.jsonl").read_text().splitlines())
    assert version[0] == "version"
    tag = "parity-local/web:latest"
    dockerfile = str(CONTEXT / "Dockerfile")
    arguments = ["--build-arg", "PYTHON_VERSION=3.12", "--target", "final", str(CONTEXT)]
    assert build == ["build", "--tag", tag, "--file", dockerfile, *arguments]
    name = run[run.index("--name") + 1]
    assert run[run.index("--publish") + 1] == f"127.0.0.1:{port}:8000"
    assert run[run.index("--env") :][:4] == ["--env", "A", "--env", "HOME=/root"]
    assert (tmp_path / "secret").read_text() == "b c"  # not in the argument list, which every user can read
    assert run[run.index("--entrypoint") :] == ["--entrypoint", "sh", tag, "-c", "run it"]
    assert remove == ["rm", "--force", name]


async def test_a_missing_engine_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ContainerUnavailableError, match="there is no `docker` command"):
        await container(ImageSource(context=CONTEXT), [], engine="docker").start()
    docker = tmp_path / "docker"
    docker.write_text(f"#!{shutil.which('sh', path='/bin:/usr/bin')}\necho 'Cannot connect' >&2\nexit 1\n")
    docker.chmod(0o755)
    with pytest.raises(ContainerUnavailableError, match="none answers \\(Cannot connect\\): start it"):
        await container(ImageSource(context=CONTEXT), [], engine="docker").start()
