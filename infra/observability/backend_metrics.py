"""The CloudWatch metrics that API Gateway keeps of a backend's method."""

from dataclasses import dataclass
from typing import ClassVar

import pulumi


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendMetrics:
    """The metrics of one ANY method: `api_name`, the stage's name and the resource's path.

    They exist since the stage has detailed metrics turned on.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
    """

    NAMESPACE: ClassVar[str] = "AWS/ApiGateway"

    api_name: pulumi.Input[str]
    stage_name: pulumi.Input[str]
    path: str

    def dimensions(self) -> dict[str, pulumi.Input[str]]:
        """The dimensions, by name."""
        return {"ApiName": self.api_name, "Resource": self.path, "Method": "ANY", "Stage": self.stage_name}
