"""A small API for the fuzzer's tests: a gateway in this process, which requests reach without a network."""

import asyncio
import json
from collections.abc import Callable, Mapping

from parity.compare.case import Case
from parity.compare.client import Answer
from parity.fuzz.requests import Route, Vocabulary
from parity.fuzz.subject import Observation, Reply
from parity.gateway.gateway import Gateway
from parity.gateway.model.backends import LambdaResult, ResponseSink
from parity.gateway.model.definition import (
    Integration,
    IntegrationResponse,
    Method,
    MethodResponse,
    Resource,
    RestApi,
    Stage,
)
from parity.gateway.model.exchange import Request
from tests.gateway.support import Functions

FUNCTION_URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:echo/invocations"
)
ARTICLE_TEMPLATE = """\
## See http://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
#set($allParams = $input.params())
{
"method" : "$context.httpMethod", ## API method
"authcontext" : "$context.authorizer.stringkey", ## Optional output from Lambda Authorizers
## passthrough body
"body-json" : $input.json('$'),
## passthrough headers, querystrings and path parameters
"params" : {
#foreach($type in $allParams.keySet())
#set($params = $allParams.get($type))
"$type" : {
#foreach($paramName in $params.keySet())
"$paramName" : "$util.escapeJavaScript($params.get($paramName))"
#if($foreach.hasNext),#end
#end
}
#if($foreach.hasNext),#end
#end
}
}"""
"""The article's own: it escapes values, with an escape that JSON does not know, and no key."""
Handler = Callable[[bytes], LambdaResult]


def refuse_what_is_not_json(payload: bytes) -> LambdaResult:
    """A function as the Lambda service invokes it: it answers with its event, and what is no event is refused."""
    json.loads(payload)
    return LambdaResult(payload=payload)


class _Functions(Functions):
    """Functions that get the payload as it is, and answer with what `lambda:Invoke` does."""

    def __init__(self, handler: Handler) -> None:
        super().__init__()
        self._invoked = handler

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        return self._invoked(payload)


class GatewayInProcess:
    """An API with one method, `ANY {path}`, as a subject of the fuzzer. `sent` counts the requests."""

    description = "an API in this process"

    def __init__(
        self,
        integration: Integration,
        *,
        path: str = "/{proxy+}",
        handler: Handler = refuse_what_is_not_json,
        vocabulary: Vocabulary | None = None,
        stage_variables: Mapping[str, str] | None = None,
    ) -> None:
        statuses = {response.status_code for response in integration.responses}
        responses = tuple(MethodResponse(status_code=status) for status in statuses)
        method = Method(http_method="ANY", integration=integration, responses=responses)
        api = RestApi(id="a1b2c3d4e5", name="small", resources=(Resource(id="r1", path=path, methods={"ANY": method}),))
        self._gateway = Gateway(api, Stage(name="dev", variables=stage_variables or {}), _Functions(handler))
        self._loop = asyncio.new_event_loop()
        self.routes = (Route(path=path),)
        self.vocabulary = vocabulary or Vocabulary()
        self.sent: list[Case] = []

    def observe(self, route: int, case: Case) -> Observation:
        self.sent.append(case)
        request = Request(
            method=case.method,
            path=case.path,
            query_string=case.query_string,
            headers=(("Host", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"), *case.headers),
            body=case.body or b"",
        )
        exchange = self._loop.run_until_complete(self._gateway.handle(request))
        assert exchange.response is not None
        answer = Answer(status=exchange.response.status, headers=exchange.response.headers, body=exchange.response.body)
        reply = Reply(label="small", url="http://small.test:8000/dev", answer=answer, exchange=exchange)
        return Observation(case=case, replies=(reply,))


def function(template: str, *, response_template: str | None = None) -> Integration:
    """A Lambda custom integration with a template for JSON requests, and perhaps one for its responses."""
    response = IntegrationResponse(
        status_code="200",
        response_templates={"application/json": response_template} if response_template is not None else {},
    )
    return Integration(
        type="AWS",
        uri=FUNCTION_URI,
        request_templates={"application/json": template},
        passthrough_behavior="NEVER",
        responses=(response,),
    )


def mock(response_template: str, content_type: str = "application/json") -> Integration:
    """A MOCK integration that answers with a rendered template."""
    response = IntegrationResponse(status_code="200", response_templates={content_type: response_template})
    return Integration(
        type="MOCK",
        request_templates={"application/json": '{"statusCode": 200}'},
        passthrough_behavior="NEVER",
        responses=(response,),
    )
