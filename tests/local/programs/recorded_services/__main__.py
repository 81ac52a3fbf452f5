"""Declares one REST API for each case of tests/local/services/recorded, with the resources that it calls.

In a case `$NAME.output` is an output of the resource NAME, `$ROLE` the ARN of a role.
"""

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

CASES = sorted((Path(__file__).parents[2] / "services" / "recorded").glob("*.json"))
CLASSES = {
    "Table": aws.dynamodb.Table,
    "TableItem": aws.dynamodb.TableItem,
    "Queue": aws.sqs.Queue,
    "Stream": aws.kinesis.Stream,
    "Bucket": aws.s3.Bucket,
    "BucketObject": aws.s3.BucketObjectv2,
    "Parameter": aws.ssm.Parameter,
    "StateMachine": aws.sfn.StateMachine,
}
role = aws.iam.Role("role", assume_role_policy="{}")


class Declared:
    """The resources of one case."""

    def __init__(self) -> None:
        self._outputs: dict[str, pulumi.Output[str]] = {"$ROLE": role.arn}

    def add(self, case: str, name: str, spec: dict[str, Any]) -> None:
        """Declares a resource."""
        arguments = {key: self.known(value) for key, value in spec["arguments"].items()}
        resource = CLASSES[spec["class"]](f"{case}-{name}", **arguments)
        for output in spec.get("outputs", ()):
            self._outputs[f"${name}.{output}"] = getattr(resource, output)

    def known(self, value: Any) -> Any:
        """A value with the outputs that it names."""
        if isinstance(value, dict):
            return {key: self.known(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.known(item) for item in value]
        if not isinstance(value, str) or not any(name in value for name in self._outputs):
            return value
        names = list(self._outputs)

        def replaced(values: list[str], text: str = value) -> str:
            for name, output in zip(names, values, strict=True):
                text = text.replace(name, output)
            return text

        return pulumi.Output.all(*self._outputs.values()).apply(replaced)


for file in CASES:
    case = json.loads(file.read_text())
    declared = Declared()
    for name, spec in case.get("services", {}).items():
        declared.add(file.stem, name, spec)
    api = aws.apigateway.RestApi(file.stem, name=file.stem, **case.get("api", {}))
    ids = {"/": api.root_resource_id}
    waits: list[pulumi.Resource] = []
    for path, methods in case["resources"].items():
        if path not in ids:
            part = path.rpartition("/")[2]
            ids[path] = aws.apigateway.Resource(
                f"{file.stem}{path}", rest_api=api.id, parent_id=api.root_resource_id, path_part=part
            ).id
        for verb, spec in methods.items():
            of = {"rest_api": api.id, "resource_id": ids[path], "http_method": verb}
            at = f"{file.stem} {verb} {path}"
            method = aws.apigateway.Method(
                at, authorization="NONE", request_parameters=spec.get("request_parameters"), **of
            )
            after = pulumi.ResourceOptions(depends_on=[method])
            integration = aws.apigateway.Integration(
                at, type="AWS", credentials=role.arn, opts=after, **of, **declared.known(spec["integration"])
            )
            for response in spec["responses"]:
                status = response["status_code"]
                answer = aws.apigateway.MethodResponse(
                    f"{at} {status}",
                    status_code=status,
                    response_parameters=dict.fromkeys(response.get("response_parameters", {}), True),
                    opts=after,
                    **of,
                )
                waits.append(
                    aws.apigateway.IntegrationResponse(
                        f"{at} {status}",
                        opts=pulumi.ResourceOptions(depends_on=[integration, answer]),
                        **of,
                        **response,
                    )
                )
    deployment = aws.apigateway.Deployment(file.stem, rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=waits))
    stage = aws.apigateway.Stage(file.stem, rest_api=api.id, deployment=deployment.id, stage_name="test")
    pulumi.export(file.stem, stage.invoke_url)
