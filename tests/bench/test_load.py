"""`parity bench` under a real, short load."""

import json
import math
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from parity.bench.load import Load, Workers, measure
from parity.cli.main import main
from parity.compare.case import Case
from parity.compare.settings import Side

LOAD = Load(users=2, seconds=1, warm_up_seconds=0)


class Backend(BaseHTTPRequestHandler):
    """Answers 200, or 503 below /http."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(503 if self.path.startswith("/http") else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def case() -> Case:
    return Case(name="article", method="POST", path="/a", headers=(("Content-Type", "application/json"),), body=b"{}")


def test_both_integrations_get_the_same_load_one_after_the_other(url: str) -> None:
    measured = measure({Side.LAMBDA: f"{url}/lambda", Side.HTTP: f"{url}/http"}, [case()], LOAD)
    right, wrong = measured[Side.LAMBDA], measured[Side.HTTP]
    assert right.requests > 10
    assert not right.failures
    assert 0 < right.latency.median <= right.latency.percentile(99) < 1000
    assert right.requests_per_second == right.requests
    assert wrong.failures == {"article: status 503, expected 200": wrong.requests}
    assert wrong.requests > 10


def test_what_the_workers_measure_is_added_up(url: str) -> None:
    measured = measure({Side.LAMBDA: f"{url}/lambda"}, [case()], LOAD, Workers(processes=2))
    assert measured[Side.LAMBDA].requests > 10
    assert not math.isnan(measured[Side.LAMBDA].latency.median)


def test_the_command_prints_figures_and_fails_for_wrong_answers(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.json"
    status = main(["bench", "--url", url, "--users", "2", "--seconds", "1", "--warm-up", "0", "--json", str(figures)])
    shown = capsys.readouterr().out
    assert status == 1
    assert "status 503, expected 200" in shown
    document = json.loads(figures.read_text())
    assert document["integrations"]["lambda"]["requests_per_second"] > 10
    assert document["integrations"]["http"]["latency_ms"]["count"] == 0
