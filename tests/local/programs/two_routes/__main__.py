"""An API that is moved from Lambda to a service: each route twice, once for each backend."""

import pulumi
import pulumi_aws as aws

endpoint = pulumi.Config().require("endpoint")
CREATE = """{"order": {"item": "$util.escapeJavaScript($input.path('$.item')).replaceAll("\\\\'","'")",
  "count": $input.json('$.count')}, "shop": "$input.params('shop')"}"""


def function(name: str, handler: str) -> aws.lambda_.Function:
    """A function of the folder `function`."""
    return aws.lambda_.Function(
        name,
        code=pulumi.FileArchive("./function"),
        handler=f"handler.{handler}",
        runtime="python3.12",
        role="arn:aws:iam::123456789012:role/function",
    )


api = aws.apigateway.RestApi("orders")
model = aws.apigateway.Model(
    "order",
    rest_api=api.id,
    name="Order",
    content_type="application/json",
    schema="""{"type": "object", "required": ["item"],
      "properties": {"item": {"type": "string"}, "count": {"type": "integer"}}}""",
)
created, read = function("create", "create"), function("read", "read")
declared: list[pulumi.Resource] = []


def resource(parent: pulumi.Input[str], path: str, name: str) -> aws.apigateway.Resource:
    """A path below another."""
    return aws.apigateway.Resource(name, rest_api=api.id, parent_id=parent, path_part=path)


def route(name: str, path: aws.apigateway.Resource, method: str, integration: dict, **arguments: object) -> None:
    """A method with its integration, and a response of 200 unless it is a proxy."""
    common = {"rest_api": api.id, "resource_id": path.id}
    verb = aws.apigateway.Method(name, **common, http_method=method, authorization="NONE", **arguments)
    common["http_method"] = verb.http_method
    declared.append(aws.apigateway.Integration(name, **common, **integration))
    if not integration["type"].endswith("PROXY"):
        status = aws.apigateway.MethodResponse(name, **common, status_code="200")
        after = pulumi.ResourceOptions(depends_on=[declared[-1]])
        declared.append(aws.apigateway.IntegrationResponse(name, **common, status_code=status.status_code, opts=after))


orders = resource(api.root_resource_id, "orders", "orders")
order = resource(orders.id, "{id}", "order")
v2 = resource(api.root_resource_id, "v2", "v2")
v2_orders = resource(v2.id, "orders", "v2-orders")
v2_order = resource(v2_orders.id, "{order_id}", "v2-order")
route(
    "create",
    orders,
    "POST",
    {
        "type": "AWS",
        "integration_http_method": "POST",
        "uri": created.invoke_arn,
        "request_templates": {"application/json": CREATE},
    },
    request_models={"application/json": model.name},
)
route(
    "create-v2",
    v2_orders,
    "POST",
    {
        "type": "HTTP",
        "integration_http_method": "POST",
        "uri": f"{endpoint}/orders",
        "request_parameters": {"integration.request.querystring.shop": "method.request.querystring.shop"},
    },
    request_parameters={"method.request.querystring.shop": False},
)
route("read", order, "GET", {"type": "AWS_PROXY", "integration_http_method": "POST", "uri": read.invoke_arn})
route(
    "read-v2",
    v2_order,
    "GET",
    {
        "type": "HTTP_PROXY",
        "integration_http_method": "GET",
        "uri": f"{endpoint}/orders/{{id}}",
        "request_parameters": {"integration.request.path.id": "method.request.path.order_id"},
    },
    request_parameters={"method.request.path.order_id": True},
)
deployment = aws.apigateway.Deployment("d", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=declared))
stage = aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
