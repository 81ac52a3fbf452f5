"""Promises about who may do what: roles, policies and callers."""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase

from tests.infra.harness import ACCOUNT, REGION, Deployed, Resource
from tests.infra.promise import Promise, each, listed, name_of, setter, statements

ACTIONS_WITHOUT_RESOURCE = {"ecr:GetAuthorizationToken"}
"""Actions that IAM knows for every resource alone."""


def wildcards(deployed: Deployed) -> Iterator[str]:
    """Role policies that allow more than what is named."""
    for policy in deployed.of("iam/rolePolicy:RolePolicy"):
        for statement in statements(policy.inputs["policy"]):
            actions = set(listed(statement["Action"]))
            if any("*" in action for action in actions):
                yield f"{policy.name} allows {sorted(actions)}"
            for resource in listed(statement["Resource"]):
                if not resource.startswith("arn:") and not actions <= ACTIONS_WITHOUT_RESOURCE:
                    yield f"{policy.name} allows {sorted(actions)} on {resource}"


def allow_everything(deployed: Deployed) -> None:
    """Gives a role a policy with a wildcard resource."""
    policy = deployed.of("iam/rolePolicy:RolePolicy")[0]
    document = json.loads(policy.inputs["policy"])
    document["Statement"][0]["Resource"] = "*"
    policy.inputs["policy"] = json.dumps(document)


def function_policies(deployed: Deployed) -> Iterator[str]:
    """What a function's role may do beyond writing to its own log group."""
    for function in deployed.of("lambda/function:Function"):
        log_group = function.inputs["loggingConfig"]["logGroup"]
        for policy in deployed.of("iam/rolePolicy:RolePolicy"):
            if not function.inputs["role"].endswith(f"/{policy.inputs['role']}"):
                continue
            for statement in statements(policy.inputs["policy"]):
                if set(listed(statement["Action"])) - {"logs:CreateLogStream", "logs:PutLogEvents"}:
                    yield f"{function.name} may {statement['Action']}"
                if any(f":{log_group}:*" not in resource for resource in listed(statement["Resource"])):
                    yield f"{function.name} may write to {statement['Resource']}"
    for attachment in deployed.of("iam/rolePolicyAttachment:RolePolicyAttachment"):
        if "APIGatewayPushToCloudWatchLogs" not in attachment.inputs["policyArn"]:
            yield f"{attachment.name} attaches {attachment.inputs['policyArn']}"


def let_function_read_logs(deployed: Deployed) -> None:
    """Lets the function do more than write logs."""
    policy = next(each for each in deployed.of("iam/rolePolicy:RolePolicy") if each.name == "lambda-write-logs")
    policy.inputs["policy"] = policy.inputs["policy"].replace("logs:PutLogEvents", "logs:GetLogEvents")


def idle_roles(deployed: Deployed) -> Iterator[str]:
    """Policies of the role that the container itself has."""
    for task in deployed.of("ecs/taskDefinition:TaskDefinition"):
        for policy in deployed.of("iam/rolePolicy:RolePolicy"):
            if task.inputs["taskRoleArn"].endswith(f"/{policy.inputs['role']}"):
                yield f"{policy.name} is attached to the role of {task.name}"


def run_as_execution_role(deployed: Deployed) -> None:
    """Gives the container the role that starts it."""
    task = deployed.one("ecs/taskDefinition:TaskDefinition")
    task.inputs["taskRoleArn"] = task.inputs["executionRoleArn"]


def trusted_by_others(deployed: Deployed) -> Iterator[str]:
    """Roles that anything but one AWS service may assume."""
    for role in deployed.of("iam/role:Role"):
        for statement in statements(role.inputs["assumeRolePolicy"]):
            if list(statement["Principal"]) != ["Service"] or not isinstance(statement["Principal"]["Service"], str):
                yield f"{role.name} trusts {statement['Principal']}"


SENDS_SOURCE_ACCOUNT = ("ecs-tasks", "lambda", "vpc-flow-logs")
"""The services that say in whose name they assume a role; API Gateway does not."""


def trusted_for_others(deployed: Deployed) -> Iterator[str]:
    """Roles that a service may assume in the name of another account."""
    for role in deployed.of("iam/role:Role"):
        for statement in statements(role.inputs["assumeRolePolicy"]):
            service = statement["Principal"]["Service"].partition(".")[0]
            account = statement.get("Condition", {}).get("StringEquals", {}).get("aws:SourceAccount")
            if service in SENDS_SOURCE_ACCOUNT and account != ACCOUNT:
                yield f"{role.name} is {service}'s for {account or 'every account'}"


def forget_account(deployed: Deployed) -> None:
    """Takes the conditions away from the roles' trust."""
    for role in deployed.of("iam/role:Role"):
        document = json.loads(role.inputs["assumeRolePolicy"])
        document["Statement"][0].pop("Condition", None)
        role.inputs["assumeRolePolicy"] = json.dumps(document)


