"""A component with children, parents, aliases, transforms of both kinds, an explicit provider and a secret."""

import pulumi
import pulumi_aws as aws


class Api(pulumi.ComponentResource):
    """A REST API with one mocked method."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Api", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, aliases=[pulumi.Alias(name="formerly")])
        self.rest_api = aws.apigateway.RestApi(name, opts=child)
        self.method = aws.apigateway.Method(
            name,
            rest_api=self.rest_api.id,
            resource_id=self.rest_api.root_resource_id,
            http_method="GET",
            authorization="NONE",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({"id": self.rest_api.id})


def add_old_tag(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """A transformation, which the SDK itself applies."""
    if args.type_ != "aws:apigateway/restApi:RestApi":
        return None
    return pulumi.ResourceTransformationResult({**args.props, "description": "transformed"}, args.opts)


def add_tag(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """A transform, which the engine calls back."""
    if args.type_ != "aws:apigateway/restApi:RestApi":
        return None
    return pulumi.ResourceTransformResult({**args.props, "tags": {"team": "api"}}, args.opts)


pulumi.runtime.register_stack_transformation(add_old_tag)
pulumi.runtime.register_resource_transform(add_tag)

frankfurt = aws.Provider("frankfurt", region="eu-central-1")
api = Api("pets", pulumi.ResourceOptions(providers=[frankfurt]))
queue = aws.sqs.Queue("orders", opts=pulumi.ResourceOptions(depends_on=[api]))
key = aws.apigateway.ApiKey("key")

pulumi.log.warn("a word from the program")
print("printed by the program")

pulumi.export("api_arn", api.rest_api.arn)
pulumi.export("description", api.rest_api.description)
pulumi.export("team", api.rest_api.tags.apply(lambda tags: (tags or {})["team"]))
pulumi.export("both", pulumi.Output.all(queue.url, api.rest_api.id).apply(lambda pair: "|".join(pair)))
pulumi.export("key", key.value)
pulumi.export("password", pulumi.Output.secret("hunter2"))
pulumi.export("nested", {"list": [1, 2.5, True, None], "queue": queue.name})
