"""`$context`: what a request is reported about itself."""

import re

import pytest

from parity.gateway.context import new_extended_request_id, new_request_id, trace_ids
from tests.gateway.support import Functions, function, gateway, method, rest_api, send

TEMPLATE = """{
"ids": "$context.requestId $context.extendedRequestId",
"api": "$context.accountId $context.apiId $context.deploymentId $context.stage",
"call": "$context.httpMethod $context.path $context.protocol $context.requestTime $context.requestTimeEpoch",
"resource": "$context.resourceId $context.resourcePath $context.operationName",
"domain": "$context.domainName $context.domainPrefix",
"identity": "$context.identity.sourceIp $context.identity.userAgent [$context.identity.user]",
"absent": "$context.authorizer.principalId$context.no.such.thing"
}"""


async def test_every_variable_of_a_plain_request() -> None:
    functions = Functions()
    declared = method(function(request_templates={"application/json": TEMPLATE}), operation_name="Look")
    exchange = await send(
        gateway(rest_api({"/a/{id}": declared}), functions), "PUT", "/a/1", headers={"User-Agent": "curl"}
    )
    assert exchange.response is not None
    extended = dict(exchange.response.headers)["x-amz-apigw-id"]
    assert functions.events[0] == {
        "ids": f"{exchange.request_id} {extended}",
        "api": "123456789012 api1234567 dep1 dev",
        "call": "PUT /dev/a/1 HTTP/1.1 15/Jan/2027:08:00:00 +0000 1800000000000",
        "resource": "res0 /a/{id} Look",
        "domain": "api1234567.execute-api.us-east-1.amazonaws.com api1234567",
        "identity": "127.0.0.1 curl []",
        "absent": "",
    }


KEYS = """{
#foreach($name in ["context", "identity", "requestOverride", "responseOverride"])
#set($map = $context.get($name))
#if($name == "context")#set($map = $context)#end
"$name": [#foreach($key in $map.keySet())"$key"#if($foreach.hasNext),#end#end]#if($foreach.hasNext),#end
#end
}"""


async def test_the_names_in_each_map() -> None:
    """Recorded on AWS (LocalStack snapshot test_sqs_amz_json_protocol)."""
    functions = Functions()
    served = gateway(rest_api({"/sqs": function(request_templates={"application/json": KEYS})}), functions)
    await send(served, "POST", "/sqs")
    names = {name: set(keys) for name, keys in functions.events[0].items()}
    assert names["context"] == {
        *("accountId", "apiId", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod"),
        *("identity", "path", "protocol", "requestId", "requestOverride", "requestTime", "requestTimeEpoch"),
        *("resourceId", "resourcePath", "responseOverride", "stage"),
    }
    assert names["identity"] == {
        *("accessKey", "accountId", "caller", "cognitoAuthenticationProvider", "cognitoAuthenticationType"),
        *("cognitoIdentityId", "cognitoIdentityPoolId", "principalOrgId", "sourceIp", "user", "userAgent", "userArn"),
    }
    assert names["requestOverride"] == {"header", "path", "querystring"}
    assert names["responseOverride"] == {"header"}


def test_ids_have_awss_form_and_are_new_each_time() -> None:
    ids = {new_request_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}", one) for one in ids)
    extended = {new_extended_request_id() for _ in range(100)}
    assert len(extended) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{15}=", one) for one in extended)


@pytest.mark.parametrize(
    ("incoming", "pattern"),
    [
        (None, r"Root=1-6b49d200-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"),
        (
            "Root=1-3152b799-8954dae64eda91bc9a23a7e8",
            r"Root=1-3152b799-8954dae64eda91bc9a23a7e8;Parent=.{16};Sampled=0",
        ),
        ("Root=1-2-3;Parent=4;Sampled=1", r"Root=1-2-3;Parent=4;Sampled=1"),
        ("nonsense", r"Root=1-6b49d200-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"),
    ],
)
def test_a_trace_id_is_kept_and_completed(incoming: str | None, pattern: str) -> None:
    shown, full = trace_ids(incoming, 1_800_000_000.0)
    assert re.fullmatch(pattern, full)
    assert shown == (incoming or full.partition(";")[0])
