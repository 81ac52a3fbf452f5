"""The archive provider: `archive.get_file` and `archive.File` write an archive, and answer its hashes.

https://www.pulumi.com/registry/packages/archive/api-docs/getfile/
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_TIME = (2049, 1, 1, 0, 0, 0)
"""The time of every member, so that the same content makes the same archive."""

Member = tuple[str, bytes, int]
"""A member's name, content and mode."""


class ArchiveError(Exception):
    """An archive that cannot be made; its text says why."""


def make_archive(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Writes the archive at `outputPath`, a path from the current folder on.

    Args:
        arguments: the function's, in camelCase: `type` (`zip` or `tar.gz`), `outputPath`, and `sourceDir`,
            `sourceFile`, `sourceContent` with `sourceContentFilename`, or `sources`.

    Returns:
        The properties that the provider computes, `id` among them.

    Raises:
        ArchiveError: a source is missing, or the type is another one.
    """
    try:
        members = sorted(_members(arguments))
        target = Path(str(arguments.get("outputPath") or ""))
        target.parent.mkdir(parents=True, exist_ok=True)
        content = _archive(str(arguments.get("type")), members)
        if not target.is_file() or target.read_bytes() != content:
            target.write_bytes(content)
    except OSError as error:
        raise ArchiveError(f"{error.filename}: {error.strerror}") from error
    sha1, sha256 = hashlib.sha1(content, usedforsecurity=False), hashlib.sha256(content)
    sha512, md5 = hashlib.sha512(content), hashlib.md5(content, usedforsecurity=False)
    return {
        "id": sha1.hexdigest(),
        "outputSize": len(content),
        "outputMd5": md5.hexdigest(),
        "outputSha": sha1.hexdigest(),
        "outputSha256": sha256.hexdigest(),
        "outputBase64sha256": base64.b64encode(sha256.digest()).decode(),
        "outputSha512": sha512.hexdigest(),
        "outputBase64sha512": base64.b64encode(sha512.digest()).decode(),
    }


def _members(arguments: Mapping[str, Any]) -> Iterator[Member]:
    fixed = int(str(arguments["outputFileMode"]), 8) if arguments.get("outputFileMode") else None
    if arguments.get("sourceDir"):
        excludes = [str(pattern) for pattern in arguments.get("excludes") or []]
        yield from _folder(Path(str(arguments["sourceDir"])), excludes, fixed)
    elif arguments.get("sourceFile"):
        file = Path(str(arguments["sourceFile"]))
        yield file.name, file.read_bytes(), fixed or file.stat().st_mode & 0o777
    elif arguments.get("sourceContentFilename"):
        content = str(arguments.get("sourceContent") or "")
        yield str(arguments["sourceContentFilename"]), content.encode(), fixed or 0o644
    elif arguments.get("sources"):
        for source in arguments["sources"]:
            yield str(source.get("filename")), str(source.get("content") or "").encode(), fixed or 0o644
    else:
        raise ArchiveError("it needs a source_dir, source_file, source_content or sources")


def _folder(folder: Path, excludes: list[str], fixed: int | None) -> Iterator[Member]:
    if not folder.is_dir():
        raise ArchiveError(f"source_dir {folder} is not a folder")
    for path, _, names in os.walk(folder, followlinks=True):
        for name in names:
            file = Path(path) / name
            relative = file.relative_to(folder).as_posix()
            if not any(_is_excluded(relative, pattern) for pattern in excludes):
                yield relative, file.read_bytes(), fixed or file.stat().st_mode & 0o777


def _is_excluded(path: str, pattern: str) -> bool:
    pattern = pattern.rstrip("/")
    return (
        fnmatch.fnmatchcase(path, pattern)
        or fnmatch.fnmatchcase(path, f"{pattern}/*")
        or (pattern.startswith("**/") and fnmatch.fnmatchcase(path, pattern[3:]))
    )


def _archive(kind: str, members: list[Member]) -> bytes:
    import io

    stream = io.BytesIO()
    if kind == "zip":
        import zipfile

        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content, mode in members:
                entry = zipfile.ZipInfo(name, _TIME)
                entry.external_attr = mode << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
    elif kind == "tar.gz":
        import gzip
        import tarfile

        with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
            for name, content, mode in members:
                information = tarfile.TarInfo(name)
                information.size, information.mode = len(content), mode
                tar.addfile(information, io.BytesIO(content))
    else:
        raise ArchiveError(f"type {kind!r} is neither zip nor tar.gz")
    return stream.getvalue()
