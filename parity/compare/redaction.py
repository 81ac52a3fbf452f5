"""Takes credentials out of what a comparison keeps and shows: reports, JSON, recordings, terminals, tests' messages.

A credential is the value of a header that proves who calls: it is replaced wherever it stands, for backends echo their
headers, and `$context` has the API key. Signatures of AWS's are recognised by their form.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from msgspec import Struct, structs

REDACTED = "[redacted]"
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "x-api-key", "x-amz-security-token"})
SHORTEST = 6
"""Characters of a value that is replaced wherever it stands; a shorter one is replaced in its own header alone."""
_SIGNATURE = re.compile(r"\bSignature=[0-9a-f]{64}\b")
_ACCESS_KEY = re.compile(r"\bCredential=[A-Z0-9]{16,128}(?=/\d{8}/)")


class Redactor:
    """Replaces some secrets, and what has the form of one.

    Args:
        secrets: the secrets' texts.
        headers: the names, in lower case, of headers whose values are replaced whatever they are.
    """

    def __init__(self, secrets: Iterable[str], headers: Collection[str] = SECRET_HEADERS) -> None:
        self._headers = headers
        known = sorted({secret for secret in secrets if len(secret) >= SHORTEST}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, known))) if known else None

    def text(self, text: str) -> str:
        """A text without secrets."""
        if self._pattern is not None:
            text = self._pattern.sub(REDACTED, text)
        if "Signature=" in text:
            text = _ACCESS_KEY.sub(f"Credential={REDACTED}", _SIGNATURE.sub(f"Signature={REDACTED}", text))
        return text

    def value(self, value: Any) -> Any:
        """A value with every text in it redacted: of containers, dataclasses, structs, and header fields (pairs)."""
        if isinstance(value, str):
            redacted = self.text(value)
            return value if redacted == value else redacted  # a name of a side stays one
        if isinstance(value, bytes):
            return self.text(value.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        if isinstance(value, Mapping):
            return {self.value(key): self._named(key, each) for key, each in value.items()}
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], str):
            return (value[0], self._named(value[0], value[1]))
        if isinstance(value, list | tuple):
            return type(value)(self.value(each) for each in value)
        if is_dataclass(value) and not isinstance(value, type):
            changed = {field.name: self.value(getattr(value, field.name)) for field in fields(value)}
            return replace(value, **changed)
        if isinstance(value, Struct):
            changed = {name: self.value(getattr(value, name)) for name in value.__struct_fields__}
            return structs.replace(value, **changed)
        return value

    def _named(self, name: Any, value: Any) -> Any:
        if not isinstance(name, str) or name.lower() not in self._headers:
            return self.value(value)
        if isinstance(value, list | tuple):
            return type(value)(REDACTED for _ in value)
        return REDACTED if isinstance(value, str) else self.value(value)


def secrets_in(headers: Iterable[tuple[str, str]]) -> set[str]:
    """The secrets that header fields hold; of `Bearer abc` also `abc`."""
    found = set()
    for name, value in headers:
        if name.lower() in SECRET_HEADERS:
            found |= {value, *value.split()[1:2]} if not value.startswith("AWS4-HMAC-SHA256 ") else {value}
    return found
