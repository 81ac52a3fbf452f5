"""A page in a real browser, and the Runtime API of a function that runs on the same machine."""

from pathlib import Path

import pytest
from aiohttp import web

from parity.local.functions.runtime_api import RuntimeApi
from tests.compare.browser import CHROMIUM, open_page, running_browser
from tests.local.functions.test_runtime_api import EVENT, Recorder

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on the PATH")]

PAGE = """<!doctype html>
<iframe name="answer"></iframe>
<form method="post" target="answer" enctype="text/plain" action="API/init/error">
<input name="errorType" value="x"></form>
<script>
  const response = 'API/invocation/ID/response';
  const done = (work) => work.then(() => 'sent', () => 'stopped');
  const loaded = (element, url) => new Promise((resolve) => {
    element.onload = element.onerror = resolve;
    element.src = url;
  });
  window.attack = async () => {
    await done(fetch(response, {method: 'POST', mode: 'no-cors', body: '"forged"'}));
    await done(fetch('API/invocation/next', {mode: 'no-cors'}));
    await loaded(new Image(), 'API/invocation/next');
    const frame = document.querySelector('iframe');
    const submitted = new Promise((resolve) => { frame.onload = resolve; });
    document.querySelector('form').submit();
    await submitted;
    return 'attacked';
  };
</script>
"""


async def test_a_page_neither_takes_an_event_nor_answers_it(tmp_path: Path) -> None:
    events = Recorder()
    api = RuntimeApi(events)
    address = await api.listen()
    api.deliver(EVENT)
    base = f"http://{address}/2018-06-01/runtime"
    page = PAGE.replace("API", base).replace("ID", EVENT.request_id)

    async def attacking(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    site = web.Application()
    site.router.add_get("/", attacking)
    runner = web.AppRunner(site)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    port = runner.addresses[0][1]
    try:
        with running_browser(tmp_path) as devtools:
            async with open_page(devtools, f"http://127.0.0.1:{port}/") as opened:
                assert await opened.value("attack()") == "attacked"
            # A name that leads to this machine, as after DNS rebinding: the page is then of the same origin.
            rebound = base.replace("127.0.0.1", "attacker.localhost")
            async with open_page(devtools, f"{rebound}/invocation/next") as opened:
                assert "only the function's runtime" in await opened.value("document.body.textContent")
    finally:
        await runner.cleanup()
        api.close()
    assert events.told == []
    assert api.queued is EVENT
