"""Assets and archives of a Pulumi program, made into folders on disk.

https://www.pulumi.com/docs/iac/concepts/assets-archives/
"""

import shutil
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from parity.errors import UserError
from parity.local.processes.scratch import scratch_folder
from parity.local.program.records import ARCHIVE, ASSET, SIGNATURE

_ARCHIVE_SUFFIXES = (".zip", ".jar", ".tar", ".tar.gz", ".tgz")


class AssetError(UserError):
    """An asset or archive that is missing, cannot be read, or is not local."""


class AssetStore:
    """A temporary folder that archives are unpacked into.

    Args:
        directory: the folder that the program's relative paths begin at.

    Attributes:
        directory: likewise.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._temporary: Path | None = None
        self._count = 0

    def folder(self, archive: Any, declared_by: str) -> Path:
        """The folder with the content of an archive: its own folder where it is one, so that an edit is seen.

        Args:
            archive: the archive as a record holds it.
            declared_by: the resource that it belongs to, for messages.

        Raises:
            AssetError: it is not available locally.
        """
        path = self._local_path(archive, declared_by)
        if path is not None and path.is_dir():
            return path
        target = self.new_folder()
        try:
            self._unpack(archive, target, declared_by)
        except OSError as error:
            raise AssetError(
                f"{declared_by}: its archive cannot be unpacked: {error.strerror or error} ({error.filename or target})"
            ) from error
        return target

    def close(self) -> None:
        """Removes what was unpacked."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    def new_folder(self) -> Path:
        """An empty folder, which `close` removes."""
        if self._temporary is None:
            self._temporary = scratch_folder("assets")
        self._count += 1
        folder = self._temporary / str(self._count)
        folder.mkdir()
        return folder

    def _unpack(self, archive: Any, target: Path, declared_by: str) -> None:
        """Writes the content of an archive into the folder `target`."""
        if not isinstance(archive, Mapping) or SIGNATURE not in archive:
            raise AssetError(
                f"{declared_by}: {archive!r:.80} is not an archive; use pulumi.FileArchive or AssetArchive"
            )
        assets = archive.get("assets")
        if isinstance(assets, Mapping):
            for name, item in assets.items():
                self._place(item, _inside(target, name, declared_by), declared_by)
            return
        path = self._local_path(archive, declared_by)
        if path is None:
            raise AssetError(f"{declared_by}: a string is no archive; use pulumi.AssetArchive")
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        elif path.name.endswith(_ARCHIVE_SUFFIXES):
            _extract(path, target, declared_by)
        else:
            raise AssetError(f"{declared_by}: {path} is neither a folder nor one of {', '.join(_ARCHIVE_SUFFIXES)}")

    def _place(self, item: Any, target: Path, declared_by: str) -> None:
        """Writes one entry of an archive: an archive as a folder, an asset as a file."""
        if not isinstance(item, Mapping) or item.get(SIGNATURE) not in (ASSET, ARCHIVE):
            raise AssetError(f"{declared_by}: {item!r:.80} is neither an asset nor an archive")
        if item[SIGNATURE] == ARCHIVE:
            target.mkdir(parents=True, exist_ok=True)
            self._unpack(item, target, declared_by)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if "text" in item:
            target.write_text(item["text"], encoding="utf-8")
            return
        path = self._local_path(item, declared_by)
        if path is None or not path.is_file():
            raise AssetError(f"{declared_by}: {path} is not a file")
        shutil.copy2(path, target)

    def _local_path(self, item: Any, declared_by: str) -> Path | None:
        """The path that an asset or archive names, or None when it holds its content itself.

        Raises:
            AssetError: nothing is there, or it has to be fetched over the network.
        """
        if not isinstance(item, Mapping) or not (item.get("path") or item.get("uri")):
            return None
        if item.get("path"):
            path = self.directory / str(item["path"])
        else:
            parts = urlsplit(str(item["uri"]))
            if parts.scheme not in ("", "file"):
                raise AssetError(
                    f"{declared_by}: {item['uri']} is fetched by Pulumi at deployment; use a local file here"
                )
            path = self.directory / unquote(parts.path)
        if not path.exists():
            raise AssetError(f"{declared_by}: {item.get('path') or item.get('uri')} does not exist ({path})")
        return path


def _inside(folder: Path, name: str, declared_by: str) -> Path:
    relative = PurePosixPath(name.replace("\\", "/"))
    if relative.is_absolute() or ".." in relative.parts:
        raise AssetError(f"{declared_by}: the archive's entry {name!r} is outside of the archive")
    return folder / relative


def _extract(path: Path, target: Path, declared_by: str) -> None:
    try:
        if path.suffix in (".zip", ".jar"):
            with zipfile.ZipFile(path) as archive:
                for entry in archive.infolist():
                    extracted = Path(archive.extract(entry, target))
                    mode = entry.external_attr >> 16 & 0o777
                    if mode and extracted.is_file():
                        extracted.chmod(mode | 0o400)
        else:
            with tarfile.open(path) as archive:
                archive.extractall(target, filter="data")
    except (zipfile.BadZipFile, tarfile.TarError, OSError) as error:
        raise AssetError(f"{declared_by}: {path} cannot be unpacked: {error}") from error
