"""The stack's configuration: read once, checked whole before any resource is registered."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from infra import setting_rules as rules
from infra.setting_rules import EVERY, Rule, RuleError

__all__ = ["EVERY", "ConfigurationError", "Settings", "load_settings", "read_settings"]


class ConfigurationError(pulumi.RunError):
    """Every wrong value of the configuration, a line each; Pulumi prints it without a traceback."""

    def __init__(self, problems: list[str]) -> None:
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"the configuration has {len(problems)} wrong value{'s' * (len(problems) > 1)}:{lines}")
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The configuration keys, described in `Pulumi.yaml`, with an empty text or tuple for what is not set."""

    backend: str
    stage_name: str
    query_strings: tuple[str, ...]
    headers: tuple[str, ...]
    http_endpoint: str
    image: str
    log_retention_days: int
    throttling_rate: int
    throttling_burst: int
    authorization: str
    allowed_ips: tuple[str, ...]
    waf: bool
    tracing: bool
    execution_logs: str
    account_logging: str
    lambda_concurrency: int
    min_tasks: int
    max_tasks: int
    vpc_cidr: str
    vpc_id: str
    subnet_ids: tuple[str, ...]
    alarm_topic_arn: str
    alarm_latency_ms: int
    authorizer_token: pulumi.Output[str] | None = None
    """A secret, so an output; None to have one made."""

    @property
    def has_lambda(self) -> bool:
        """Whether the Lambda backend exists."""
        return self.backend in ("both", "lambda")

    @property
    def has_http(self) -> bool:
        """Whether the HTTP backend exists."""
        return self.backend in ("both", "http")


_QUERY_STRINGS = rules.list_of(rules.query_string_name, "names of query strings", every=True)
_HEADERS = rules.list_of(rules.header_name, "names of headers", every=True, any_case=True)
_IP_RANGES = rules.list_of(rules.ip_range, "IP ranges")
_SUBNETS = rules.list_of(rules.subnet_id, "ids of subnets", fewest=2)

_KEYS: dict[str, tuple[str, str, Rule[Any]]] = {
    "backend": ("backend", "both", rules.one_of("both", "lambda", "http")),
    "stageName": ("stage_name", "", rules.stage_name),
    "queryStrings": ("query_strings", "query1,query2", _QUERY_STRINGS),
    "headers": ("headers", "", _HEADERS),
    "httpEndpoint": ("http_endpoint", "", rules.http_url),
    "image": ("image", "", rules.image),
    "logRetentionDays": ("log_retention_days", "365", rules.retention_days),
    "throttlingRate": ("throttling_rate", "100", rules.integer(1, 10_000)),
    "throttlingBurst": ("throttling_burst", "200", rules.integer(1, 5_000)),
    "authorization": ("authorization", "none", rules.one_of("none", "iam", "api-key", "lambda")),
    "allowedIps": ("allowed_ips", "", _IP_RANGES),
    "waf": ("waf", "false", rules.boolean),
    "tracing": ("tracing", "true", rules.boolean),
    "executionLogs": ("execution_logs", "ERROR", rules.one_of("OFF", "ERROR", "INFO")),
    "accountLogging": ("account_logging", "manage", rules.one_of("manage", "existing")),
    "lambdaConcurrency": ("lambda_concurrency", "0", rules.integer(0, 10_000)),
    "minTasks": ("min_tasks", "1", rules.integer(1, 100)),
    "maxTasks": ("max_tasks", "4", rules.integer(1, 100)),
    "vpcCidr": ("vpc_cidr", "10.20.0.0/24", rules.vpc_cidr),
    "vpcId": ("vpc_id", "", rules.vpc_id),
    "subnetIds": ("subnet_ids", "", _SUBNETS),
    "alarmTopicArn": ("alarm_topic_arn", "", rules.topic_arn),
    "alarmLatencyMs": ("alarm_latency_ms", "1000", rules.integer(1, 29_000)),
}
"""Configuration key: the setting's name, its default and its rule."""
_TOKEN_KEY = "authorizerToken"  # noqa: S105


def load_settings() -> Settings:
    """The settings of the running stack.

    Raises:
        ConfigurationError: with every wrong value at once.
    """
    config = pulumi.Config()
    settings = read_settings(config.get, config.name, pulumi.get_stack())
    return replace(settings, authorizer_token=config.get_secret(_TOKEN_KEY)) if config.get(_TOKEN_KEY) else settings


def read_settings(value_of: Callable[[str], str | None], namespace: str, stack: str) -> Settings:
    """The settings in a configuration.

    Args:
        value_of: the text of a key's value, None or empty when it is not set.
        namespace: the project's name, with which errors name the keys.
        stack: the stack's name, the default of `stageName`.

    Raises:
        ConfigurationError: with every wrong value at once.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    for key, (name, default, rule) in _KEYS.items():
        text = value_of(key)
        if key == "stageName":
            default = stack
        text = default if text is None or (text == "" and key not in _LISTS) else text
        try:
            values[name] = rule(text)
        except RuleError as error:
            problems.append(f"{namespace}:{key} is {text!r}; allowed: {error}")
    if not re.fullmatch(r"(?:[!-~]{16,})?", value_of(_TOKEN_KEY) or ""):
        problems.append(f"{namespace}:{_TOKEN_KEY} is not shown; allowed: 16 or more visible ASCII characters")
    problems += _contradictions(values, namespace)
    if problems:
        raise ConfigurationError(problems)
    return Settings(**values)


_LISTS = frozenset(
    key for key, (_, _, rule) in _KEYS.items() if rule in (_QUERY_STRINGS, _HEADERS, _IP_RANGES, _SUBNETS)
)
"""Keys whose empty value is an empty list, not the default."""


def _contradictions(values: dict[str, Any], namespace: str) -> list[str]:
    """What single values allow and together contradict each other. A value that is itself wrong is missing here."""
    found = []
    get = values.get
    if get("http_endpoint") and get("image"):
        found.append(
            f"{namespace}:image is {get('image')!r}; allowed: nothing beside {namespace}:httpEndpoint, "
            f"{get('http_endpoint')!r}, which takes the place of the container"
        )
    if "vpc_id" in values and "subnet_ids" in values and bool(get("vpc_id")) != bool(get("subnet_ids")):
        found.append(
            f"{namespace}:vpcId is {get('vpc_id')!r} and {namespace}:subnetIds is {list(values['subnet_ids'])!r}; "
            "allowed: both, for an existing VPC, or neither"
        )
    if get("min_tasks", 0) > get("max_tasks", 100):
        found.append(
            f"{namespace}:minTasks is {get('min_tasks')!r}; "
            f"allowed: no more than {namespace}:maxTasks, {get('max_tasks')!r}"
        )
    return found
