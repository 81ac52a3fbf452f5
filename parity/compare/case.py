"""One request of the comparison, as the client sends it to both integrations."""

import base64
import json
import shlex
from dataclasses import dataclass
from urllib.parse import unquote

import yaml

from parity.gateway.lifecycle.method_request import parse_query

Headers = tuple[tuple[str, str], ...]

URL_CHARACTERS = "/:@!$&'()*+,;=-._~%"
"""What may stand in a path besides letters and digits (RFC 3986, section 3.3), with the sign of the encoding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request, and why it is worth comparing.

    `path` is percent-encoded and begins with `/`; it is sent below both `/lambda` and `/http`, or, where two routes are
    compared, is that of one of them, and may be empty. `query_string` is raw, without `?`. `headers` are sent in this
    order and case; `body` is None where none is sent. `method_given` is whether the method was chosen, and not only the
    default; `has_stage` whether the path may begin with a stage's name. `parameters` are the values of a route's path
    parameters, percent-encoded, once it is known which route the case is for.
    """

    name: str
    method: str = "GET"
    path: str = "/"
    query_string: str = ""
    headers: Headers = ()
    body: bytes | None = None
    why: str = ""
    declared_at: str = ""
    method_given: bool = True
    has_stage: bool = False
    parameters: tuple[str, ...] | None = None

    @property
    def target(self) -> str:
        """The path with its query string, as it stands in the request line below the integration's own path."""
        return f"{self.path}?{self.query_string}" if self.query_string else self.path

    @property
    def decoded_path(self) -> str:
        """The path as API Gateway decodes `{proxy+}`: percent-decoded, without the first slash."""
        return unquote(self.path).removeprefix("/")

    @property
    def query(self) -> dict[str, tuple[str, ...]]:
        """Every value of each query string parameter, decoded as API Gateway does, in the order in which they came."""
        return dict(parse_query(self.query_string)[1])

    def header(self, name: str) -> str | None:
        """The last value of a header, its name compared without regard to case; None when it is not sent."""
        values = [value for sent, value in self.headers if sent.lower() == name.lower()]
        return values[-1] if values else None

    @property
    def body_text(self) -> str:
        """The body as text, for a reader: bytes that are not UTF-8 are replaced."""
        return (self.body or b"").decode("utf-8", "replace")

    @property
    def body_is_text(self) -> bool:
        """Whether the body is UTF-8; no body is empty text."""
        try:
            (self.body or b"").decode()
        except UnicodeDecodeError:
            return False
        return True

    def curl(self, url: str) -> str:
        """The request as a curl command to paste; a body that is no text comes through a pipe, from Base64.

        Args:
            url: the base URL of one integration, such as `https://…/dev/lambda`.
        """
        method = ["--head"] if self.method == "HEAD" and self.body is None else ["-X", self.method]
        words = ["curl", "-i", "--path-as-is", *method, url.rstrip("/") + self.target]
        for name, value in self.headers:
            words += ["-H", f"{name}: {value}" if value else f"{name};"]
        if self.body is None:
            return shlex.join(words)
        if self.header("Content-Type") is None:
            words += ["-H", "Content-Type:"]  # else curl sends that of a form
        if self.body_is_text and b"\0" not in self.body:
            return shlex.join([*words, "--data-raw", self.body_text])
        encoded = shlex.quote(base64.b64encode(self.body).decode())
        return f"printf %s {encoded} | base64 -d | {shlex.join([*words, '--data-binary', '@-'])}"

    def to_yaml(self) -> str:
        """The case as an entry of a case file, ready to paste."""
        entry: dict[str, object] = {"name": self.name}
        if self.why:
            entry["why"] = self.why
        entry |= {"method": self.method, "path": self.path}
        if self.query_string:
            entry["query"] = self.query_string
        if self.headers:
            entry["headers"] = [{name: value} for name, value in self.headers]
        if self.body is not None:
            entry["body"] = self.body_text if self.body_is_text else self.body
        text: str = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=110)
        return text


def json_body(value: object) -> bytes:
    """A JSON value as the bytes that are sent for it: compact, non-ASCII characters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
