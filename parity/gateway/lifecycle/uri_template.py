"""An integration's URI: `{name}` is a mapped path parameter, `${stageVariables.name}` a stage variable.

https://docs.aws.amazon.com/apigateway/latest/developerguide/aws-api-gateway-stage-variables-reference.html
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([A-Za-z0-9_]+)\}")
_PARAMETER = re.compile(r"\{([^{}/]+?)\+?\}")
_PATH_SAFE = "/-._~!$&'()*+,;=:@"
_QUERY_SAFE = "-._~!$'()*,;:@/?"
_NEEDS_NO_QUOTING = re.compile(r"[A-Za-z0-9._~/-]*").fullmatch


def with_stage_variables(uri: str, stage_variables: Mapping[str, str]) -> str:
    """The URI with its stage variables replaced; one that is not set is empty."""
    return _STAGE_VARIABLE.sub(lambda match: stage_variables.get(match[1], ""), uri)


class UriTemplate:
    """A URI whose stage variables are known and whose path parameters are not.

    Args:
        uri: as it was declared.
        stage_variables: those of the stage.
    """

    def __init__(self, uri: str, stage_variables: Mapping[str, str]) -> None:
        parts = _PARAMETER.split(with_stage_variables(uri, stage_variables).strip())
        self._literals = parts[0::2]
        self.names = tuple(parts[1::2])

    def render(self, path: Mapping[str, str], query: Iterable[tuple[str, str]]) -> str:
        """The URI, percent-encoded where a value asks for it.

        Args:
            path: the values of `{name}`, decoded; one that is missing stays as it stands.
            query: what is added to the query string, decoded.
        """
        uri = self._literals[0]
        for name, literal in zip(self.names, self._literals[1:], strict=True):
            value = path.get(name)
            uri += (_quote(value, _PATH_SAFE) if value is not None else f"%7B{name}%7D") + literal
        pairs = "&".join([f"{_quote(name, _QUERY_SAFE)}={_quote(value, _QUERY_SAFE)}" for name, value in query])
        if not pairs:
            return uri
        return f"{uri}{'&' if '?' in uri else '?'}{pairs}"


def _quote(value: str, safe: str) -> str:
    if (value.isalnum() and value.isascii()) or _NEEDS_NO_QUOTING(value):
        return value
    return quote(value, safe=safe)
