"""A small program for the workbench: two routes, each with a request template in a file of its own."""

from pathlib import Path

TEMPLATE = """{"statusCode": 200, "name": "$input.params('name')"}\n"""
BROKEN = """{"statusCode": 200, "name": $input.params('name')}"""
PROGRAM = """\
from pathlib import Path

from pulumi_aws import apigateway

api = apigateway.RestApi("shop")
methods = []
for name in ("old", "new"):
    resource = apigateway.Resource(name, rest_api=api.id, parent_id=api.root_resource_id, path_part=name)
    method = apigateway.Method(
        f"{name}-get", rest_api=api.id, resource_id=resource.id, http_method="GET", authorization="NONE"
    )
    integration = apigateway.Integration(
        f"{name}-mock",
        rest_api=api.id,
        resource_id=resource.id,
        http_method=method.http_method,
        type="MOCK",
        request_templates={"application/json": Path(f"{name}.vtl").read_text()},
    )
    answer = apigateway.MethodResponse(
        f"{name}-200", rest_api=api.id, resource_id=resource.id, http_method=method.http_method, status_code="200"
    )
    methods.append(
        apigateway.IntegrationResponse(
            f"{name}-answer",
            rest_api=api.id,
            resource_id=resource.id,
            http_method=method.http_method,
            status_code=answer.status_code,
            opts=__import__("pulumi").ResourceOptions(depends_on=[integration]),
        )
    )
deployment = apigateway.Deployment(
    "deployment", rest_api=api.id, opts=__import__("pulumi").ResourceOptions(depends_on=methods)
)
apigateway.Stage("stage", rest_api=api.id, deployment=deployment.id, stage_name="dev")
"""


def write_program(folder: Path) -> Path:
    """Writes the program into a folder."""
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "__main__.py").write_text(PROGRAM)
    for name in ("old", "new"):
        (folder / f"{name}.vtl").write_text(TEMPLATE + ("" if name == "old" else "## the new one\n"))
    return folder
