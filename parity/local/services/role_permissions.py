"""Integrations with AWS services and functions whose role API Gateway may not assume, or that may not call the action.

Locally neither is asked for; AWS answers 500 to the first, and the service denies the second.
https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from parity.gateway.access.policy_evaluation import matches_wildcards
from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.lifecycle.aws_service_uri import parse_aws_service_uri
from parity.gateway.lifecycle.uri_template import with_stage_variables
from parity.gateway.model.definition import Integration
from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex, text
from parity.local.rest_api.rest_apis import DeployedApi

_ROLE: Final = "aws:iam/role:Role"
_POLICY: Final = "aws:iam/policy:Policy"
_API_GATEWAY: Final = "apigateway.amazonaws.com"
_S3_OBJECT_ACTIONS: Final = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
_NAMED: Final = 3
"""How many integrations a line names; of the others it says how many they are."""
_FORM_ACTION: Final = re.compile(r"(?:^|[&\s])Action=(\w+)")


@dataclass(frozen=True, slots=True)
class AwsFailure:
    """What works locally and fails on AWS: what declares it, why it fails there, and what to do."""

    declared_by: str
    message: str
    fix: str

    def __str__(self) -> str:
        return f"{self.declared_by}: {self.message}; {self.fix}"


def role_failures(resource_index: ResourceIndex, apis: Iterable[DeployedApi]) -> Iterator[AwsFailure]:
    """Each thing that a role lacks, with the integrations that fail on AWS for it, and what to do.

    Roles of elsewhere are left alone.
    """
    affected: dict[tuple[str, str], list[str]] = {}
    for declared_by, problem in _problems(resource_index, apis):
        affected.setdefault(problem, []).append(declared_by)
    for (message, fix), integrations in affected.items():
        named = ", ".join(integrations[:_NAMED])
        more = len(integrations) - _NAMED
        yield AwsFailure(f"{named}{f' and {more} more' if more > 0 else ''}", message, fix)


def _problems(resource_index: ResourceIndex, apis: Iterable[DeployedApi]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each integration that would fail, with why and what to do."""
    for api in apis:
        variables = next((stage.variables for stage in api.stages.values()), {})
        for resource in api.definition.resources:
            for http_method, method in resource.methods.items():
                integration = method.integration
                role = (
                    resource_index.find(integration.credentials, _ROLE)
                    if integration and integration.credentials
                    else None
                )
                if integration is not None and role is not None and integration.type in ("AWS", "AWS_PROXY"):
                    action = _action(integration, variables, http_method)
                    for problem in _of_role(resource_index, role, action):
                        yield integration.declared_by, problem


def _of_role(resource_index: ResourceIndex, role: ResourceRecord, action: str | None) -> Iterator[tuple[str, str]]:
    if not _trusts_api_gateway(role):
        yield (
            f"API Gateway may not assume {role.declared_by}, so that AWS would answer 500",
            f"let its assume_role_policy allow sts:AssumeRole to the service {_API_GATEWAY}",
        )
    policies = list(_policies(resource_index, role))
    if action is not None and None not in policies and not any(_allows(policy, action) for policy in policies):
        yield (
            f"{role.declared_by} does not allow {action}, which AWS would deny",
            "attach a policy that does, such as an aws.iam.RolePolicy",
        )


def _trusts_api_gateway(role: ResourceRecord) -> bool:
    for statement in _statements(role.inputs.get("assumeRolePolicy")):
        principal = statement.get("Principal")
        services = _listed(principal.get("Service")) if isinstance(principal, Mapping) else _listed(principal)
        if statement.get("Effect") == "Allow" and any(name in (_API_GATEWAY, "*") for name in services):
            return True
    return False


def _action(integration: Integration, variables: Mapping[str, str], http_method: str) -> str | None:
    """The IAM action that an integration needs, None where only a request tells."""
    if function_arn(integration.uri, variables) is not None:
        return "lambda:InvokeFunction"
    uri = parse_aws_service_uri(with_stage_variables(integration.uri, variables))
    if uri is None:
        return None
    if uri.service == "s3":
        declared = integration.http_method
        name = _S3_OBJECT_ACTIONS.get(http_method if declared in ("", "ANY") else declared)
        holds_key = "/" in uri.api.partition("?")[0].strip("/") or bool(uri.subdomain)
        return f"s3:{name}" if name and holds_key else None
    if uri.action:
        return f"{uri.service}:{uri.action}"
    target = integration.request_parameters.get("integration.request.header.X-Amz-Target", "").strip("'")
    form = next(
        (found for each in integration.request_templates.values() if (found := _FORM_ACTION.search(each))), None
    )
    name = form[1] if form else target.rpartition(".")[2]
    return f"{uri.service}:{name}" if name else None


def _policies(resource_index: ResourceIndex, role: ResourceRecord) -> Iterator[Any]:
    """The documents of a role's policies; None for each that the program does not hold, such as AWS's own."""
    name, arn = text(role.outputs, "name"), text(role.outputs, "arn")
    for inline in role.inputs.get("inlinePolicies") or []:
        yield inline.get("policy")
    attached = [str(each) for each in role.inputs.get("managedPolicyArns") or []]
    for record in resource_index.of_type("aws:iam/rolePolicy:RolePolicy"):
        if text(record.inputs, "role") in (name, arn):
            yield record.inputs.get("policy")
    for record in resource_index.of_type(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "aws:iam/policyAttachment:PolicyAttachment"
    ):
        if name in (text(record.inputs, "role"), *_listed(record.inputs.get("roles"))):
            attached.append(text(record.inputs, "policyArn"))
    for policy_arn in attached:
        policy = resource_index.find(policy_arn, _POLICY)
        yield policy.inputs.get("policy") if policy is not None else None


def _allows(document: Any, action: str) -> bool:
    return any(
        statement.get("Effect") == "Allow"
        and (
            "NotAction" in statement
            or any(matches_wildcards(each, action, ignore_case=True) for each in _listed(statement.get("Action")))
        )
        for statement in _statements(document)
    )


def _statements(document: Any) -> Iterable[Mapping[str, Any]]:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return ()
    found = document.get("Statement") if isinstance(document, Mapping) else None
    return [each for each in _objects(found) if isinstance(each, Mapping)]


def _objects(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _listed(value: Any) -> list[str]:
    return [str(each) for each in _objects(value)]
