"""A template or an API in a few words, and what lint finds in it."""

from typing import Any

from parity.gateway.model.definition import Integration, IntegrationResponse, Method, Resource, RestApi, Stage
from parity.lint.linter import Finding, lint

STAGE = Stage(name="dev", variables={"version": "1"})


def findings(template: str, *, content_type: str = "application/json", **settings: Any) -> list[Finding]:
    """What is found in an HTTP integration's request template; `settings` are the integration's."""
    integration = Integration(
        **{
            "type": "HTTP",
            "uri": "http://backend.example",
            "request_templates": {content_type: template},
            "responses": (IntegrationResponse(status_code="200"),),
            **settings,
        }
    )
    return findings_of(RestApi(id="abc", name="pets", resources=(_resource(integration),)))


def findings_of(api: RestApi) -> list[Finding]:
    """What is found in an API on stage `dev`, which has the variable `version`."""
    return lint(api, {"dev": STAGE})


def rules(template: str, **settings: Any) -> list[str]:
    """The names of the rules that find something in a request template."""
    return [finding.rule for finding in findings(template, **settings)]


def _resource(integration: Integration) -> Resource:
    return Resource(id="1", path="/pets", methods={"POST": Method(http_method="POST", integration=integration)})
