"""The look-ups that programs make most, plain and as outputs, in the default region and in another one."""

import pulumi
import pulumi_aws as aws

vpc = aws.ec2.get_vpc(default=True)
subnets = aws.ec2.get_subnets(filters=[{"name": "vpc-id", "values": [vpc.id]}])
bucket = aws.s3.Bucket("data")
document = aws.iam.get_policy_document_output(
    statements=[
        {
            "sid": "Read",
            "actions": ["s3:GetObject", "s3:ListBucket"],
            "resources": [bucket.arn],
            "principals": [{"type": "Service", "identifiers": ["lambda.amazonaws.com"]}],
            "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["1"]}],
        }
    ]
)
dublin = aws.Provider("dublin", region="eu-west-1")

pulumi.export("account", aws.get_caller_identity().account_id)
pulumi.export("region", aws.get_region().region)
pulumi.export("other_region", aws.get_region(opts=pulumi.InvokeOptions(provider=dublin)).region)
pulumi.export("partition", aws.get_partition().partition)
pulumi.export("zones", aws.get_availability_zones(state="available").names)
pulumi.export("vpc", vpc.id)
pulumi.export("vpc_cidr", vpc.cidr_block)
pulumi.export("subnets", subnets.ids)
pulumi.export("subnet_zone", aws.ec2.get_subnet(id=subnets.ids[0]).availability_zone)
pulumi.export("policy", document.json)
pulumi.export("registry_user", aws.ecr.get_authorization_token().user_name)
zone = aws.route53.get_zone(name="example.com")
record = aws.route53.Record(
    "record", zone_id=zone.zone_id, name="api.example.com", type="A", ttl=60, records=["192.0.2.1"]
)
pulumi.export("zone", zone.zone_id)
pulumi.export("topic", aws.sns.get_topic(name="orders").name)
pulumi.export("certificate", aws.acm.get_certificate(domain="example.com").arn)
pulumi.export("secret", aws.secretsmanager.get_secret(name="password").arn)
pulumi.export("bucket", aws.s3.get_bucket(bucket="assets").bucket_regional_domain_name)
pulumi.export("key", aws.kms.get_alias(name="alias/app").target_key_arn)
