"""The MOCK integration: the rendered request template says which integration response is chosen.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
"""

from parity.gateway.lifecycle.gateway_response import configuration_error
from parity.gateway.model.exchange import EndpointResponse, IntegrationRequest
from parity.jsonpath.json_text import JsonTextError, parse_json


class MockIntegration:
    """Returns the status that the template names, without a backend."""

    async def call(self, request: IntegrationRequest) -> EndpointResponse:
        """Reads `statusCode` from the rendered template, which may be JSON of the loose kind, `{statusCode: 200}`.

        Raises:
            GatewayResponseError: there is no integer `statusCode`.
        """
        try:
            document = parse_json(request.body.decode("utf-8", "replace"))
        except (JsonTextError, ValueError, RecursionError):
            document = None
        status = document.get("statusCode") if isinstance(document, dict) else None
        if not isinstance(status, int) or isinstance(status, bool):
            raise configuration_error(
                "Unable to parse statusCode. It should be an integer and defined in request template."
            )
        return EndpointResponse(status=status)
