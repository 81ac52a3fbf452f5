"""A CloudWatch dashboard that shows the two backends side by side."""

from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from infra.naming import stack_prefix
from infra.observability.backend_metrics import BackendMetrics

_CHARTS = (
    ("Latency, ms", [("Latency", "p50"), ("Latency", "p99"), ("IntegrationLatency", "p99")]),
    ("Errors", [("4XXError", "Sum"), ("5XXError", "Sum")]),
    ("Requests", [("Count", "Sum")]),
)
"""A row of the dashboard each: its title, and the metrics and statistics it shows."""
COLUMNS, HEIGHT = 24, 6
"""CloudWatch's grid is 24 columns wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardArgs:
    """The backends' metrics, by the first part of their path."""

    metrics: dict[str, BackendMetrics]
    region: pulumi.Input[str]


class Dashboard(pulumi.ComponentResource):
    """One column a backend, with the same charts in the same rows."""

    def __init__(self, name: str, args: DashboardArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:Dashboard", name, None, opts)
        widgets = [
            _widget(backend, metrics, args, column, row)
            for column, (backend, metrics) in enumerate(args.metrics.items())
            for row in range(len(_CHARTS))
        ]
        dashboard = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=stack_prefix(),
            dashboard_body=pulumi.Output.json_dumps({"widgets": widgets}),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"name": dashboard.dashboard_name})


def _widget(backend: str, metrics: BackendMetrics, args: DashboardArgs, column: int, row: int) -> dict[str, Any]:
    title, shown = _CHARTS[row]
    width = COLUMNS // len(args.metrics)
    dimensions = [part for pair in metrics.dimensions().items() for part in pair]
    return {
        "type": "metric",
        "x": column * width,
        "y": row * HEIGHT,
        "width": width,
        "height": HEIGHT,
        "properties": {
            "title": f"{backend}: {title}",
            "region": args.region,
            "period": 60,
            # Charts of one row can be compared only if they begin at the same value.
            "yAxis": {"left": {"min": 0}},
            "metrics": [
                [BackendMetrics.NAMESPACE, metric, *dimensions, {"stat": statistic, "label": f"{metric} {statistic}"}]
                for metric, statistic in shown
            ],
        },
    }
