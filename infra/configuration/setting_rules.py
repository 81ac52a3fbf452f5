"""What a configuration value may be: each rule turns the text of a value into its type, or says what is allowed."""

import ipaddress
import json
import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
Rule = Callable[[str], T]

EVERY = ("*",)
"""The list that stands for every name."""

# API Gateway takes these characters in `method.request.querystring.{name}` and `method.request.header.{name}`.
_PARAMETER_NAME = re.compile(r"[A-Za-z0-9._$-]+")
# Headers that no mapping can send: API Gateway sets them itself and fails the request, or drops or never shows them.
UNMAPPABLE_HEADERS = frozenset(
    (
        *("connection", "content-length", "content-md5", "expect", "host", "max-forwards", "proxy-authenticate"),
        *("server", "te", "trailer", "transfer-encoding", "upgrade", "via", "www-authenticate"),
        *("x-amzn-apigateway-api-id", "x-amzn-trace-id"),
    )
)
_IMAGE = re.compile(
    r"(?:[a-zA-Z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"  # registry and repository
    r"(?::\w[\w.-]{0,127}(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})"  # a tag, a digest or both
)
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


class RuleError(ValueError):
    """A value that a rule does not allow; its text says what is allowed."""


def one_of(*choices: str) -> Rule[str]:
    """One of a few words, written exactly so."""

    def rule(text: str) -> str:
        if text not in choices:
            raise RuleError(f"one of {', '.join(choices)}")
        return text

    return rule


def boolean(text: str) -> bool:
    """`true` or `false`."""
    return one_of("true", "false")(text) == "true"


def integer(lowest: int, highest: int) -> Rule[int]:
    """A whole number from `lowest` to `highest`."""

    def rule(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", text) or not lowest <= int(text) <= highest:
            raise RuleError(f"a whole number from {lowest} to {highest}")
        return int(text)

    return rule


def retention_days(text: str) -> int:
    """A retention period that CloudWatch Logs offers, in days."""
    if not text.isascii() or not text.isdigit() or int(text) not in RETENTION_DAYS:
        raise RuleError(f"a retention period of CloudWatch Logs, in days: {', '.join(map(str, RETENTION_DAYS))}")
    return int(text)


def matching(pattern: str, allowed: str) -> Rule[str]:
    """Text that matches a whole pattern, or nothing."""

    def rule(text: str) -> str:
        if text and not re.fullmatch(pattern, text):
            raise RuleError(allowed)
        return text

    return rule


stage_name = matching(r"[A-Za-z0-9_-]{1,128}", "1 to 128 letters, digits, - and _")
vpc_id = matching(r"vpc-[0-9a-f]{8,17}", "a VPC's id, such as vpc-0123456789abcdef0")
topic_arn = matching(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
    "an SNS topic's ARN, such as arn:aws:sns:us-east-1:123456789012:alarms",
)
image = matching(_IMAGE.pattern, "a container image with a tag or a digest, such as registry.example.com/echo:1.2")


def is_in_ecr(reference: str) -> bool:
    """Whether an image is in a private repository of ECR, of whatever account and region."""
    return re.match(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?/", reference) is not None


def http_url(text: str) -> str:
    """An http or https URL with a host and without a query string, or nothing. The slash at its end is left out."""
    if not text:
        return text
    allowed = "an http or https URL without a query string, such as https://echo.example.com/base"
    try:
        url = urlsplit(text)
        sound = url.scheme in ("http", "https") and url.hostname and (url.port is None or url.port > 0)
    except ValueError as error:
        raise RuleError(allowed) from error
    # Braces would be path parameters of the integration's URI, credentials would stand in it for all to read.
    if not sound or "@" in url.netloc or not re.fullmatch(r"[!-~]+", text) or set(text) & set('?#{}"<>\\^`|'):
        raise RuleError(allowed)
    return text.rstrip("/")


def query_string_name(text: str) -> None:
    """A name that `method.request.querystring.{name}` can hold."""
    if not _PARAMETER_NAME.fullmatch(text):
        raise RuleError("letters, digits, '.', '_', '$' and '-' (use \"*\" for other names)")


def header_name(text: str) -> None:
    """A name that `method.request.header.{name}` can hold, of a header that reaches a backend when it is mapped."""
    if not _PARAMETER_NAME.fullmatch(text):
        raise RuleError("letters, digits, '.', '_', '$' and '-' (use \"*\" for other names)")
    if text.lower() in UNMAPPABLE_HEADERS:
        raise RuleError("a header that API Gateway lets an HTTP integration map")


def ip_range(text: str) -> None:
    """An IPv4 or IPv6 range in CIDR notation."""
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise RuleError("a range such as 203.0.113.0/24 or 2001:db8::/32") from error


def subnet_id(text: str) -> None:
    """A subnet's id."""
    if not re.fullmatch(r"subnet-[0-9a-f]{8,17}", text):
        raise RuleError("an id such as subnet-0123456789abcdef0")


def vpc_cidr(text: str) -> str:
    """A private IPv4 range for a VPC, /16 to /26: with /26 each of two subnets has 27 usable addresses."""
    try:
        network = ipaddress.IPv4Network(text)
    except ValueError as error:
        raise RuleError("a private IPv4 range from /16 to /26, such as 10.20.0.0/24") from error
    if not network.is_private or not 16 <= network.prefixlen <= 26:
        raise RuleError("a private IPv4 range from /16 to /26, such as 10.20.0.0/24")
    return text


def list_of(
    item: Callable[[str], None], what: str, *, every: bool = False, any_case: bool = False, fewest: int = 0
) -> Rule[tuple[str, ...]]:
    """A list without repeats, written as JSON (as Pulumi stores it) or as words with commas between them.

    Args:
        item: what each item may be.
        what: the name of the list, for the error.
        every: whether the list may be `*` alone.
        any_case: whether two items that differ in case alone are the same.
        fewest: how many items a list that is not empty has at least.
    """

    def rule(text: str) -> tuple[str, ...]:
        items = _items(text, what)
        if every and items == EVERY:
            return EVERY
        for each in items:
            try:
                item(each)
            except RuleError as error:
                alone = ', or "*" alone' if every else ""
                raise RuleError(f"{what}{alone}; {each!r} is none: it takes {error}") from error
        if len({each.lower() if any_case else each for each in items}) < len(items):
            raise RuleError(f"{what}, each once")
        if 0 < len(items) < fewest:
            raise RuleError(f"{what}, {fewest} or more")
        return items

    return rule


def _items(text: str, what: str) -> tuple[str, ...]:
    if not text.lstrip().startswith(("[", "{")):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        items = json.loads(text)
    except ValueError as error:
        raise RuleError(f"{what}, as a list") from error
    if not isinstance(items, list) or not all(isinstance(each, str) for each in items):
        raise RuleError(f"{what}, as a list of strings")
    return tuple(items)


query_strings = list_of(query_string_name, "names of query strings", every=True)
headers = list_of(header_name, "names of headers", every=True, any_case=True)
ip_ranges = list_of(ip_range, "IP ranges")
subnet_ids = list_of(subnet_id, "ids of subnets", fewest=2)
