"""What a template would render for a request that the local gateway has seen, and what is wrong with it."""

import copy
import json
from dataclasses import asdict, replace
from typing import Any

from parity.gateway.lifecycle.media_type import is_json
from parity.gateway.model.definition import Integration, IntegrationResponse
from parity.gateway.model.exchange import Exchange
from parity.gateway.templates.mapping_template import MappingTemplate, TemplateError, TemplateInput
from parity.jsonpath.json_fault import describe_json_fault
from parity.lint.linter import lint
from parity.workbench.slots import Slot


def preview(slot: Slot, source: str, exchange: Exchange) -> dict[str, Any]:
    """Renders a source in place of a slot's.

    Args:
        slot: where the template is.
        source: the template as it is being edited.
        exchange: the request.

    Returns:
        `output`, `error` (where the template fails), `break` (where the output is not the JSON that its content type
        says) and `findings`; each but `findings` is None where there is none.
    """
    result: dict[str, Any] = {"output": None, "error": None, "break": None, "findings": _findings(slot, source)}
    if not slot.content_type and not source:
        result["note"] = "no mapping template: the body is passed through, or refused, by the passthrough behavior"
        return result
    given = _template_input(slot, exchange)
    if given is None:
        result["note"] = "this request did not get as far as this template"
        return result
    try:
        output = MappingTemplate(source, name=slot.file.name if slot.file else slot.route).render(given)
    except TemplateError as error:
        result["error"] = {"line": error.line, "column": error.column, "message": error.message}
        return result
    result["output"] = output
    if is_json(slot.content_type or "application/json"):
        result["break"] = describe_json_fault(output) if output.strip() else None
        if result["break"] is None and output.strip():
            result["pretty"] = json.dumps(json.loads(output), indent=2, ensure_ascii=False)
    return result


def _template_input(slot: Slot, exchange: Exchange) -> TemplateInput | None:
    request = exchange.method_request
    if request is None:
        return None
    body = request.body
    if slot.status_code is not None:
        if exchange.endpoint_response is None:
            return None
        body = exchange.endpoint_response.body
    return TemplateInput(
        body=body,
        path=request.path_parameters,
        querystring=request.query,
        header=request.headers,
        context=copy.deepcopy(dict(request.context)),
        stage_variables=slot.stage.variables,
    )


def _findings(slot: Slot, source: str) -> list[dict[str, Any]]:
    """What lint says of the edited template alone."""
    method = replace(slot.method, integration=_with_source(slot, source))
    resource = replace(slot.resource, methods={method.http_method: method})
    found = lint(replace(slot.api, resources=(resource,)), {slot.stage.name: slot.stage})
    return [
        {key: value for key, value in asdict(finding).items() if key != "template"}
        for finding in found
        if finding.template == source and source
    ]


def _with_source(slot: Slot, source: str) -> Integration:
    """The integration with nothing but the edited template."""
    if slot.status_code is None:
        return replace(slot.integration, request_templates={slot.content_type: source}, responses=())
    response = IntegrationResponse(
        status_code=slot.status_code, response_templates={slot.content_type: source}, declared_by=slot.route
    )
    return replace(slot.integration, request_templates={}, responses=(response,))
