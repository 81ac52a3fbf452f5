"""What is saved is served from the next request on."""

import asyncio
import json
import shutil
import urllib.request
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from parity.local import Session, open_session
from parity.local.watch import Watcher, serve_what_is_saved
from tests.local.running_programs import PROGRAMS


class Watched:
    """A session that is watched, and what was told of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.changes: asyncio.Queue[None] = asyncio.Queue()
        self.failures: asyncio.Queue[str] = asyncio.Queue()

    def note(self, text: str, *, failed: bool = False) -> None:
        """Takes what the watcher tells."""
        if failed:
            self.failures.put_nowait(text)

    async def get(self, path: str) -> Any:
        """What the first API's stage `dev` answers now."""
        url = self.session.apis[0].url("dev") + path

        def read() -> Any:
            with urllib.request.urlopen(url, timeout=20) as response:
                return json.load(response)

        return await asyncio.to_thread(read)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    """A copy of a program with a function, whose files may be changed."""
    program = tmp_path / "program"
    shutil.copytree(PROGRAMS / "backends", program)
    watcher = Watcher(program)
    await watcher.start()
    async with open_session(program, before_request=watcher.settled) as session:
        state = Watched(session)
        changed = partial(state.changes.put_nowait, None)
        task = asyncio.create_task(serve_what_is_saved(session, watcher, on_change=changed, on_note=state.note))
        yield state
        task.cancel()
        watcher.stop()


def edit(watched: Watched, file: str, old: str, new: str) -> None:
    """Replaces text in a file of the program."""
    path = watched.session.root / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


async def test_a_saved_handler_is_used_by_the_next_request(watched: Watched) -> None:
    assert (await watched.get("/function"))["greeting"] == "hello"
    edit(watched, "function/handler.py", 'os.environ["GREETING"]', '"changed"')
    assert (await watched.get("/function"))["greeting"] == "changed"


async def test_a_saved_program_is_used_at_the_same_port(watched: Watched) -> None:
    before = watched.session.apis[0].url("dev")
    edit(watched, "__main__.py", '{"GREETING": "hello"}', '{"GREETING": "good day"}')
    assert watched.session.apis[0].url("dev") == before
    assert (await watched.get("/function"))["greeting"] == "good day"


async def test_the_last_good_version_serves_on_after_an_error(watched: Watched) -> None:
    edit(watched, "__main__.py", "import json", "import no_such_module")
    assert (await watched.get("/function"))["greeting"] == "hello"
    failure = watched.failures.get_nowait()
    assert "No module named 'no_such_module'" in failure
    edit(watched, "__main__.py", "import no_such_module", "import json")
    assert (await watched.get("/function"))["greeting"] == "hello"


async def test_the_same_content_saved_again_is_no_change(tmp_path: Path) -> None:
    file, other = tmp_path / "file.txt", tmp_path / "other.txt"
    watcher = Watcher(tmp_path, [tmp_path / "ignored.json"])
    await watcher.start()
    file.write_text("one")
    assert await asyncio.wait_for(watcher.saved(), 30) == ["file.txt"]
    file.write_text("one")
    (tmp_path / "ignored.json").write_text("{}")
    other.write_text("two")
    assert await asyncio.wait_for(watcher.saved(), 30) == ["other.txt"]
    watcher.stop()


async def test_a_request_under_way_finishes_on_the_version_that_it_began_with(watched: Watched) -> None:
    edit(watched, "function/handler.py", '    print("the function runs")\n', "    __import__('time').sleep(2)\n")
    assert (await watched.get("/function"))["greeting"] == "hello"
    under_way = asyncio.create_task(watched.get("/function"))
    await asyncio.sleep(0.5)
    edit(watched, "function/handler.py", 'os.environ["GREETING"]', '"changed"')
    assert (await watched.get("/function"))["greeting"] == "changed"
    assert (await under_way)["greeting"] == "hello"


async def test_a_link_that_leads_nowhere_hides_no_other_file(tmp_path: Path) -> None:
    """Emacs leaves such a link beside each file that it edits."""
    (tmp_path / ".#0.vtl").symlink_to("nowhere")
    for number in range(8):
        (tmp_path / f"{number}.vtl").write_text("old")
    watcher = Watcher(tmp_path)
    await watcher.start()
    saved = asyncio.create_task(watcher.saved())
    await asyncio.sleep(0)
    for number in range(8):
        (tmp_path / f"{number}.vtl").write_text("newer")
    settled = asyncio.create_task(watcher.settled())
    assert await asyncio.wait_for(saved, 20) == [f"{number}.vtl" for number in range(8)]
    watcher.stop()
    await settled
