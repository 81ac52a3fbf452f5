"""How an image's files and command are found locally."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from parity.local.containers.command import CommandError, ContainerCommand
from parity.local.containers.files import ContainerFiles
from parity.local.dockerfile.image import DockerImage, read_image


@pytest.fixture
def context(tmp_path: Path) -> Path:
    context = tmp_path / "context"
    for name in ("app.py", "requirements.txt", "src/main.py", "src/pages/index.html", "shared/tool.py", "start.sh"):
        path = context / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (context / "start.sh").write_text("#!/usr/bin/env python3\n")
    return context


def image(text: str) -> DockerImage:
    return read_image(f"FROM python:3.13 AS base\n{text}", build_args={}, target=None)


def folder(text: str, context: Path) -> Path:
    scratch = context.parent / "scratch"
    scratch.mkdir()
    return ContainerFiles(image(text), context).working_folder(scratch)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WORKDIR /app\nCOPY . .", "."),
        ("WORKDIR /app\nCOPY app.py requirements.txt /app/", "."),
        ("WORKDIR /app\nCOPY requirements.txt .\nCOPY src ./src", "."),
        ("WORKDIR /app\nCOPY src .", "src"),
        ("WORKDIR /app\nCOPY src/*.py ./", "src"),
        ("COPY src /srv\nWORKDIR /srv/pages", "src/pages"),
        ("COPY . /build\nFROM x\nWORKDIR /app\nCOPY --from=base /build/src .", "src"),
        ("WORKDIR /nothing", "."),
    ],
)
def test_the_working_directory_is_the_folder_that_was_copied_there(context: Path, text: str, expected: str) -> None:
    assert folder(text, context) == context / expected


def test_a_working_directory_of_several_parts_is_put_together(context: Path) -> None:
    work = folder("WORKDIR /app\nCOPY requirements.txt .\nCOPY src .\nCOPY shared ./shared", context)
    files = sorted(str(path.relative_to(work)) for path in work.rglob("*") if path.is_file())
    assert files == ["main.py", "pages/index.html", "requirements.txt", "shared/tool.py"]
    assert (work / "main.py").samefile(context / "src/main.py")
    assert sorted(path.name for path in (context / "src").iterdir()) == ["main.py", "pages"]  # left as it was


def test_files_are_found_by_their_path_in_the_image(context: Path) -> None:
    files = ContainerFiles(image("COPY src /srv\nCOPY app.py /srv/main.py\nCOPY shared/tool.py /opt/"), context)
    assert files.find("/srv/pages/index.html") == context / "src/pages/index.html"
    assert files.find("/srv/main.py") == context / "app.py"  # the later COPY wins
    assert files.find("/opt/tool.py") == context / "shared/tool.py"
    assert files.find("/etc/passwd") is None


def command(text: str, context: Path) -> ContainerCommand:
    built = image(text)
    return ContainerCommand(built.target, ContainerFiles(built, context), port=8000, host_port=54321)


def arguments(
    text: str, context: Path, *, entry_point: Sequence[str] | None = None, command_: Sequence[str] | None = None
) -> list[str]:
    return command(text, context).arguments(entry_point, command_)


@pytest.mark.parametrize("program", ["python", "python3", "python3.13", "/usr/local/bin/python", "/venv/bin/python3"])
def test_python_is_paritys_own_interpreter(context: Path, program: str) -> None:
    assert arguments(f'CMD ["{program}", "-m", "app"]', context) == [sys.executable, "-m", "app"]


@pytest.mark.parametrize("program", ["uvicorn", "/venv/bin/uvicorn"])
def test_a_program_of_a_package_is_the_one_in_paritys_environment(context: Path, program: str) -> None:
    found = arguments(f'CMD ["{program}", "app:app"]', context)
    assert found == [str(Path(sys.executable).parent / "uvicorn"), "app:app"]


def test_init_programs_are_left_out(context: Path) -> None:
    text = 'ENTRYPOINT ["/usr/bin/tini", "-g", "--"]\nCMD ["python", "app.py"]'
    assert arguments(text, context) == [sys.executable, "app.py"]


def test_paths_of_the_image_become_paths_of_the_context(context: Path) -> None:
    text = 'COPY . /app\nCMD ["python", "/app/src/main.py", "--data=/app/shared", "/var/log", "http://host/app"]'
    assert arguments(text, context)[1:] == [
        str(context / "src/main.py"),
        f"--data={context / 'shared'}",
        "/var/log",
        "http://host/app",
    ]


def test_a_script_of_the_context_runs_with_its_interpreter(context: Path) -> None:
    text = 'WORKDIR /app\nCOPY . .\nENTRYPOINT ["./start.sh"]'
    assert arguments(text, context) == [sys.executable, str(context / "start.sh")]
    (context / "start.sh").chmod(0o755)
    assert arguments(text, context) == [str(context / "start.sh")]


def test_a_script_that_is_copied_to_the_images_path_is_found_by_its_name(context: Path) -> None:
    text = 'COPY --chmod=755 start.sh /usr/local/bin/\nENTRYPOINT ["start.sh"]\nCMD ["now"]'
    assert arguments(text, context) == [sys.executable, str(context / "start.sh"), "now"]


def test_a_shell_form_runs_in_this_machines_shell(context: Path) -> None:
    text = "COPY . /app\nCMD exec uvicorn --app-dir /app/src main:app --port ${PORT:-8000} --host 0.0.0.0"
    shell = shutil.which("sh")
    line = f"exec uvicorn --app-dir {context / 'src'} main:app --port ${{PORT:-8000}} --host 127.0.0.1"
    assert arguments(text, context) == [shell, "-c", line]


def test_the_task_definition_overrides_as_docker_does(context: Path) -> None:
    text = 'ENTRYPOINT ["python"]\nCMD ["app.py"]'
    assert arguments(text, context, command_=["-V"]) == [sys.executable, "-V"]
    assert arguments(text, context, entry_point=["python", "-m"]) == [sys.executable, "-m"]  # CMD does not follow it
    assert arguments(text, context, entry_point=["python"], command_=["x.py"]) == [sys.executable, "x.py"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no CMD or ENTRYPOINT of its own: the command comes with its base image 'python:3.13'"),
        ('CMD ["no-such-program"]', "'no-such-program' is neither in the build context nor on the PATH"),
    ],
)
def test_what_cannot_be_run_is_told(context: Path, text: str, reason: str) -> None:
    with pytest.raises(CommandError) as error:
        arguments(text, context)
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--port 8000", "--port 54321"),
        ("-p 8000", "-p 54321"),
        ("--port=8000", "--port=54321"),
        ("--bind 0.0.0.0:8000", "--bind 127.0.0.1:54321"),
        ("--workers 8000 8000 18000", "--workers 8000 8000 18000"),
    ],
)
def test_the_port_in_an_argument_is_replaced(context: Path, words: str, expected: str) -> None:
    listed = ", ".join(f'"{word}"' for word in words.split())
    text = f'CMD ["python", {listed}]'
    assert arguments(text, context)[1:] == expected.split()
    assert command(text, context).takes_port({}, None, None) is (words != expected)


def test_the_port_in_a_variable_is_replaced(context: Path) -> None:
    declared = {"PORT": "8000", "APP_PORT": "8000", "DATABASE_PORT": "5432", "HOST": "0.0.0.0", "SIZE": "8000"}
    found = command('CMD ["python", "app.py"]', context)
    assert found.takes_port(declared, None, None)
    assert not found.takes_port({"DATABASE_PORT": "5432", "SIZE": "8000"}, None, None)
    variables = found.variables(declared)
    assert {name: variables[name] for name in declared} == {
        "PORT": "54321",
        "APP_PORT": "54321",
        "DATABASE_PORT": "5432",
        "HOST": "127.0.0.1",
        "SIZE": "8000",
    }


def test_paths_in_variables_lead_to_the_context(context: Path) -> None:
    found = command('COPY . /app\nCMD ["python"]', context)
    variables = found.variables({"PYTHONPATH": "/app/src:/app/shared:/other", "DATA": "/app/src", "PATH": "/venv/bin"})
    assert variables["PYTHONPATH"] == f"{context / 'src'}:{context / 'shared'}:/other"
    assert variables["DATA"] == str(context / "src")
    assert variables["PATH"].startswith(str(Path(sys.executable).parent))
