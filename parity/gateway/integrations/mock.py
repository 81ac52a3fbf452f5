"""The MOCK integration: the rendered request template says which integration response is chosen.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
"""

from parity.gateway.lifecycle.gateway_response import configuration_error
from parity.gateway.lifecycle.request_work import RequestWork
from parity.gateway.model.exchange import EndpointResponse, IntegrationRequest
from parity.jsonpath.json_text import JsonTextError, parse_json
from parity.velocity.budget import BudgetError
from parity.velocity.errors import LimitError


class MockIntegration:
    """Returns the status that the template names, without a backend.

    Args:
        work: the work of the request, since what a template renders may take long to read.
    """

    def __init__(self, work: RequestWork) -> None:
        self._work = work

    async def call(self, request: IntegrationRequest) -> EndpointResponse:
        """Reads `statusCode` from the rendered template, which may be JSON of the loose kind, `{statusCode: 200}`.

        Raises:
            GatewayResponseError: there is no integer `statusCode`.
        """
        return await self._work.run(lambda: _answer(request.body), size=len(request.body))


def _answer(body: bytes) -> EndpointResponse:
    try:
        document = parse_json(body.decode("utf-8", "replace"))
    except (JsonTextError, ValueError, RecursionError):
        document = None
    except LimitError as error:
        raise BudgetError(f"Unable to parse statusCode: {error.message}") from error
    status = document.get("statusCode") if isinstance(document, dict) else None
    if not isinstance(status, int) or isinstance(status, bool):
        raise configuration_error(
            "Unable to parse statusCode. It should be an integer and defined in request template."
        )
    return EndpointResponse(status=status)
