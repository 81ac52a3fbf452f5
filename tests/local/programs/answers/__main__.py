"""Reads of the world outside: every kind that the file of answers has."""

import os

import pulumi
import pulumi_archive as archive
import pulumi_aws as aws

existing = aws.lambda_.get_function(function_name="existing")
network = pulumi.StackReference("organization/network/dev")
read = aws.lambda_.Function.get("read", "existing")
made = archive.get_file(
    type="zip", source_dir="function", output_path=f"{os.environ['OUTPUT']}/code.zip", excludes=["*.md"]
)
queue = aws.sqs.Queue("own", name="own-queue")

pulumi.export("function", [existing.arn, existing.invoke_arn, existing.vpc_config.subnet_ids])
pulumi.export("other", aws.lambda_.get_function(function_name="other").arn)
pulumi.export("pools", aws.cognito.get_user_pools(name="x").arns)
pulumi.export("parameter", aws.ssm.get_parameter(name="/db/url", with_decryption=True).value)
pulumi.export("parameter_output", aws.ssm.get_parameter_output(name="/db/url").value)
pulumi.export("secret", aws.secretsmanager.get_secret_version(secret_id="password").secret_string)
named = aws.secretsmanager.get_secret(name="password")
pulumi.export("secret_by_arn", aws.secretsmanager.get_secret_version(secret_id=named.arn).secret_string)
pulumi.export("stack", network.get_output("function_arn"))
pulumi.export("required", network.require_output("subnets"))
pulumi.export("read", [read.handler, read.invoke_arn, read.name])
pulumi.export("own", aws.sqs.get_queue_output(name=queue.name).arn)
pulumi.export("archive", [made.output_path, made.output_base64sha256, made.output_size])
pulumi.export("config", pulumi.Config().require("greeting"))
pulumi.export("region", aws.get_region().region)
pulumi.export("team", os.environ["TEAM"])
