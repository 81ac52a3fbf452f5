"""The template files of a project, to name the file and the line that a template's line is in."""

import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

OWN_SUFFIXES = (".vtl", ".vm")
TEMPLATE_SUFFIXES = (*OWN_SUFFIXES, ".py", ".json", ".yaml", ".yml")
"""Where templates are kept: in files of their own, or within a program or an OpenAPI document."""
NOT_OWN = frozenset({"node_modules", "__pycache__", "venv"})
LARGEST = 1_000_000
"""Bytes of a file that is read."""


class TemplateFiles:
    """The files, read when they are first asked for.

    Args:
        root: the project's folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def _texts(self) -> list[tuple[str, str]]:
        """Names and texts; files that hold a template alone first, the longest first of all."""
        found = []
        for path in self._paths():
            if path.is_file() and path.stat().st_size < LARGEST:
                text = path.read_text(encoding="utf-8", errors="replace")
                found.append((str(path.relative_to(self._root)), text))
        return sorted(found, key=lambda each: (not each[0].endswith(OWN_SUFFIXES), -len(each[1])))

    def _paths(self) -> Iterator[Path]:
        """The project's own files; folders of packages and hidden ones are not entered, for they hold thousands."""
        for folder, folders, names in os.walk(self._root):
            folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in NOT_OWN)
            for name in sorted(names):
                if name.endswith(TEMPLATE_SUFFIXES) and not name.startswith("."):
                    yield Path(folder, name)

    def place(self, template: str, line: int) -> str | None:
        """`file:line` of a line of a template, from 1; None if no file of the project has it.

        A file may be a part of the template, as when a program joins two, or the template a part of the file.
        """
        line = min(line, template.rstrip().count("\n") + 1)  # an error may be at the end, behind the last line
        for name, text in self._texts:
            whole = text.strip()
            start = template.find(whole) if whole and name.endswith(OWN_SUFFIXES) else -1
            first = template.count("\n", 0, start) + 1
            if start >= 0 and first <= line <= first + whole.count("\n"):
                leading = text[: text.find(whole)].count("\n")
                return f"{name}:{line - first + 1 + leading}"
            start = text.find(template.strip())
            if template.strip() and start >= 0:
                leading = template[: template.find(template.strip())].count("\n")
                return f"{name}:{text.count(chr(10), 0, start) + line - leading}"
        return None

    def file_of(self, source: str) -> Path | None:
        """The one file whose whole text a template's source is, but for white space around it.

        Returns:
            None if no file has it, or several have: then which one is meant is not known.
        """
        wanted = source.strip()
        found = [
            name for name, text in self._texts if wanted and name.endswith(OWN_SUFFIXES) and text.strip() == wanted
        ]
        return self._root / found[0] if len(found) == 1 else None

    def path(self, name: str) -> Path | None:
        """The file of that name, relative to the project's folder; None if it is not a template's own file."""
        own = name.endswith(OWN_SUFFIXES) and any(name == other for other, _ in self._texts)
        return self._root / name if own else None
