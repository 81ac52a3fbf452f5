"""What is wrong with authorizers, API keys and the resource policy."""

import re
from collections.abc import Iterator
from typing import Final

from parity.gateway.access.policy_evaluation import PolicyDocument, PolicyError
from parity.gateway.checks.problem import Problem
from parity.gateway.integrations.lambda_function import function_arn
from parity.gateway.lifecycle.selection_pattern import JavaPattern, JavaPatternError
from parity.gateway.model.definition import Authorizer, RestApi
from parity.gateway.model.quotas import MAX_TTL_SECONDS

_IDENTITY_SOURCE: Final = re.compile(r"method\.request\.(header|querystring)\.\S+|stageVariables\.\S+|context\.\S+")


def check_access(api: RestApi) -> Iterator[Problem]:
    """The problems of who may call an API."""
    for authorizer in api.authorizers.values():
        yield from _check_authorizer(api, authorizer)
    if api.policy:
        yield from _check_policy(api)


def _check_authorizer(api: RestApi, authorizer: Authorizer) -> Iterator[Problem]:
    by = authorizer.declared_by or authorizer.name
    if authorizer.type == "COGNITO_USER_POOLS":
        if not any(arn in api.user_pools for arn in authorizer.provider_arns):
            message = f"the program declares no user pool of the authorizer {authorizer.name}: its methods answer 500"
            fix = "declare an aws.cognito.UserPool, and give its arn in provider_arns"
            yield Problem("warning", by, message, fix, "here")
        yield from _check_validation(authorizer, by)
        return
    if function_arn(authorizer.uri, {}) is None and "stageVariables" not in authorizer.uri:
        message = f"the authorizer URI of {authorizer.name} is not a Lambda invocation URI: {authorizer.uri!r}"
        yield Problem("error", by, message, "use the function's invoke_arn")
    sources = [part.strip() for part in authorizer.identity_source.split(",") if part.strip()]
    for source in sources:
        if not _IDENTITY_SOURCE.fullmatch(source):
            message = f"{source!r} is not a valid identity source"
            yield Problem("error", by, message, "write method.request.header.NAME (or querystring, context.NAME)")
    if authorizer.type == "TOKEN" and (len(sources) != 1 or not sources[0].startswith("method.request.header.")):
        yield Problem("error", by, "a TOKEN authorizer has one header for identity source", "name the header")
    if authorizer.type == "REQUEST" and not sources and authorizer.result_ttl_seconds:
        message = "a REQUEST authorizer with caching needs an identity source"
        yield Problem("error", by, message, "set identity_source, or a time to live of 0")
    if not 0 <= authorizer.result_ttl_seconds <= MAX_TTL_SECONDS:
        message = f"the time to live of {authorizer.result_ttl_seconds} seconds is out of range"
        yield Problem("error", by, message, f"use 0 to {MAX_TTL_SECONDS} seconds")
    yield from _check_validation(authorizer, by)


def _check_validation(authorizer: Authorizer, by: str) -> Iterator[Problem]:
    try:
        JavaPattern(authorizer.identity_validation_expression or "")
    except JavaPatternError as error:
        message = f"the identity validation expression is no regular expression: {error}"
        yield Problem("error", by, message, "write a regular expression that Java accepts")


def _check_policy(api: RestApi) -> Iterator[Problem]:
    try:
        policy = PolicyDocument(api.policy)
    except PolicyError as error:
        yield Problem(
            "error",
            api.declared_by,
            f"the resource policy cannot be used: {error}",
            "write a policy document as IAM's grammar has it",
        )
        return
    for statement in policy.statements:
        if not statement.names_everyone:
            message = "a statement of the resource policy is for named principals, and callers are anonymous here"
            yield Problem("warning", api.declared_by, message, "", "here")
        for condition in statement.conditions:
            if not condition.supported:
                message = f"the condition {condition.operator} {condition.key} is never fulfilled"
                yield Problem("warning", api.declared_by, message, "", "here")
