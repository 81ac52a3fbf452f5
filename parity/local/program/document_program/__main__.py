"""Declares the REST API of an OpenAPI document, the functions that it invokes, and its stage.

Its configuration: `parity:document` is the document's path, `parity:functions` maps a function's name to
`FOLDER[:HANDLER[:RUNTIME]]`, `parity:endpoints` maps the origin of HTTP integrations to another one (the empty text: of
all of them).
"""

import json

import pulumi
import pulumi_aws as aws

from parity.local.program.document_program.document import ApiDocument
from parity.local.program.document_program.functions import function_arguments

config = pulumi.Config("parity")
region = aws.get_region().region
account = aws.get_caller_identity().account_id
document = ApiDocument(config.require("document"), region=region, account_id=account)
document.replace_endpoints(config.get_object("endpoints") or {})

role = aws.iam.Role("functions", assume_role_policy="{}")
functions = {
    name: aws.lambda_.Function(name, name=name, role=role.arn, **function_arguments(name, given))
    for name, given in (config.get_object("functions") or {}).items()
}
missing = sorted(document.function_names() - set(functions))
if missing:
    options = " ".join(f"--function {name}=FOLDER" for name in missing)
    pulumi.log.warn(f"the document invokes functions that are not given, and answers 500 there: add {options}")
for name in sorted(set(functions) - document.function_names()):
    pulumi.log.warn(f"--function {name}: the document invokes no function of this name")
for host in document.private_hosts():
    pulumi.log.warn(f"{host} is behind a VPC link; say what is there: --endpoint {host}=http://127.0.0.1:8080")
if not document.has_integrations:
    pulumi.log.warn(
        "the document has no x-amazon-apigateway-integration, so that nothing can be served; export it with "
        "aws apigateway get-export --parameters extensions='apigateway'"
    )

api = aws.apigateway.RestApi("api", name=document.title, body=document.text())
for name, function in functions.items():
    aws.lambda_.Permission(
        name,
        action="lambda:InvokeFunction",
        function=function.name,
        principal="apigateway.amazonaws.com",
        source_arn=pulumi.Output.concat(api.execution_arn, "/*"),
    )
deployment = aws.apigateway.Deployment("deployment", rest_api=api.id, triggers={"body": json.dumps(document.root)})
stage = aws.apigateway.Stage(
    "stage", rest_api=api.id, deployment=deployment.id, stage_name=document.stage_name or pulumi.get_stack()
)
pulumi.export("url", stage.invoke_url)
if document.needs_api_key:
    key = aws.apigateway.ApiKey("key")
    plan = aws.apigateway.UsagePlan("plan", api_stages=[{"api_id": api.id, "stage": stage.stage_name}])
    aws.apigateway.UsagePlanKey("key", key_id=key.id, key_type="API_KEY", usage_plan_id=plan.id)
    pulumi.export("api_key", key.value)
