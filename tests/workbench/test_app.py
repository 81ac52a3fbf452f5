"""What the workbench's page asks for: templates, previews and saves, and who may ask."""

import aiohttp
import pytest

from tests.workbench.conftest import Bench
from tests.workbench.program import BROKEN, TEMPLATE


async def test_the_templates_are_listed_with_their_files(bench: Bench) -> None:
    old, new = await bench.slot("GET /old"), await bench.slot("GET /new")
    assert (old["file"], old["source"], old["integration"]) == ("old.vtl", TEMPLATE, "MOCK")
    assert new["id"] != old["id"]


async def test_an_edited_template_is_rendered_against_a_request_that_came(bench: Bench) -> None:
    _, request_id = await bench.call("/old?name=Ann")
    slot = await bench.slot("GET /old")
    edited = """{"hello": "$input.params('name')"}"""
    _, result = await bench.post("api/preview", slot=slot["id"], source=edited, request=request_id)
    assert result["output"] == '{"hello": "Ann"}'
    assert (result["error"], result["break"]) == (None, None)
    assert [found["rule"] for found in result["findings"]] == ["unescaped"]


async def test_a_preview_shows_where_the_output_is_not_json(bench: Bench) -> None:
    _, request_id = await bench.call("/old?name=Ann")
    slot = await bench.slot("GET /old")
    _, result = await bench.post("api/preview", slot=slot["id"], source=BROKEN, request=request_id)
    assert "line 1, column 29" in result["break"]
    _, result = await bench.post("api/preview", slot=slot["id"], source="{\n#if(", request=request_id)
    assert result["error"]["line"] == 2


async def test_a_saved_template_is_served_at_once(bench: Bench) -> None:
    slot = await bench.slot("GET /old")
    source = """{"statusCode": 418}"""
    status, _ = await bench.post("api/save", file=slot["file"], source=source, version=slot["version"])
    assert status == 200
    assert (bench.folder / "old.vtl").read_text() == source + "\n"
    _, request_id = await bench.call("/old")
    _, trace = await bench.get(f"api/requests/{request_id}")
    assert trace["endpoint_response"]["status"] == 418


async def test_a_save_does_not_overwrite_what_another_editor_wrote(bench: Bench) -> None:
    slot = await bench.slot("GET /old")
    (bench.folder / "old.vtl").write_text("{}")
    status, problem = await bench.post("api/save", file=slot["file"], source=TEMPLATE, version=slot["version"])
    assert (status, problem["message"]) == (409, "old.vtl was changed elsewhere meanwhile: reload the page")
    assert (bench.folder / "old.vtl").read_text() == "{}"


@pytest.mark.parametrize("headers", [{"Host": "attacker.example"}, {"Origin": "http://attacker.example"}])
async def test_another_pages_requests_are_refused(bench: Bench, headers: dict[str, str]) -> None:
    status, _ = await bench.get("api/state", **headers)
    assert status == 403


async def test_a_form_of_another_page_changes_nothing(bench: Bench) -> None:
    slot = await bench.slot("GET /old")
    form = f'{{"file": "{slot["file"]}", "source": "x", "version": "{slot["version"]}"}}'
    async with (
        aiohttp.ClientSession() as client,
        client.post(bench.url + "api/save", data=form, headers={"Content-Type": "text/plain"}) as answer,
    ):
        assert answer.status == 415
    assert (bench.folder / "old.vtl").read_text() == TEMPLATE


async def test_nothing_but_the_served_apis_is_sent_to(bench: Bench) -> None:
    status, _ = await bench.post("api/send", method="GET", url="http://127.0.0.1:1/", body="")
    assert status == 400
    status, sent = await bench.post("api/send", method="GET", url=bench.api + "/old?name=Bo", body="")
    assert (status, sent["status"]) == (200, 200)


@pytest.mark.parametrize("file", ["../outside.vtl", "/etc/passwd", "Pulumi.yaml", "__main__.py"])
async def test_nothing_but_a_template_file_is_written(bench: Bench, file: str) -> None:
    status, _ = await bench.post("api/save", file=file, source="x", version="0")
    assert status == 409
    assert (bench.folder / "Pulumi.yaml").read_text().startswith("name: shop")
