"""Alarms on what a caller notices: errors and latency, for each backend by itself."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from infra.configuration.settings import Settings
from infra.observability.backend_metrics import BackendMetrics

ERROR_RATE = 0.05
"""The share of requests with a 5XX answer above which an alarm goes off."""
MINUTES, MINUTES_ABOVE = 5, 3
"""An alarm goes off when so many of the last minutes are above its threshold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmsArgs:
    """The backends' metrics, by the first part of their path, and the settings that bound them."""

    metrics: dict[str, BackendMetrics]
    settings: Settings


class Alarms(pulumi.ComponentResource):
    """Two alarms a backend, which tell the configured SNS topic when they go off and when they are over."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:Alarms", name, None, opts)
        self._topics = [args.settings.alarm_topic_arn] if args.settings.alarm_topic_arn else []
        for backend, metrics in args.metrics.items():
            self._alarm(
                f"{name}-{backend}-errors",
                f"More than {ERROR_RATE:.0%} of the {backend} backend's answers are 5XX",
                metrics,
                "5XXError",
                ERROR_RATE,
                statistic="Average",
            )
            self._alarm(
                f"{name}-{backend}-latency",
                f"The {backend} backend's p99 latency is above {args.settings.alarm_latency_ms} ms",
                metrics,
                "Latency",
                args.settings.alarm_latency_ms,
                extended_statistic="p99",
            )
        self.register_outputs({})

    def _alarm(
        self,
        name: str,
        description: str,
        metrics: BackendMetrics,
        metric: str,
        threshold: float,
        *,
        statistic: str | None = None,
        extended_statistic: str | None = None,
    ) -> None:
        aws.cloudwatch.MetricAlarm(
            name,
            alarm_description=description,
            namespace=BackendMetrics.NAMESPACE,
            metric_name=metric,
            dimensions=metrics.dimensions(),
            statistic=statistic,
            extended_statistic=extended_statistic,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            period=60,
            evaluation_periods=MINUTES,
            datapoints_to_alarm=MINUTES_ABOVE,
            # No requests is no failure.
            treat_missing_data="notBreaching",
            alarm_actions=self._topics,
            ok_actions=self._topics,
            opts=pulumi.ResourceOptions(parent=self),
        )
