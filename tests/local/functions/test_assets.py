"""Assets and archives become folders."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parity.local.functions.assets import AssetError, AssetStore
from parity.local.program.records import ARCHIVE, ASSET, SIGNATURE
from tests.local.running_programs import PROGRAMS, resource, run_program


@pytest.fixture
def store() -> Iterator[AssetStore]:
    """A store for the paths of programs/assets."""
    opened = AssetStore(PROGRAMS / "assets")
    yield opened
    opened.close()


def archive(**content: Any) -> dict[str, Any]:
    """An archive in Pulumi's wire format."""
    return {SIGNATURE: ARCHIVE, **content}


def asset(**content: Any) -> dict[str, Any]:
    """An asset in Pulumi's wire format."""
    return {SIGNATURE: ASSET, **content}


def files(folder: Path) -> set[str]:
    """The paths of the files in a folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def test_the_archives_of_a_program(store: AssetStore) -> None:
    result = run_program(PROGRAMS / "assets")

    def folder(name: str) -> Path:
        return store.folder(resource(result, "aws:lambda/function:Function", name).inputs["code"], name)

    assert folder("folder") == PROGRAMS / "assets" / "code", "a folder is used as it stands, so that edits are seen"
    assert files(folder("zipped")) == {"handler.py", "bin/tool"}
    assert files(folder("strings")) == {"handler.py"}
    assert (folder("strings") / "handler.py").read_text().endswith("return 1\n")
    assert files(folder("nested")) == {"handler.py", "library/data.txt", "copy/handler.py"}


def test_a_zip_file_keeps_what_may_be_executed(store: AssetStore) -> None:
    folder = store.folder(archive(path="code.zip"), "it")
    assert os.access(folder / "bin" / "tool", os.X_OK)
    assert not os.access(folder / "handler.py", os.X_OK)


def test_a_tar_file_is_unpacked(tmp_path: Path, store: AssetStore) -> None:
    with tarfile.open(tmp_path / "code.tar.gz", "w:gz") as tar:
        tar.add(PROGRAMS / "assets" / "code" / "handler.py", "inside/handler.py")
    assert files(store.folder(archive(path=str(tmp_path / "code.tar.gz")), "it")) == {"inside/handler.py"}


def test_closing_removes_what_was_unpacked(store: AssetStore) -> None:
    folder = store.folder(archive(assets={"a.txt": asset(text="ä")}), "it")
    assert (folder / "a.txt").read_text(encoding="utf-8") == "ä"
    store.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (archive(path="./nowhere"), r"aws.lambda.Function \"f\": ./nowhere does not exist"),
        (archive(uri="https://example.com/code.zip"), "is fetched by Pulumi at deployment"),
        (archive(path="Pulumi.yaml"), "neither a folder nor one of .zip"),
        (archive(assets={"../escaped": asset(text="x")}), "'../escaped' is outside of the archive"),
        (archive(assets={"a": asset(path="./code")}), "is not a file"),
        (archive(assets={"a": "text"}), "'text' is neither an asset nor an archive"),
        ("text", "'text' is not an archive"),
    ],
)
def test_what_cannot_be_unpacked_is_told_with_its_resource(store: AssetStore, given: Any, message: str) -> None:
    with pytest.raises(AssetError, match=message):
        store.folder(given, 'aws.lambda.Function "f"')


def test_a_broken_zip_file_is_told(tmp_path: Path, store: AssetStore) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK no zip")
    with pytest.raises(AssetError, match=r"broken\.zip cannot be unpacked"):
        store.folder(archive(path=str(tmp_path / "broken.zip")), "it")


def test_an_archive_for_which_there_is_no_room_is_one_clear_error(
    store: AssetStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, *_: object, **__: object) -> int:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_text", full)
    content = archive(assets={"app.py": asset(text="pass")})
    with pytest.raises(AssetError, match=r"its archive cannot be unpacked: No space left on device \(.*app\.py\)"):
        store.folder(content, "the function")
