"""The integration of type AWS with a service other than Lambda: the service's own API, signed by API Gateway.

https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
What an integration request of this type looks like was recorded on AWS (LocalStack's snapshot tests
test_apigateway_{dynamodb,eventbridge,kinesis,s3,sqs,ssm,stepfunctions}).
"""

import time
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from parity.gateway.integrations.aws_signature import ACCESS_KEY_ID, signed_headers
from parity.gateway.integrations.http import send_request
from parity.gateway.integrations.http_client import HttpClient
from parity.gateway.lifecycle.aws_service_uri import CALLER_CREDENTIALS, parse_aws_service_uri
from parity.gateway.lifecycle.gateway_response import configuration_error
from parity.gateway.lifecycle.uri_template import with_stage_variables
from parity.gateway.model.backends import Backends
from parity.gateway.model.definition import Integration
from parity.gateway.model.exchange import EndpointResponse, IntegrationRequest, MethodRequest

_METHODS_WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class AwsServiceIntegration:
    """The sender of one method's AWS integration with a service.

    Args:
        integration: the method's integration.
        stage_variables: those of the stage, which `credentials` may name.
        client: the stage's connections.
        backends: where the service answers.
    """

    def __init__(
        self, integration: Integration, stage_variables: Mapping[str, str], client: HttpClient, backends: Backends
    ) -> None:
        self._credentials = with_stage_variables(integration.credentials or "", stage_variables)
        self._client = client
        self._backends = backends

    def address(self, request: IntegrationRequest, method_request: MethodRequest) -> IntegrationRequest:
        """The request as it goes out: with the service's URL, the headers that API Gateway adds, and a signature.

        Args:
            request: the integration request, with the integration's rendered URI.
            method_request: for the caller's identity.

        Raises:
            GatewayResponseError: the URI names no service, or there are no credentials to sign with (500).
        """
        uri = parse_aws_service_uri(request.uri)
        if uri is None:
            raise configuration_error("AWS ARN for integration must contain path or action")
        access_key_id = self._access_key_id(method_request.context)
        body = b"" if request.method in _METHODS_WITHOUT_BODY else request.body
        headers = request.headers
        if uri.target is not None and not any(name.lower() == "x-amz-target" for name, _ in headers):
            headers = (*headers, ("X-Amz-Target", uri.target))
        headers = signed_headers(
            request.method,
            uri.url,
            headers,
            body,
            service=uri.service,
            region=uri.region,
            access_key_id=access_key_id,
            now=time.time(),
        )
        return replace(
            request,
            uri=uri.url,
            headers=headers,
            body=body,
            service=uri.service,
            region=uri.region,
            action=uri.action,
        )

    def _access_key_id(self, context: Mapping[str, Any]) -> str:
        if not self._credentials:
            raise configuration_error("Role ARN must be specified for AWS integrations")
        if self._credentials != CALLER_CREDENTIALS:
            return ACCESS_KEY_ID
        access_key = (context.get("identity") or {}).get("accessKey")
        if not access_key:
            raise configuration_error("the credentials are the caller's, and the method request is not signed")
        return str(access_key)

    async def call(self, request: IntegrationRequest) -> EndpointResponse:
        """Sends the integration request to where the service answers.

        Raises:
            GatewayResponseError: nothing answers for the service, or as for an HTTP integration.
        """
        endpoint = self._backends.service_endpoint(request.service, request.region)
        if endpoint is None:
            raise configuration_error(
                f"no endpoint for {request.uri}: {self._backends.missing_service(request.service)}"
            )
        return await send_request(self._client, request, endpoint)
