"""The ARN under which policies know a call of a method."""

from parity.gateway.model.definition import RestApi, Stage
from parity.gateway.model.exchange import MethodRequest


def method_arn(api: RestApi, stage: Stage, request: MethodRequest) -> str:
    """`arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}/{path}`, with the path of this request.

    Args:
        api: the API that is called.
        stage: its stage.
        request: the request; `$context.path` is its path, which begins with the stage.
    """
    path = str(request.context.get("path", "/")).removeprefix(f"/{stage.name}")
    return f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}/{stage.name}/{request.http_method}{path or '/'}"
