"""Who may call the API."""

from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from infra.configuration.account import Account
from infra.functions.python_function import PythonFunction, PythonFunctionArgs
from infra.observability.log_group import LogSettings
from infra.policy_document import allow, policy_document, trust

SOURCE = Path(__file__).resolve().parents[2] / "backend_lambda" / "authorizer.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodAuthorization:
    """What a method says of its authorization, in API Gateway's words."""

    type: str = "NONE"
    authorizer_id: pulumi.Input[str] | None = None
    api_key_required: bool = False


METHOD_AUTHORIZATIONS = {
    "none": MethodAuthorization(),
    "iam": MethodAuthorization(type="AWS_IAM"),
    "api-key": MethodAuthorization(api_key_required=True),
}
"""Those of the configuration's choices that need no authorizer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAuthorizerArgs:
    """`token` is the bearer token that is accepted, None to have one made."""

    api: aws.apigateway.RestApi
    account: Account
    logs: LogSettings
    token: pulumi.Output[str] | None


class TokenAuthorizer(pulumi.ComponentResource):
    """A Lambda authorizer that lets in whoever has the token, and says who it was in `authorizer.stringkey`."""

    token: pulumi.Output[str]
    authorization: MethodAuthorization

    def __init__(self, name: str, args: TokenAuthorizerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("parity:infra:TokenAuthorizer", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        if args.token is None:
            # The value of an API key that no usage plan knows: a secret of 40 characters, which AWS makes and keeps.
            made = aws.apigateway.ApiKey(f"{name}-token", description="Bearer token of the authorizer", opts=child)
            self.token = pulumi.Output.secret(made.value)
        else:
            self.token = args.token
        function = PythonFunction(
            name,
            PythonFunctionArgs(
                source=SOURCE,
                description="Authorizes callers that have the token",
                account=args.account,
                logs=args.logs,
                environment={"TOKEN": self.token},
            ),
            child,
        ).function
        invoke = aws.iam.Role(
            f"{name}-invoke-role",
            assume_role_policy=trust("apigateway"),
            description="Lets the API ask its authorizer",
            opts=child,
        )
        aws.iam.RolePolicy(
            f"{name}-invoke",
            role=invoke.name,
            policy=policy_document([allow(["lambda:InvokeFunction"], function.arn)]),
            opts=child,
        )
        authorizer = aws.apigateway.Authorizer(
            f"{name}-authorizer",
            rest_api=args.api.id,
            type="TOKEN",
            authorizer_uri=function.invoke_arn,
            authorizer_credentials=invoke.arn,
            identity_source="method.request.header.Authorization",
            identity_validation_expression=r"Bearer \S+",
            authorizer_result_ttl_in_seconds=300,
            opts=child,
        )
        self.authorization = MethodAuthorization(type="CUSTOM", authorizer_id=authorizer.id)
        self.register_outputs({"authorizer_id": authorizer.id})
