"""The resource policy of an API: who may call it at all.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html
Evaluated for anonymous callers: IP ranges and other conditions on what is known of the request. Statements for named
principals, VPCs and VPC endpoints never apply here, for nobody signs and nothing comes through a VPC.
"""

from parity.gateway.access.method_arn import method_arn
from parity.gateway.access.policy_evaluation import INVOKE, Decision, PolicyDocument
from parity.gateway.lifecycle.gateway_response import GatewayResponseError
from parity.gateway.lifecycle.method_request import header_value
from parity.gateway.model.definition import RestApi, Stage
from parity.gateway.model.exchange import MethodRequest


class ResourcePolicy:
    """The resource policy of one API, parsed once.

    Args:
        api: the API; without a policy everyone may call it.
        stage: the stage that is served.

    Raises:
        PolicyError: the policy is no policy document.
    """

    def __init__(self, api: RestApi, stage: Stage) -> None:
        self._api = api
        self._stage = stage
        prefix = f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}"
        self.document = PolicyDocument(api.policy, resource_prefix=prefix) if api.policy else None

    def check(self, request: MethodRequest) -> None:
        """Lets a request pass, or not.

        Raises:
            GatewayResponseError: ACCESS_DENIED, 403, in AWS's words.
        """
        if self.document is None:
            return
        arn = method_arn(self._api, self._stage, request)
        decision = self.document.evaluate(INVOKE, arn, _attributes(request))
        if decision is Decision.ALLOW:
            return
        hidden = self._api.account_id[-4:].rjust(len(self._api.account_id), "*")
        shown = arn.replace(f":{self._api.account_id}:", f":{hidden}:", 1)
        message = f"User: anonymous is not authorized to perform: {INVOKE} on resource: {shown}"
        if decision is Decision.EXPLICIT_DENY:
            message += " with an explicit deny"
        raise GatewayResponseError("ACCESS_DENIED", message, f"The resource policy answers with an {decision.value}")


def _attributes(request: MethodRequest) -> dict[str, str]:
    known = {
        "aws:sourceip": request.context.get("identity", {}).get("sourceIp"),
        "aws:useragent": header_value(request.headers, "user-agent"),
        "aws:referer": header_value(request.headers, "referer"),
        "aws:securetransport": "true",
    }
    return {key: value for key, value in known.items() if value is not None}
