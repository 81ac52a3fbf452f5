"""The two custom integrations: what each sends to its backend."""

import pulumi
import pulumi_aws as aws

from infra.configuration.settings import EVERY, Settings
from infra.http.http_backend import HttpEndpoint
from infra.rest_api.error_responses import http_patterns, http_templates, lambda_patterns, lambda_templates
from infra.rest_api.mapping_templates import http_request_template, read_template
from infra.rest_api.route import Integration


def lambda_integration(function: aws.lambda_.Function) -> Integration:
    """A Lambda custom integration: the function's event is the whole method request. Lambda is invoked with POST."""
    return Integration(
        type="AWS",
        http_method="POST",
        uri=function.invoke_arn,
        request_template=read_template("lambda_request"),
        error_templates=lambda_templates(),
        error_patterns=lambda_patterns(),
    )


def http_integration(endpoint: HttpEndpoint, settings: Settings) -> Integration:
    """An HTTP custom integration: the method and the path as they came, and the parameters that the settings name."""
    query_strings = () if settings.query_strings == EVERY else settings.query_strings
    headers = () if settings.headers == EVERY else settings.headers
    return Integration(
        type="HTTP",
        http_method="ANY",
        uri=pulumi.Output.concat(endpoint.url, "/{proxy}"),
        connection_id=endpoint.link_id,
        integration_target=endpoint.balancer_arn,
        query_strings=query_strings,
        headers=headers,
        request_parameters={
            "integration.request.path.proxy": "method.request.path.proxy",
            **{
                f"integration.request.querystring.{name}": f"method.request.querystring.{name}"
                for name in query_strings
            },
            **{f"integration.request.header.{name}": f"method.request.header.{name}" for name in headers},
        },
        request_template=http_request_template(settings),
        error_templates=http_templates(),
        error_patterns=http_patterns(),
    )
