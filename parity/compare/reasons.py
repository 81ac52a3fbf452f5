"""Why a backend did not receive what the client sent: one rule for each thing that API Gateway is known to do.

A rule looks at one deviation and gives its explanation only when the value received is the one that the rule predicts;
so a wrong value is never explained by its name alone. What no rule explains is a finding.
https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
"""

import ipaddress
import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from parity.compare.authorization import ALGORITHM
from parity.compare.case import Case
from parity.compare.client import Answer
from parity.compare.difference import Deviation, same
from parity.compare.received import ABSENT, Number, Received, body_of
from parity.compare.settings import ALL, INTEGRATIONS, Settings, Side
from parity.gateway.lifecycle.media_type import JSON, media_type

HIDDEN_FROM_TEMPLATES = frozenset(
    [
        *("connection", "content-length", "content-md5", "expect", "max-forwards", "proxy-authenticate", "server"),
        *("te", "transfer-encoding", "trailer", "upgrade", "www-authenticate"),
    ]
)
"""Request headers that `$input.params()` never shows."""
NEVER_SENT_TO_HTTP = frozenset(["expect", "proxy-authenticate", "te", "via"])
"""Headers that an HTTP integration drops even where they are mapped."""
TRACE_ID = re.compile(r"(?:Self=[^;]+;)?Root=1-[0-9a-f]{8}-[0-9a-f]{24}(?:;.*)?")
HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(?::\d+)?|\[[0-9a-f:]+\](?::\d+)?")
FORWARDED = ["x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"]
EVENT_REFUSED = "Could not parse request body into json"
"""How Lambda's message begins when an event is not JSON."""
METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})
"""With these an HTTP integration sends neither a body nor a Content-Type."""
REGISTERED_STATUSES = frozenset([*range(400, 419), *range(421, 427), 428, 429, 431, 451, *range(500, 509), 510, 511])
"""https://www.iana.org/assignments/http-status-codes/http-status-codes.xhtml"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a rule may look at besides the deviation. `received` is None where the backend was not reached."""

    case: Case
    sent: Received
    received: Received | None
    answer: Answer
    settings: Settings


Rule = Callable[[Deviation, Circumstances], str | None]


