"""Where the files of an image are locally: in the build context, by the Dockerfile's COPY instructions."""

import posixpath
from collections.abc import Iterator
from pathlib import Path

from parity.local.dockerfile.image import Copy, DockerImage, Stage

_NOT_LINKED = frozenset({".git", ".venv", "__pycache__"})


class ContainerFiles:
    """Finds the file in the build context that lies at a path in the image.

    Args:
        image: the image, with its copies.
        context: the build context.
    """

    def __init__(self, image: DockerImage, context: Path) -> None:
        self._image = image
        self._context = context
        self._working_folder: Path | None = None

    def find(self, path: str) -> Path | None:
        """The file or folder of the build context that is at `path` in the image, or None when none is copied there."""
        path = posixpath.normpath(path)
        directory = self._image.target.working_directory
        if self._working_folder is not None and (path + "/").startswith(directory.rstrip("/") + "/"):
            found = self._working_folder / posixpath.relpath(path, directory)
            if found.exists():
                return found
        return self._find(self._image.target, path, 0)

    def working_folder(self, scratch: Path) -> Path:
        """The folder to run in: the part of the context that is copied to the working directory.

        Where it is put together from several parts, so that no folder of the context looks like it, it is put
        together from links in `scratch`, an empty folder. `find` leads into it from then on.
        """
        if self._working_folder is None:
            self._working_folder = self._choose_working_folder(scratch)
        return self._working_folder

    def _choose_working_folder(self, scratch: Path) -> Path:
        parts = list(self._parts(self._image.target, self._image.target.working_directory))
        for candidate in self._candidates(parts):
            if all((candidate / inner).exists() and (candidate / inner).samefile(path) for inner, path in parts):
                return candidate
        if not parts:
            return self._context
        for inner, path in parts:
            _link(path, scratch / inner)
        return scratch

    def _candidates(self, parts: list[tuple[str, Path]]) -> Iterator[Path]:
        """The folders that could be the working directory, judged by a part alone."""
        for inner, path in reversed(parts):
            steps = len(Path(inner).parts)
            candidate = path.parents[steps - 1] if steps else path
            if candidate.is_relative_to(self._context) and candidate.is_dir():
                yield candidate

    def _parts(self, stage: Stage, directory: str) -> Iterator[tuple[str, Path]]:
        """What is copied into a folder of the image: the path within that folder (empty for itself), and what it is."""
        for copy in stage.copies:
            for at, path in self._copied(copy, 0):
                if at == directory or at.startswith(directory.rstrip("/") + "/"):
                    yield posixpath.relpath(at, directory).removeprefix("."), path
                elif directory.startswith(at.rstrip("/") + "/") and path.is_dir():
                    below = path / posixpath.relpath(directory, at)
                    if below.is_dir():
                        yield "", below

    def _find(self, stage: Stage, path: str, depth: int) -> Path | None:
        for copy in reversed(stage.copies):
            for at, source in self._copied(copy, depth):
                if path == at:
                    return source
                if path.startswith(at.rstrip("/") + "/") and source.is_dir():
                    found = source / posixpath.relpath(path, at)
                    if found.exists():
                        return found
        return None

    def _copied(self, copy: Copy, depth: int) -> Iterator[tuple[str, Path]]:
        """What a COPY puts where: the path in the image, and the file or folder of the context."""
        for source in self._sources(copy, depth):
            if source.is_dir():
                yield copy.destination.rstrip("/") or "/", source
            elif copy.destination.endswith("/"):
                yield copy.destination + source.name, source
            else:
                yield copy.destination, source

    def _sources(self, copy: Copy, depth: int) -> Iterator[Path]:
        for source in copy.sources:
            if copy.stage is not None:
                # A stage copies from earlier ones only, so the depth is bounded by their number.
                found = self._find(self._image.stages[copy.stage], posixpath.join("/", source), depth + 1)
                if found is not None and depth <= len(self._image.stages):
                    yield found
                continue
            inner = posixpath.normpath("/" + source).lstrip("/")
            if any(character in inner for character in "*?["):
                yield from sorted(self._context.glob(inner))
            elif (path := self._context / inner).exists():
                yield path


def _link(source: Path, destination: Path) -> None:
    """Makes `destination` look like `source`: folders are made, and files are links."""
    if source.is_dir():
        destination.mkdir(parents=True, exist_ok=True)
        for entry in source.iterdir():
            if entry.name not in _NOT_LINKED:
                _link(entry, destination / entry.name)
        return
    destination.parent.mkdir(parents=True, exist_ok=True)
    destination.unlink(missing_ok=True)
    destination.symlink_to(source.resolve())
