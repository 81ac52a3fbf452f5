"""Whether both routes answer, and whether a backend's failure reaches the client with its status.

The causes are those of API Gateway's gateway responses.
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import json
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from parity.compare.case import Case
from parity.compare.client import Answer, Client
from parity.compare.received import Received, received_by_http, received_by_lambda
from parity.compare.settings import Side
from parity.compare.target import Target
from parity.doctor.check import Check, failed, passed

PROBE = Case(name="doctor", path="/doctor/route", query_string="query1=doctor")
STATUSES = (404, 503)
"""One of each class, both registered, so that neither is the first of its class."""
_READERS: dict[str, Callable[[str], Received | None]] = {"Lambda": received_by_lambda, "HTTP": received_by_http}


class Diagnosis(NamedTuple):
    """Why a route gives an answer, and what to do."""

    cause: str
    fix: str


def check_routes(target: Target) -> list[Check]:
    """Sends one request to each route, and one for each status whose mapping is checked.

    Args:
        target: the deployed API, with what authorizes a request.
    """
    checks = []
    for side, url in target.urls.items():
        with Client(url, authorization=target.authorization) as client:
            route = _route(side, url, client.send(PROBE))
            checks.append(route)
            if not route.cause:
                checks += [_status(side, status, client.send(_failing(status))) for status in STATUSES]
    return checks


def _failing(status: int) -> Case:
    return Case(name=f"status-{status}", path=f"/status/{status}")


def _route(side: Side, url: str, answer: Answer) -> Check:
    name = f"route {urlsplit(url).path.rpartition('/')[2]}"
    if answer.status != 200:
        return failed(name, _described(answer), *diagnosis(side, answer))
    received = _READERS[side.value](answer.text)
    if received is None:
        return failed(
            name,
            f"200, and not the echo: {answer.text[:120]}",
            "another backend answers, or the function's event is not that of the article's template",
            "look at the integration's URI and request template; 'pulumi up' deploys those of the program",
        )
    if received.path != PROBE.decoded_path:
        return failed(name, f"the backend received the path /{received.path}", *_of_path(url, received.path))
    if received.query.get("query1") != ("doctor",):
        return failed(
            name,
            "the backend received no query string query1",
            "parity:queryStrings does not map it, or the template leaves it out",
            "pulumi config set parity:queryStrings query1,query2, and pulumi up",
        )
    return passed(name, f"200 in {answer.latency_ms:.0f} ms")


def _of_path(url: str, path: str) -> Diagnosis:
    stage = urlsplit(url).path.strip("/").partition("/")[0]
    if path == f"{stage}/{PROBE.decoded_path}":
        return Diagnosis(
            "this private integration sends the stage in front of the path",
            f"add a transform to the load balancer's listener rule that rewrites ^/{stage}/(.*)$ to /$1",
        )
    return Diagnosis(
        "the path parameter proxy is not mapped to the integration's URI",
        "map integration.request.path.proxy to method.request.path.proxy; 'pulumi up' deploys the program's mapping",
    )


def _status(side: Side, status: int, answer: Answer) -> Check:
    name = f"{side} error {status}"
    try:
        message = json.loads(answer.text)["message"]
    except (ValueError, KeyError, TypeError):
        message = None
    if answer.status == status and isinstance(message, str):
        return passed(name, f"{answer.status} {message}")
    if answer.status == status:
        return failed(
            name,
            f"{status} without a message: {answer.text[:120]}",
            "the integration response of this status has no template",
            "'pulumi up' deploys the program's templates; look for changes made in the console",
        )
    selected = "no selection pattern matches the backend's failure, so that the default response took it"
    other = "another selection pattern took the backend's failure"
    return failed(
        name,
        f"a failure with status {status} reaches the client as {_described(answer)}",
        selected if answer.status == 200 else other,
        "'pulumi up' deploys the patterns of infra/rest_api/error_responses.py; a change made in the console needs a "
        "deployment",
    )


def diagnosis(side: Side, answer: Answer) -> Diagnosis:
    """Why a route does not answer 200, from the status and the message of the answer."""
    text = answer.text.lower()
    for known in _KNOWN:
        if answer.status in known.statuses and side in known.sides and any(word in text for word in known.words):
            return Diagnosis(known.cause, known.fix)
    return Diagnosis(
        "the backend answers so itself, or API Gateway for a reason that its execution log has",
        f"look for the request id {answer.header('x-amzn-RequestId')} in the stage's execution log "
        "(parity:executionLogs INFO writes every step)",
    )


def _described(answer: Answer) -> str:
    return answer.error or f"{answer.status} {answer.text[:120]}".strip()


class _Known(NamedTuple):
    """An answer that has one cause: its statuses, some words of its message, and the sides that it is of."""

    statuses: tuple[int, ...]
    cause: str
    fix: str
    words: tuple[str, ...] = ("",)
    sides: tuple[Side, ...] = (Side.LAMBDA, Side.HTTP)


_KNOWN = (
    _Known(
        (0,),
        "nothing answers at this address: the stack is destroyed, the URL is another one, or the network is in the way",
        "pulumi up, and look at 'pulumi stack output url'",
    ),
    _Known(
        (403,),
        "the stage serves no such route: its deployment is older than the route, or the stage's name is another one",
        "pulumi up makes a new deployment; 'pulumi stack output' has the URLs",
        ("missing authentication token",),
    ),
    _Known(
        (403,),
        "the API's resource policy refuses this address",
        "add it to parity:allowedIps, and pulumi up",
        ("explicit deny",),
    ),
    _Known(
        (403,),
        "the request is not signed with credentials that may call the API",
        "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of a caller that may execute-api:Invoke",
        ("signature", "security token"),
    ),
    _Known(
        (403,),
        "the caller's IAM policy does not allow execute-api:Invoke for this API",
        "allow it, or call with other credentials",
        ("not authorized",),
    ),
    _Known(
        (403,),
        "the API key is missing or of no usage plan, or the firewall blocks the request",
        "look at 'pulumi stack output api_key --show-secrets', and at the firewall's log",
    ),
    _Known(
        (401,),
        "the authorizer did not take the token",
        "look at 'pulumi stack output token --show-secrets'; after a change of the token, pulumi up",
    ),
    _Known(
        (429,),
        "the stage's throttling, the usage plan's, or Lambda's concurrency has no room",
        "wait, or raise parity:throttlingRate, parity:throttlingBurst or parity:lambdaConcurrency",
    ),
    _Known(
        (500,),
        "API Gateway may not invoke the function, the function fails, or a selection pattern takes its successes",
        "pulumi refresh and pulumi up restore the permission and the patterns; the function's log has its failures",
        sides=(Side.LAMBDA,),
    ),
    _Known(
        (500, 503, 504),
        "the VPC link is not available (idle for 60 days it becomes inactive), or no task is healthy",
        "send requests for a few minutes, which wakes an inactive link; then look at the link and its targets",
        sides=(Side.HTTP,),
    ),
)
"""The first that fits explains an answer."""