def reason_for(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """The explanation of a deviation, or None when no rule predicts the value that was received."""
    for rule in RULES[deviation.side, deviation.field.kind]:
        explanation = rule(deviation, circumstances)
        if explanation is not None:
            return explanation
    return None


def _no_template(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """A Content-Type without a template is refused where another has one (WHEN_NO_TEMPLATES)."""
    content_type = media_type(circumstances.case.header("Content-Type") or JSON)
    refused = circumstances.answer.header("x-amzn-ErrorType") == "BadRequestException"
    if deviation.received == 415 and refused and content_type != JSON:
        return f"no template: {deviation.side} has none for {content_type}, and WHEN_NO_TEMPLATES refuses it (415)"
    return None


def _no_resource(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """`{proxy+}` takes one segment or more, so that the integration's own path is no resource with a method."""
    refused = circumstances.answer.header("x-amzn-ErrorType") == "MissingAuthenticationTokenException"
    if deviation.received == 403 and refused and not circumstances.case.decoded_path.strip("/"):
        return "no resource: {proxy+} takes at least one segment (403 Missing Authentication Token)"
    return None


def _status_not_registered(deviation: Deviation, _: Circumstances) -> str | None:
    """A status that no integration response names reaches the client as the first of its class."""
    sent = deviation.sent
    registered = isinstance(sent, int) and sent in REGISTERED_STATUSES
    if isinstance(sent, int) and not registered and deviation.received == sent // 100 * 100 and sent >= 400:
        return f"status: no integration response is declared for {sent}; it reaches the client as {deviation.received}"
    return None


def _trailing_slash(deviation: Deviation, _: Circumstances) -> str | None:
    """A path parameter has no trailing slash."""
    if deviation.sent != deviation.received and deviation.received == deviation.sent.rstrip("/"):
        return "trailing slash: API Gateway takes it off the path"
    return None


def _stage_in_path(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """A private integration may send the stage in front of the path: AWS's page says so, its samples show none.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
    """
    stage = circumstances.settings.stage
    if stage and deviation.received == f"{stage}/{deviation.sent.rstrip('/')}":
        return (
            f"stage: the private integration sends the stage in the path; to take it off, rewrite ^/{stage}/(.*)$ to "
            "/$1 by a transform of the load balancer's listener rule"
        )
    return None


def _status_without_echo(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """The HTTP backend answers `/status/{code}` with a message alone, also for a code that is no error."""
    path, received = circumstances.case.decoded_path, deviation.received
    if re.fullmatch(r"status/[123]\d\d", path) and isinstance(received, dict) and received.keys() == {"message"}:
        return f"status: the HTTP backend answers /{path} with a message alone"
    return None


def _query_not_mapped(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """An HTTP integration sends no query string that is not mapped."""
    name = deviation.field.name
    if deviation.received is ABSENT and not circumstances.settings.maps_query_string(name):
        return f"not mapped: query string {name or repr(name)} is not in {circumstances.settings.query_strings_place}"
    return None


def _query_repeated_in_template(deviation: Deviation, _: Circumstances) -> str | None:
    """`$input.params().querystring` holds one value a name, the last one."""
    if _is_last_of_several(deviation):
        return f"repeated: the template sees the last of the {len(deviation.sent)} values of {deviation.field.name}"
    return None


def _query_repeated_in_mapping(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """`method.request.querystring.{name}` is one value, the last one; the multi-value mapping has another name."""
    if _is_last_of_several(deviation) and circumstances.settings.maps_query_string(deviation.field.name):
        return f"repeated: the mapping sends the last of the {len(deviation.sent)} values of {deviation.field.name}"
    return None


def _is_last_of_several(deviation: Deviation) -> bool:
    sent = deviation.sent
    return isinstance(sent, tuple) and len(sent) > 1 and bool(deviation.received == sent[-1:])


def _header_hidden(deviation: Deviation, _: Circumstances) -> str | None:
    """Templates are not shown the headers of the connection."""
    if deviation.received is ABSENT and deviation.field.name.lower() in HIDDEN_FROM_TEMPLATES:
        return f"hidden: API Gateway shows {deviation.field.name} to no template"
    return None


def _signature_dropped(deviation: Deviation, _: Circumstances) -> str | None:
    """A signature is API Gateway's own to read: the Authorization header that is one is passed on to nothing.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
    """
    sent = _single(deviation.sent) or ""
    if deviation.received is ABSENT and deviation.field.name.lower() == "authorization" and sent.startswith(ALGORITHM):
        return "dropped: API Gateway passes on no Authorization header that is a signature"
    return None


def _header_repeated(deviation: Deviation, _: Circumstances) -> str | None:
    """`$input.params().header` and `method.request.header.{name}` hold one value a name, the last one."""
    if _is_last_of_several(deviation):
        return f"repeated: one value a name is seen, the last of the {len(deviation.sent)} of {deviation.field.name}"
    return None


def _header_added_at_the_edge(deviation: Deviation, _: Circumstances) -> str | None:
    """API Gateway's endpoint, and a load balancer on the way to a private one, tell whom the request came from."""
    name = deviation.field.name.lower()
    value, sent = _single(deviation.received), deviation.sent[-1] if isinstance(deviation.sent, tuple) else ""
    if value is None:
        return None
    if sent and name == "x-forwarded-for":
        appended = value.removeprefix(f"{sent}, ")
        is_caller = appended != value and _is_address(appended)
        return f"added: API Gateway appends the caller's address to {deviation.field.name}" if is_caller else None
    if sent and name == "x-amzn-trace-id":
        continued = TRACE_ID.fullmatch(value) and value.startswith(sent.partition(";")[0])
        return f"added: API Gateway continues the trace of {deviation.field.name}" if continued else None
    predicted = {
        "x-forwarded-for": all(_is_address(part.strip()) for part in value.split(",")),
        "x-forwarded-port": value.isdigit(),
        "x-forwarded-proto": value in ("http", "https"),
        "x-amzn-trace-id": TRACE_ID.fullmatch(value) is not None,
    }
    return f"added: {_edge(deviation)} sets {deviation.field.name}" if predicted.get(name) else None


def _edge(deviation: Deviation) -> str:
    """Who adds a header on the way to a backend."""
    is_of_balancer = deviation.side is Side.HTTP and deviation.field.name.lower() in FORWARDED
    return "the load balancer" if is_of_balancer else "API Gateway"


def _header_set_by_gateway(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """What an HTTP integration sends by itself, in place of the caller's."""
    name, value = deviation.field.name.lower(), _single(deviation.received)
    if value is None:
        return None
    api_id = circumstances.settings.api_id
    predicted = {
        "accept": value == "application/json",
        "user-agent": _names_api(value, "AmazonAPIGateway_", api_id),
        "x-amzn-apigateway-api-id": _names_api(value, "", api_id),
        "host": HOST.fullmatch(value) is not None,
        "x-amzn-trace-id": deviation.sent is not ABSENT and TRACE_ID.fullmatch(value) is not None,
    }
    if predicted.get(name):
        what = "the endpoint's Host" if name == "host" else f"its own {deviation.field.name}"
        return f"set by API Gateway: an HTTP integration sends {what}"
    return None


def _content_length(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """Content-Length is that of the body that the backend got."""
    received, value = circumstances.received, _single(deviation.received)
    if deviation.field.name.lower() != "content-length" or received is None or received.body_text is None:
        return None
    length = len(received.body_text.encode())
    if value == str(length) or (deviation.received is ABSENT and length == 0):
        return "set by API Gateway: Content-Length is that of the body passed on"
    return None


def _content_type(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """The caller's Content-Type is passed on, except for methods that have no body."""
    if deviation.field.name.lower() != "content-type":
        return None
    method = circumstances.case.method
    if deviation.received is ABSENT and method in METHODS_WITHOUT_BODY:
        return f"not sent: an HTTP integration sends no Content-Type with {method}"
    if deviation.sent is ABSENT and _single(deviation.received) == "application/json":
        return "set by API Gateway: no Content-Type counts as application/json"
    return None


def _connection(deviation: Deviation, _: Circumstances) -> str | None:
    """Connection belongs to each connection and not to the request (RFC 9110, section 7.6.1)."""
    if deviation.field.name.lower() == "connection" and _single(deviation.received) in ("keep-alive", "close"):
        return "connection: Connection is that of the connection to the backend"
    return None


def _header_dropped(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """Some headers are dropped even where they are mapped."""
    name = deviation.field.name
    mapped = circumstances.settings.maps_header(name)
    if deviation.received is ABSENT and mapped and name.lower() in NEVER_SENT_TO_HTTP:
        return f"dropped: an HTTP integration never sends {name}, though {circumstances.settings.headers_place} maps it"
    if deviation.received is ABSENT and ALL in circumstances.settings.headers and name.lower() in HIDDEN_FROM_TEMPLATES:
        return f"hidden: API Gateway shows {name} to no template, so that * does not map it"
    return None


def _header_not_mapped(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """An HTTP integration sends no header of the caller's that is not mapped."""
    name = deviation.field.name
    if deviation.received is ABSENT and not circumstances.settings.maps_header(name):
        return f"not mapped: header {name} is not in {circumstances.settings.headers_place}"
    return None


def _empty_body(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """`$input.json('$')` of an empty body is an empty object."""
    if deviation.sent is ABSENT and deviation.received == {} and not circumstances.case.body:
        return "no body: the template's $input.json('$') of no body is {}"
    return None


def _no_body_with_method(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """An HTTP integration sends no body with a method that has none."""
    method = circumstances.case.method
    if deviation.received is ABSENT and method in METHODS_WITHOUT_BODY:
        return f"not sent: an HTTP integration sends no body with {method}"
    return None


def _read_leniently(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """`$input.json('$')` prints what API Gateway's lenient parser made of a body that is not quite JSON.

    Only for bodies that are not JSON by RFC 8259, are null, or hold what UTF-8 or a double cannot; the value received
    is held against the local gateway's reading of the body, whole.
    """
    from parity.jsonpath.json_text import JsonTextError, parse_json, to_json

    text = circumstances.case.body_text
    if not text or (_is_strict_json(text) and not _is_beyond_json(deviation.sent) and deviation.sent is not None):
        return None
    try:
        value = parse_json(text)
        printed = '""' if value is None else to_json(value)
    except JsonTextError:
        printed = '""'
    printed = printed.encode("utf-8", "replace").decode()
    received = circumstances.received
    if received is None or not _holds_same(body_of(printed), received.body, deviation.side):
        return None
    return f"JSON: $input.json('$') reads this body as {printed if len(printed) < 60 else printed[:57] + '...'}"


def _is_strict_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _is_beyond_json(value: object) -> bool:
    """Whether a number beyond a double, or a text with half a surrogate pair, is in there."""
    if isinstance(value, dict):
        return any(_is_beyond_json(part) for item in value.items() for part in item)
    if isinstance(value, list):
        return any(map(_is_beyond_json, value))
    if isinstance(value, Number):
        return math.isinf(value)
    return isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value)


def _holds_same(predicted: object, received: object, side: Side) -> bool:
    """Whether a body is the predicted one, once the Lambda runtime has read its numbers as doubles."""
    if side is Side.LAMBDA and predicted is not ABSENT:
        predicted = json.loads(json.dumps(predicted), parse_float=Number)
    return same(predicted, received)


def _number_as_double(deviation: Deviation, _: Circumstances) -> str | None:
    """Lambda's runtime reads the event with a JSON parser that keeps a number as a double."""
    sent, received = deviation.sent, deviation.received
    if isinstance(sent, Number) and isinstance(received, int | float) and float(sent) == float(received):
        return f"number: the Lambda runtime keeps a double; {sent.text} became {received!r}"
    if isinstance(sent, dict | list) and _holds_same(sent, received, Side.LAMBDA):
        return "number: the Lambda runtime keeps a double"
    return None


def _number_as_java_prints(deviation: Deviation, _: Circumstances) -> str | None:
    """`$input.json('$')` prints a double as Java does, which gives the smallest ones other digits than the shortest."""
    from parity.velocity import java_string

    sent, received = deviation.sent, deviation.received
    if isinstance(sent, Number) and isinstance(received, Number) and received.text == java_string(float(sent)):
        return f"number: $input.json('$') prints a double as Java does; {sent.text} became {received.text}"
    return None


def _event_refused(deviation: Deviation, circumstances: Circumstances) -> str | None:
    """`$input.json('$')` prints NaN as it came, which is not JSON, so that Lambda refuses the event."""
    received = deviation.received
    message = received.get("message") if isinstance(received, dict) else None
    if isinstance(message, str) and message.startswith(EVENT_REFUSED) and "NaN" in circumstances.case.body_text:
        return "JSON: $input.json('$') prints NaN as it came, which Lambda refuses as no JSON"
    return None


def _single(value: object) -> str | None:
    return str(value[0]) if isinstance(value, tuple) and len(value) == 1 else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _names_api(value: str, prefix: str, api_id: str | None) -> bool:
    return value == prefix + api_id if api_id else re.fullmatch(re.escape(prefix) + r"[a-z0-9]+", value) is not None


RULES: dict[tuple[Side, str], tuple[Rule, ...]] = {
    **{
        (side, kind): ()
        for side in INTEGRATIONS
        for kind in ("status", "answer", "method", "path", "query", "header", "body")
    },
    (Side.LAMBDA, "status"): (_no_template, _no_resource, _status_not_registered),
    (Side.HTTP, "status"): (_no_template, _no_resource, _status_not_registered),
    (Side.LAMBDA, "answer"): (_event_refused,),
    (Side.HTTP, "answer"): (_status_without_echo,),
    (Side.LAMBDA, "path"): (_trailing_slash,),
    (Side.HTTP, "path"): (_trailing_slash, _stage_in_path),
    (Side.LAMBDA, "query"): (_query_repeated_in_template,),
    (Side.HTTP, "query"): (_query_not_mapped, _query_repeated_in_mapping),
    (Side.LAMBDA, "header"): (_header_hidden, _signature_dropped, _header_repeated, _header_added_at_the_edge),
    (Side.HTTP, "header"): (
        _header_set_by_gateway,
        _content_length,
        _content_type,
        _header_added_at_the_edge,
        _connection,
        _signature_dropped,
        _header_dropped,
        _header_not_mapped,
        _header_repeated,
    ),
    (Side.LAMBDA, "body"): (_empty_body, _number_as_double, _read_leniently),
    (Side.HTTP, "body"): (_no_body_with_method, _empty_body, _number_as_java_prints, _read_leniently),
}
"""The rules by backend and kind of field; the first that predicts the value explains it."""
