"""The stack's outputs."""

import shlex

import pulumi

from infra.configuration.account import Account
from infra.configuration.settings import Settings
from infra.rest_api.api import Api


def export_outputs(api: Api, settings: Settings, account: Account) -> None:
    """Exports where the API is, and the article's curl line. What the configuration leaves out has no output."""
    url = api.stage.invoke_url
    pulumi.export("backend", settings.backend)
    pulumi.export("api_id", api.rest_api.id)
    pulumi.export("url", url)
    for path_part in api.routes:
        pulumi.export(f"{path_part}_url", pulumi.Output.concat(url, "/", path_part))
    if api.api_key is not None:
        pulumi.export("api_key", api.api_key)
    if api.token is not None:
        pulumi.export("token", api.token)
    first = next(iter(api.routes))
    pulumi.export("curl", url.apply(lambda known: _curl(known, account.region, first, settings)))


def _curl(url: str, region: str, path_part: str, settings: Settings) -> str:
    """The article's request as a line to paste into a shell; a secret in it is read from the stack when it runs."""
    credentials = {
        "none": "",
        "iam": f' --aws-sigv4 aws:amz:{region}:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
        ' --header "x-amz-security-token: $AWS_SESSION_TOKEN"',
        "api-key": ' --header "x-api-key: $(pulumi stack output api_key --show-secrets)"',
        "lambda": ' --header "Authorization: Bearer $(pulumi stack output token --show-secrets)"',
    }[settings.authorization]
    address = shlex.quote(f"{url}/{path_part}/path1/path2?query1=querystring1&query2=querystring2")
    return (
        f"curl -i --location --request POST {address} --header 'header1: value1' --header 'header2: value2'"
        f" --header 'Content-Type: application/json'{credentials} --data-raw '{{\"keybody\":\"valuebody\"}}'"
    )
