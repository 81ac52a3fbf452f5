"""What a client or a backend sends never becomes a part of the report's page."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from parity.compare.case import Case
from parity.compare.report import report_html
from tests.compare.conftest import CompareFake
from tests.compare.fake_api import FakeApi

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)> \"' onload=alert(1) javascript:alert(1) -->"


class Elements(HTMLParser):
    """The elements and attributes of a page, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_hostile_values_are_text(api: FakeApi, compare_fake: CompareFake) -> None:
    api.change_event = lambda event: event["params"]["querystring"].update(query1=HOSTILE)
    api.error_message = lambda integration, status: HOSTILE
    case = Case(name=HOSTILE, why=HOSTILE, path="/a", query_string="query1=b", headers=(("X-A", HOSTILE),))

    page = report_html(compare_fake(case, Case(name="error", path="/status/404")))

    seen = Elements()
    seen.feed(page)
    assert seen.names.count("script") == 1
    assert "img" not in seen.names
    assert [name for name, _ in seen.attributes if name.startswith("on")] == []
    assert [value for name, value in seen.attributes if name in ("href", "src") and "javascript" in value] == []


def test_the_policy_lets_the_pages_own_script_and_style_run_alone(compare_fake: CompareFake) -> None:
    page = report_html(compare_fake(Case(name="a", path="/a")))

    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; ")
    for name in ("script", "style"):
        text = re.search(rf"<{name}>(.*?)</{name}>", page, re.DOTALL)
        assert text is not None
        digest = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy[1]
