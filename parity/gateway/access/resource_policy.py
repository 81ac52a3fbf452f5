"""The resource policy of an API: who may call it at all.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
Evaluated for anonymous callers: IP ranges and other conditions on what is known of the request. Statements for named
principals, VPCs and VPC endpoints never apply here, for who signs is not known and nothing comes through a VPC.
What the policy has to say depends on the method's authorization: by itself it must allow the call; beside an
authorizer of the same account it must not deny it.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
"""

import logging

from parity.gateway.access.method_arn import method_arn
from parity.gateway.access.policy_evaluation import INVOKE, Decision, PolicyDocument, PolicyError
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.model.definition import RestApi, Stage
from parity.gateway.model.exchange import MethodRequest

_logger = logging.getLogger(__name__)


class ResourcePolicy:
    """The resource policy of one API, parsed once.

    Args:
        api: the API, with its policy.
        stage: the stage that is served.

    Raises:
        PolicyError: the policy is no policy document.
    """

    def __init__(self, api: RestApi, stage: Stage) -> None:
        self._api = api
        self._stage = stage
        prefix = f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}"
        self._document = PolicyDocument(api.policy, resource_prefix=prefix)

    def decide(self, request: MethodRequest) -> Decision:
        """What the policy says of a request."""
        return self._document.evaluate(INVOKE, method_arn(self._api, self._stage, request), _attributes(request))

    def refusal(self, request: MethodRequest, decision: Decision) -> GatewayResponseError:
        """The gateway response, in AWS's words, for a request that the policy does not allow: ACCESS_DENIED, 403."""
        arn = method_arn(self._api, self._stage, request)
        hidden = self._api.account_id[-4:].rjust(len(self._api.account_id), "*")
        shown = arn.replace(f":{self._api.account_id}:", f":{hidden}:", 1)
        message = f"User: anonymous is not authorized to perform: {INVOKE} on resource: {shown}"
        if decision is Decision.EXPLICIT_DENY:
            message += " with an explicit deny"
        return GatewayResponseError("ACCESS_DENIED", message, f"The resource policy answers with an {decision.value}")


def resource_policy_of(api: RestApi, stage: Stage) -> ResourcePolicy | None:
    """The resource policy of an API, None where there is none, or none that can be read: then it does not count."""
    try:
        return ResourcePolicy(api, stage) if api.policy else None
    except PolicyError as error:
        _logger.warning("the resource policy of %s is ignored: %s", api.declared_by or api.id, error)
        return None


def _attributes(request: MethodRequest) -> dict[str, str]:
    known = {
        "aws:sourceip": request.context.get("identity", {}).get("sourceIp"),
        "aws:useragent": header_value(request.headers, "user-agent"),
        "aws:referer": header_value(request.headers, "referer"),
        "aws:securetransport": "true",
    }
    return {key: value for key, value in known.items() if value is not None}
