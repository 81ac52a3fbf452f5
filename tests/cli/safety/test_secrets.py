"""Marked secrets, looked for wherever a run leaves something: arguments of processes, files, output, reports."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.cli.serving_processes import descendants, wait_until

PROGRAM = Path(__file__).parents[2] / "local" / "programs" / "secrets"
TOKEN = "marked-token-0123456789"
KEY = "marked-api-key-0123456789"
AWS_KEY = "marked-aws-secret-0123456789"
SIGNATURE = "5ec4e7" * 10 + "5ec4"
SIGNED = (
    f"AWS4-HMAC-SHA256 Credential=AKIAMARKEDMARKED/20240101/us-east-1/execute-api/aws4_request, Signature={SIGNATURE}"
)
MARKS = ("marked-", SIGNATURE, "AKIAMARKED")

pytestmark = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="arguments are read from /proc")


@dataclass
class Run:
    """A command that is run with secrets, in a folder of its own.

    `seen` are the arguments of its processes, `typed` those that it was started with.
    """

    folder: Path
    seen: set[str] = field(default_factory=set)
    typed: str = ""
    readable: set[str] = field(default_factory=set)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Starts the command; the secrets come from the file of answers, which is outside the folder, and 0600."""
        answers = self.folder.parent / "answers.yaml"
        answers.touch(0o600)
        secrets = {"secrets:token": TOKEN, "secrets:key": KEY}
        answers.write_text(json.dumps({"environments": {"local": {"pulumiConfig": secrets}}}))
        self.folder.mkdir()
        environment = {"AWS_ACCESS_KEY_ID": "AKIAMARKEDMARKED", "AWS_SECRET_ACCESS_KEY": AWS_KEY}
        command = [sys.executable, "-m", "parity.cli", *arguments, "--answers", str(answers)]
        self.typed = "".join(f"{word}\0" for word in command)
        with (self.folder / "output").open("w") as output:
            return subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                cwd=self.folder,
                env={**os.environ, **environment, "TMPDIR": str(self.folder), "PYTHONUNBUFFERED": "1"},
            )

    def look(self, process: "subprocess.Popen[str]") -> bool:
        """Reads the arguments of the processes, and the files that others may read; whether it runs still."""
        for number in (process.pid, *descendants(process.pid)):
            try:
                self.seen.add(Path(f"/proc/{number}/cmdline").read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
        for file in self.folder.rglob("*"):
            try:
                if file.is_file() and self._open_to_others(file) and _marked(file.read_bytes()):
                    self.readable.add(file.name)
            except OSError:
                continue
        return process.poll() is None

    def _open_to_others(self, file: Path) -> bool:
        """Whether another user may read a file, by its mode and those of its folders."""
        inside = [folder for folder in file.parents if folder.is_relative_to(self.folder) and folder != self.folder]
        return all(each.stat().st_mode & 0o005 for each in inside) and bool(file.stat().st_mode & 0o004)

    def texts(self) -> dict[str, str]:
        """Every file of the folder, by name."""
        files = [file for file in self.folder.rglob("*") if file.is_file()]
        return {str(file.relative_to(self.folder)): file.read_text(errors="replace") for file in files}

    def leaks(self) -> dict[str, object]:
        """Where a secret was found that does not belong there."""
        found: dict[str, object] = {name: _marked(text.encode()) for name, text in self.texts().items()}
        found["arguments"] = [line for line in self.seen - {self.typed} if _marked(line.encode())]
        found["readable by others"] = sorted(self.readable)
        return {place: value for place, value in found.items() if value}


def _marked(data: bytes) -> list[str]:
    return [mark for mark in MARKS if mark.encode() in data]


def post(url: str, **headers: str) -> tuple[int, str]:
    """Sends a request with headers, whose `_` are `-`; the status and the body."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, b"{}", {"Content-Type": "application/json", **fields})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_serve_shows_no_secret_but_in_the_outputs_file(tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    outputs = tmp_path / "outputs.json"
    process = run.start("serve", str(PROGRAM), "--outputs", str(outputs))
    try:
        wait_until(lambda: outputs.exists() or not run.look(process))
        assert process.poll() is None, run.texts()
        url = json.loads(outputs.read_text())["url"]
        status, body = post(f"{url}/one", Authorization=TOKEN, x_api_key=KEY)
        assert (status, KEY in body, AWS_KEY in body) == (200, True, False)
        assert post(f"{url}/one?fail=1", Authorization=TOKEN, x_api_key=KEY)[0] == 200
        assert post(f"{url}/one", Authorization=f"{TOKEN}-wrong", x_api_key=KEY)[0] == 403
        assert post(f"{url}/one", Authorization=SIGNED, x_api_key=KEY)[0] == 403
        assert post(f"{url}/one", Authorization=TOKEN, x_api_key=f"{KEY}-wrong")[0] == 403
        run.look(process)
        time.sleep(0.2)
    finally:
        process.terminate()
        process.wait(30)
    run.look(process)
    assert "POST /one 403" in run.texts()["output"]
    assert "the function failed" in run.texts()["output"]
    assert outputs.stat().st_mode & 0o777 == 0o600
    assert TOKEN in outputs.read_text()
    assert run.leaks() == {}


@pytest.mark.parametrize("option", ["-v", "--json"])
def test_invoke_shows_no_secret(tmp_path: Path, option: str) -> None:
    run = Run(tmp_path / "run")
    fields = ["-H", f"Authorization: {TOKEN}", "-H", f"x-api-key: {KEY}", "-H", "Content-Type: application/json"]
    process = run.start("invoke", "POST", "/one", str(PROGRAM), "--body", "{}", option, *fields)
    while run.look(process):
        time.sleep(0.1)
    assert process.returncode == 0, run.texts()
    assert "[redacted]" in run.texts()["output"]
    assert run.leaks() == {}


def test_compare_keeps_no_secret(tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    headers = {"Authorization": TOKEN, "x-api-key": KEY, "Content-Type": "application/json"}
    signed = {**headers, "Authorization": SIGNED}
    failing = {"name": "failing", "query": "fail=1", "headers": headers, "json": {}}
    cases = [{"name": "a", "headers": headers, "json": {}}, {"name": "b", "headers": signed, "json": {}}, failing]
    (tmp_path / "cases.yaml").write_text(json.dumps(cases))
    kept = [word for name in ("report", "json", "junit", "record") for word in (f"--{name}", f"out.{name}")]
    routes = ["--left", "POST /one", "--right", "POST /two", "--cases", str(tmp_path / "cases.yaml"), "-v"]
    process = run.start("compare", str(PROGRAM), *routes, *kept)
    while run.look(process):
        time.sleep(0.1)
    texts = run.texts()
    assert {"out.report", "out.json", "out.junit", "out.record"} <= set(texts), texts
    assert "[redacted]" in texts["out.json"]
    assert run.leaks() == {}


def test_a_program_that_fails_shows_no_secret(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        (program / name).write_text((PROGRAM / name).read_text())
    (program / "__main__.py").write_text(
        "import pulumi\ntoken = pulumi.Config().require_secret('token')\n"
        "pulumi.export('t', token.apply(lambda text: int('1') / 0))\n"
    )
    run = Run(tmp_path / "run")
    process = run.start("serve", str(program))
    while run.look(process):
        time.sleep(0.1)
    assert process.returncode == 1
    assert "division by zero" in run.texts()["output"]
    assert run.leaks() == {}


def test_the_search_finds_a_secret_where_there_is_one(tmp_path: Path) -> None:
    run = Run(Path(tempfile.mkdtemp(dir=tmp_path)))
    (run.folder / "kept.json").write_text(KEY)
    sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", TOKEN], text=True)
    try:
        wait_until(lambda: run.look(sleeping) and run.seen - {""})
        wait_until(lambda: run.look(sleeping) and any(TOKEN in line for line in run.seen))
    finally:
        sleeping.kill()
        sleeping.wait()
    assert set(run.leaks()) == {"kept.json", "arguments", "readable by others"}
