"""The stack's configuration: read once, checked whole before any resource is registered."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import pulumi

from infra.configuration import setting_rules as rules
from infra.configuration.setting_rules import EVERY, Rule, RuleError

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

    @property
    def has_container(self) -> bool:
        """Whether the HTTP backend is a container of this stack's."""
        return self.has_http and not self.http_endpoint


class _Key(NamedTuple):
    """A configuration key: the setting it sets, the text of its default, and what its text may be."""

    setting: str
    default: str
    rule: Rule[Any]


_KEYS = {
    "backend": _Key("backend", "both", rules.one_of("both", "lambda", "http")),
    "stageName": _Key("stage_name", "", rules.stage_name),
    "queryStrings": _Key("query_strings", "query1,query2", rules.query_strings),
    "headers": _Key("headers", "", rules.headers),
    "httpEndpoint": _Key("http_endpoint", "", rules.http_url),
    "image": _Key("image", "", rules.image),
    "logRetentionDays": _Key("log_retention_days", "365", rules.retention_days),
    "throttlingRate": _Key("throttling_rate", "100", rules.integer(1, 10_000)),
    "throttlingBurst": _Key("throttling_burst", "200", rules.integer(1, 5_000)),
    "authorization": _Key("authorization", "none", rules.one_of("none", "iam", "api-key", "lambda")),
    "allowedIps": _Key("allowed_ips", "", rules.ip_ranges),
    "waf": _Key("waf", "false", rules.boolean),
    "tracing": _Key("tracing", "true", rules.boolean),
    "executionLogs": _Key("execution_logs", "ERROR", rules.one_of("OFF", "ERROR", "INFO")),
    "accountLogging": _Key("account_logging", "manage", rules.one_of("manage", "existing")),
    "lambdaConcurrency": _Key("lambda_concurrency", "0", rules.integer(0, 10_000)),
    "minTasks": _Key("min_tasks", "1", rules.integer(1, 100)),
    "maxTasks": _Key("max_tasks", "4", rules.integer(1, 100)),
    "vpcCidr": _Key("vpc_cidr", "10.20.0.0/24", rules.vpc_cidr),
    "vpcId": _Key("vpc_id", "", rules.vpc_id),
    "subnetIds": _Key("subnet_ids", "", rules.subnet_ids),
    "alarmTopicArn": _Key("alarm_topic_arn", "", rules.topic_arn),
    "alarmLatencyMs": _Key("alarm_latency_ms", "1000", rules.integer(1, 29_000)),
}
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
    for key, (setting, default, rule) in _KEYS.items():
        text = value_of(key) or default or (stack if key == "stageName" else "")
        try:
            values[setting] = rule(text)
        except RuleError as error:
            problems.append(f"{namespace}:{key} is {text!r}; allowed: {error}")
    if not re.fullmatch(r"(?:[!-~]{32,})?", value_of(_TOKEN_KEY) or ""):
        problems.append(f"{namespace}:{_TOKEN_KEY} is not shown; allowed: 32 or more visible ASCII characters")
    problems += _contradictions(values, namespace)
    if problems:
        raise ConfigurationError(problems)
    return Settings(**values)


def _contradictions(values: dict[str, Any], namespace: str) -> list[str]:
    """What single values allow and together contradict each other. A value that is itself wrong is missing here."""
    found = []
    get = values.get
    if get("http_endpoint") and get("image"):
        found.append(
            f"{namespace}:image is {get('image')!r}; allowed: nothing beside {namespace}:httpEndpoint, "
            f"{get('http_endpoint')!r}, which takes the place of the container"
        )
    if get("vpc_id") == "" and get("image") and not rules.is_in_ecr(str(get("image"))):
        found.append(
            f"{namespace}:image is {get('image')!r}; allowed: an image in a private ECR repository of this region, "
            f"such as 123456789012.dkr.ecr.us-east-1.amazonaws.com/echo:1.2, since the VPC that is made reaches no "
            f"other registry; or any image in an existing VPC that reaches its registry, {namespace}:vpcId"
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
