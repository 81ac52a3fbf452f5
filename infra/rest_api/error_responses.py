"""How a backend's failure becomes the client's answer: the same for both backends.

A non-proxy integration answers 200 whatever its backend said, until a selection pattern says otherwise. A response
template cannot read the backend's status, so `$context.responseOverride.status` could pass on only what an error's text
holds; for an HTTP backend each status must therefore be an integration response of its own. `STATUSES` are those that
IANA registers. Any other of its class becomes 400 or 500, from both backends alike.

Patterns must match the whole text, and `.` does not match a newline; at most one pattern matches any text, since API
Gateway does not say in which order it tries them. A function that returns normally has the empty string for its error,
so that a pattern that matches it would take every success: none does, and an error whose text is empty is a 200.
Repeating a group, as in `(?:.|\n)*`, overflows the stack of Java's matcher on a text of some 1,500 characters; a
character class does not.
https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
"""

from infra.rest_api.mapping_templates import http_error_template, read_template

STATUSES = (*range(400, 419), *range(421, 427), 428, 429, 431, 451, *range(500, 509), 510, 511)
"""https://www.iana.org/assignments/http-status-codes/http-status-codes.xhtml"""
CLASS_DEFAULTS = (400, 500)
_ANYTHING = r"[\s\S]*"
_SOMETHING = r"[\s\S]+"
_TIMEOUT = "Task timed out after"
_HIDDEN = {
    4: "Request refused by the backend",
    5: "Internal server error",
    504: "Endpoint request timed out",
}
"""What the client gets for a failure that the backend does not describe, by status or by the first digit of it: API
Gateway's own words where it has some."""


def http_patterns() -> dict[int, str]:
    """Status: the pattern that the HTTP backend's status must match."""
    return {status: _class_pattern(status) if status in CLASS_DEFAULTS else str(status) for status in STATUSES}


def lambda_patterns() -> dict[int, str]:
    r"""Status: the pattern that the error message of the function must match.

    A message that begins with a status in brackets, `[404] ...`, asks for it. A function that ran out of time is a 504
    and any other error a 500, as API Gateway answers by default for an HTTP backend.
    """
    patterns = {
        status: rf"\[{_class_pattern(status) if status in CLASS_DEFAULTS else status}\]{_ANYTHING}"
        for status in STATUSES
    }
    patterns[504] = rf"{patterns[504]}|(?!\[[45]\d{{2}}\]){_ANYTHING}{_TIMEOUT}{_ANYTHING}"
    patterns[500] = rf"{patterns[500]}|(?!\[[45]\d{{2}}\])(?!{_ANYTHING}{_TIMEOUT}){_SOMETHING}"
    return patterns


def lambda_templates() -> dict[int, str]:
    """Status: the template that makes the client's answer of the function's error."""
    return dict.fromkeys(STATUSES, read_template("lambda_error"))


def http_templates() -> dict[int, str]:
    """Status: the template that makes the client's answer of the HTTP backend's."""
    return {status: http_error_template(_HIDDEN.get(status, _HIDDEN[status // 100])) for status in STATUSES}


def _class_pattern(default: int) -> str:
    """A pattern for each status of the class of `default` that no other pattern names."""
    listed = "|".join(str(status) for status in STATUSES if status // 100 == default // 100 and status != default)
    return rf"(?!{listed}){default // 100}\d{{2}}"
