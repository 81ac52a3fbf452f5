"""Writes a small program of one's own into a folder: an API with two routes, a mapping template, requests, a test."""

import argparse
import re
from importlib.resources import files
from pathlib import Path
from string import Template

from parity.errors import UserError

EXAMPLES = """\
examples:
  parity init my-api && cd my-api
  parity compare          compares its two routes
  parity serve            serves it
  pytest                  runs its tests"""
PACKAGE = "parity.cli.starter"
NAMES = {"main.py": "__main__.py"}
"""Files whose name the package cannot have."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.epilog = EXAMPLES
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where to; it is made if it does not exist")


def run(options: argparse.Namespace) -> int:
    """Writes the files.

    Raises:
        UserError: one of them exists, or cannot be written.
    """
    folder: Path = options.folder
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.absolute().name).strip("-") or "my-api"
    texts = {folder / path: text for path, text in starter_files(name).items()}
    there = [str(path) for path in texts if path.exists()]
    if there:
        raise UserError(f"{', '.join(there)} exists already; name another folder", status=2)
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror})") from error
    for path in texts:
        print(f"wrote {path}")
    print(f"\nNow: cd {folder} && parity compare")
    return 0


def starter_files(name: str) -> dict[Path, str]:
    """The files by their path in the program's folder.

    Args:
        name: the project's name.
    """
    found = {}
    for file in sorted(files(PACKAGE).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".txt"):
            own = file.name.removesuffix(".txt")
            path = Path(NAMES.get(own, own.replace("__", "/")))
            found[path] = Template(file.read_text(encoding="utf-8")).substitute(name=name)
    return found
