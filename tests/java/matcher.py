"""Asks Java's matcher."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("Matches.java")
needs_java = pytest.mark.skipif(
    shutil.which("javac") is None, reason="no JDK on the PATH, whose matcher is API Gateway's"
)


def java_matches(questions: Iterable[tuple[str, str]]) -> list[str]:
    """Whether Java matches each pattern with its whole text.

    Args:
        questions: patterns and texts; neither may hold a NUL.

    Returns:
        `true`, `false` or `overflow` (of the stack) for each.
    """
    asked = "".join(f"{pattern}\0{text}\0" for pattern, text in questions)
    command = ["java", "-Dfile.encoding=UTF-8", str(PROGRAM)]
    return subprocess.run(command, input=asked.encode(), capture_output=True, check=True).stdout.decode().split()
