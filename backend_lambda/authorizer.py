"""A Lambda authorizer: lets in whoever has the token, and passes on a string that templates see as `authcontext`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

import hmac
import os
from typing import Any

CALLER = "token-holder"
"""Who has the token. A digest of the token in its place would let whoever reads a log guess a weak token at leisure."""


def lambda_handler(event: dict[str, str], _context: object) -> dict[str, Any]:
    """Answers with a policy for the whole stage, since API Gateway uses it again for other methods.

    Args:
        event: `authorizationToken`, the `Authorization` header, and `methodArn`, the ARN of what is called.
        _context: Lambda's own, unused.

    Returns:
        An IAM policy that allows every method of the API's stage, and the context with `stringkey`.

    Raises:
        Exception: `Unauthorized`, the text that API Gateway turns into a 401, when the token is wrong.
    """
    scheme, _, token = event.get("authorizationToken", "").partition(" ")
    expected = os.environ.get("TOKEN", "")
    if scheme != "Bearer" or not expected or not hmac.compare_digest(token.encode(), expected.encode()):
        raise Exception("Unauthorized")
    stage_arn = "/".join(event["methodArn"].split("/")[:2])
    return {
        "principalId": CALLER,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": f"{stage_arn}/*"}],
        },
        "context": {"stringkey": CALLER},
    }