def refused_log_groups(deployed: Deployed) -> Iterator[str]:
    """Log groups whose key may not be used for them, so that CloudWatch Logs refuses to make them."""
    allowed = [
        pattern
        for statement in statements(deployed.one("kms/key:Key").inputs["policy"])
        for pattern in statement.get("Condition", {}).get("ArnLike", {}).get("kms:EncryptionContext:aws:logs:arn", [])
    ]
    for group in deployed.of("cloudwatch/logGroup:LogGroup"):
        arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name_of(group)}"
        if not any(fnmatchcase(arn, pattern) for pattern in allowed):
            yield arn


def readable_samples(deployed: Deployed) -> Iterator[str]:
    """Headers with credentials that the firewall's log or its sampled requests show."""
    for acl in deployed.of("wafv2/webAcl:WebAcl"):
        protections = (acl.inputs.get("dataProtectionConfig") or {}).get("dataProtections", [])
        hidden = {key for each in protections for key in each["field"].get("fieldKeys", [])}
        yield from (f"{acl.name} samples {name}" for name in CREDENTIALS - hidden)
    for logging in deployed.of("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"):
        redacted = {each["singleHeader"]["name"] for each in logging.inputs["redactedFields"]}
        yield from (f"{logging.name} logs {name}" for name in CREDENTIALS - redacted)


CREDENTIALS = {"authorization", "cookie", "x-amz-security-token", "x-api-key"}


def invokers(deployed: Deployed) -> Iterator[str]:
    """Permissions that let anything but this API invoke a function."""
    api = deployed.one("apigateway/restApi:RestApi")
    own = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api.id}/"
    for permission in deployed.of("lambda/permission:Permission"):
        if permission.inputs["principal"] != "apigateway.amazonaws.com":
            yield f"{permission.name} lets {permission.inputs['principal']} in"
        if not permission.inputs.get("sourceArn", "").startswith(own):
            yield f"{permission.name} lets {permission.inputs.get('sourceArn')} in"


def key_users(deployed: Deployed) -> Iterator[str]:
    """Statements that let anyone but administrators and CloudWatch Logs use the key, or use it for other logs."""
    for key in deployed.of("kms/key:Key"):
        for statement in statements(key.inputs["policy"]):
            principal = statement["Principal"]
            if principal == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}:
                continue
            condition = statement.get("Condition", {}).get("ArnLike", {})
            if principal != {"Service": f"logs.{REGION}.amazonaws.com"} or not condition:
                yield f"{key.name} lets {principal} in"


def open_key(deployed: Deployed) -> None:
    """Lets everyone use the key."""
    key = deployed.one("kms/key:Key")
    key.inputs["policy"] = key.inputs["policy"].replace(f'{{"AWS": "arn:aws:iam::{ACCOUNT}:root"}}', '{"AWS": "*"}')


def unencrypted_logs(deployed: Deployed) -> Iterator[str]:
    """Log groups that are not encrypted with the stack's own key."""
    key = name_of(deployed.one("kms/key:Key"))
    for group in deployed.of("cloudwatch/logGroup:LogGroup"):
        if not str(group.inputs.get("kmsKeyId")).endswith(f"/{key}"):
            yield group.name


def log_destinations(deployed: Deployed) -> Iterator[Resource]:
    """The resources that log somewhere."""
    for token in ("lambda/function:Function", "apigateway/stage:Stage", "ec2/flowLog:FlowLog"):
        yield from deployed.of(token)


def unknown_log_groups(deployed: Deployed) -> Iterator[str]:
    """Resources that log to a group that is not the stack's."""
    names = [name_of(group) for group in deployed.of("cloudwatch/logGroup:LogGroup")]
    for resource in log_destinations(deployed):
        if not any(name in json.dumps(resource.inputs) for name in names):
            yield resource.name


PROMISES = (
    Promise("a role may do what it names, to what it names", wildcards, allow_everything),
    Promise("a function may write to its log group and nothing else", function_policies, let_function_read_logs),
    Promise("the container itself may do nothing in the account", idle_roles, run_as_execution_role),
    Promise(
        "a role is one AWS service's",
        trusted_by_others,
        setter("iam/role:Role", assumeRolePolicy='{"Statement": [{"Principal": {"AWS": "*"}}]}'),
    ),
    Promise("a role is this account's, where its service says whose", trusted_for_others, forget_account),
    Promise(
        "the key may be used for every log group",
        refused_log_groups,
        setter("cloudwatch/logGroup:LogGroup", name="/aws/lambda/other"),
    ),
    Promise(
        "the firewall shows no credentials",
        readable_samples,
        setter("wafv2/webAcl:WebAcl", dataProtectionConfig=None),
    ),
    Promise(
        "a function is invoked by this API alone",
        invokers,
        setter("lambda/permission:Permission", sourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:*/*"),
    ),
    Promise("the key of the logs encrypts this stack's logs alone", key_users, open_key),
    Promise("every log group is encrypted", unencrypted_logs, setter("cloudwatch/logGroup:LogGroup", kmsKeyId=None)),
    Promise(
        "a function's environment is encrypted",
        each("lambda/function:Function", lambda inputs: "environment" in inputs and not inputs.get("kmsKeyArn")),
        setter("lambda/function:Function", environment={"variables": {"TOKEN": "secret"}}),
    ),
    Promise(
        "what logs, logs to a log group of the stack",
        unknown_log_groups,
        setter("lambda/function:Function", loggingConfig={"logFormat": "Text"}),
    ),
)
