"""What every SDK does, in the syntax of Python 3.9: outputs, look-ups, components, secrets, configuration, parents."""

import sys

import pulumi
import pulumi_aws as aws


class Queues(pulumi.ComponentResource):
    """Two queues; the second one's name is known when the first one is registered."""

    def __init__(self, name):
        super().__init__("test:index:Queues", name)
        child = pulumi.ResourceOptions(parent=self)
        self.first = aws.sqs.Queue(name + "-first", opts=child)
        self.second = aws.sqs.Queue(name + "-second", name=self.first.name.apply(lambda n: n + "-2"), opts=child)
        self.register_outputs({"url": self.second.url})


def add_tag(args):
    """A transform, which the engine calls back."""
    is_topic = args.type_ == "aws:sns/topic:Topic"
    return pulumi.ResourceTransformResult({**args.props, "tags": {"team": "api"}}, args.opts) if is_topic else None


pulumi.runtime.register_resource_transform(add_tag)
topic = aws.sns.Topic("topic")
pulumi.export("team", topic.tags.apply(lambda tags: (tags or {}).get("team")))
api = aws.apigateway.RestApi("api")
deployment = aws.apigateway.Deployment("d", rest_api=api.id)
stage = aws.apigateway.Stage("s", rest_api=api.id, deployment=deployment.id, stage_name="dev")
queues = Queues("orders")
region = aws.get_region()
later = pulumi.Output.all(queues.second.url, stage.invoke_url).apply(
    lambda pair: aws.sqs.Queue("late", tags={"a": "b"}).name
)

read = aws.lambda_.Function.get("read", "existing")
network = pulumi.StackReference("organization/network/dev")

pulumi.export("read", read.name)
pulumi.export("parameter", aws.ssm.get_parameter(name="/db/url").value)
pulumi.export("stack", network.get_output("vpc"))
pulumi.export("python", list(sys.version_info[:2]))
pulumi.export("region", aws.get_caller_identity_output().account_id.apply(lambda account: account + " " + region.id))
pulumi.export("url", stage.invoke_url)
pulumi.export("composed", pulumi.Output.concat("https://", api.id, ".execute-api.us-east-1.amazonaws.com/dev"))
pulumi.export("second", queues.second.name)
pulumi.export("late", later)
pulumi.export("secret", pulumi.Output.secret({"a": [1, 2.5, None]}))
pulumi.export("many", [aws.sqs.Queue(f"q{number}").name for number in range(20)])
