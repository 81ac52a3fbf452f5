"""A function and its authorizer."""


def handler(event, context):
    """Answers with what the request context knows of the caller."""
    return {"statusCode": 200, "body": f"{event['resource']} {event['requestContext'].get('authorizer')}"}


def authorize(event, context):
    """Lets everybody in whose token is `let-me-in`."""
    effect = "Allow" if event["authorizationToken"] == "let-me-in" else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {"principalId": "guest", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
