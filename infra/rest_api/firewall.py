"""A web application firewall in front of the stage."""

from dataclasses import dataclass
from typing import Any, cast

import pulumi
import pulumi_aws as aws

from infra.observability.log_group import LogSettings, log_group

REQUESTS_PER_FIVE_MINUTES = 2_000
"""What one address may send before it is blocked."""
_BLOCKING_RULES = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
)
CREDENTIALS = ("authorization", "cookie", "x-amz-security-token", "x-api-key")
"""Headers whose values belong in no log and no sample."""
_COUNTING_RULES = ("AWSManagedRulesAnonymousIpList",)
"""Rules that are only counted: this one takes whoever calls from a cloud for anonymous."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallArgs:
    """The stage that the firewall protects."""

    stage: aws.apigateway.Stage
    logs: LogSettings


class Firewall(pulumi.ComponentResource):
    """AWS's managed rules and a limit for each address. What is blocked is logged without the credentials in it."""

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:Firewall", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        managed = [
            _managed_rule(rule, priority, "count" if rule in _COUNTING_RULES else "none")
            for priority, rule in enumerate((*_BLOCKING_RULES, *_COUNTING_RULES), start=1)
        ]
        acl = aws.wafv2.WebAcl(
            f"{name}-acl",
            scope="REGIONAL",
            description="In front of the stage of the API",
            default_action={"allow": {}},
            rules=cast(Any, [_rate_rule(0), *managed]),
            visibility_config=_visibility(name),
            # In the sampled requests too, which the redaction of the log leaves as they are.
            data_protection_config={
                "data_protections": [
                    {
                        "action": "SUBSTITUTION",
                        "field": {"field_type": "SINGLE_HEADER", "field_keys": list(CREDENTIALS)},
                    }
                ]
            },
            opts=child,
        )
        aws.wafv2.WebAclAssociation(f"{name}-association", resource_arn=args.stage.arn, web_acl_arn=acl.arn, opts=child)
        # WAF takes only log groups whose names begin so.
        logs = log_group(name, args.logs, self, prefix="aws-waf-logs-")
        aws.wafv2.WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=acl.arn,
            log_destination_configs=[logs.arn],
            redacted_fields=[{"single_header": {"name": name}} for name in CREDENTIALS],
            opts=child,
        )
        self.register_outputs({"arn": acl.arn})


def _managed_rule(name: str, priority: int, override: str) -> dict[str, Any]:
    return {
        "name": name,
        "priority": priority,
        "override_action": {override: {}},
        "statement": {"managed_rule_group_statement": {"name": name, "vendor_name": "AWS"}},
        "visibility_config": _visibility(name),
    }


def _rate_rule(priority: int) -> dict[str, Any]:
    limit = {"limit": REQUESTS_PER_FIVE_MINUTES, "aggregate_key_type": "IP"}
    return {
        "name": "RateLimit",
        "priority": priority,
        "action": {"block": {}},
        "statement": {"rate_based_statement": limit},
        "visibility_config": _visibility("RateLimit"),
    }


def _visibility(metric: str) -> Any:
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": True}
