"""The query protocol as API Gateway meets it: requests by form or query string, answers in JSON where it asks for them.

API Gateway asks for `Accept: application/json`, and a service with the query protocol then answers
`{"{Action}Response": {"{Action}Result": …, "ResponseMetadata": {"RequestId": …}}}`, with null for each absent member
(recorded on AWS: LocalStack snapshot test_get_parameter_query_protocol). Emulators answer in XML alone.
"""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from parity.local.services.emulator.models import operation_model

_RENAMED_RESULTS = {"ReceiveMessageResult": {"Messages": "messages"}}
"""Members that the JSON answers of the query protocol name otherwise than the models do."""


def parameters(query_string: str, content_type: str, body: bytes) -> dict[str, str]:
    """The parameters of a request: those of its query string, and of its body where that is a form."""
    pairs = parse_qsl(query_string, keep_blank_values=True)
    if content_type.partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    # SQS takes the plural too (recorded: LocalStack snapshot test_sqs_aws_integration_with_message_attribute).
    return {name.replace("MessageAttributes.", "MessageAttribute.", 1): value for name, value in pairs}


def json_from_xml(service: str, action: str, document: bytes, request_id: str) -> dict[str, Any]:
    """A service's XML answer as the JSON that AWS gives for `Accept: application/json`.

    Raises:
        xml.etree.ElementTree.ParseError: the answer is not XML.
    """
    root = ElementTree.fromstring(document)  # noqa: S314 - the emulator wrote it
    _without_namespaces(root)
    error = root if root.tag == "Error" else root.find(".//Error")
    if error is not None:
        return error_answer(_text(error, "Code"), _text(error, "Message"), request_id, _text(error, "Type") or "Sender")
    operation = operation_model(service, action)
    result = root.find(f"{action}Result")
    shape = operation.output_shape if operation is not None else None
    value = _value(shape, result) if shape is not None and result is not None else None
    return answer(action, value, request_id)


def json_from_json(service: str, action: str, document: bytes, request_id: str) -> dict[str, Any]:
    """A service's answer in its JSON protocol as the query protocol's JSON."""
    value = json.loads(document or b"{}")
    if "__type" in value:
        message = value.get("message") or value.get("Message")
        return error_answer(str(value["__type"]).rpartition("#")[2], message, request_id)
    operation = operation_model(service, action)
    shape = operation.output_shape if operation is not None else None
    return answer(action, _with_nulls(shape, value) if shape is not None else None, request_id)


def answer(action: str, result: Any, request_id: str | None) -> dict[str, Any]:
    """The JSON of a successful action; `result` is None for an action without a result."""
    names = _RENAMED_RESULTS.get(f"{action}Result", {})
    if isinstance(result, dict):
        result = {names.get(name, name): value for name, value in result.items()}
    members = {f"{action}Result": result} if result is not None else {}
    return {f"{action}Response": {**members, "ResponseMetadata": {"RequestId": request_id}}}


def error_answer(
    code: str | None, message: str | None, request_id: str | None, type_: str = "Sender"
) -> dict[str, Any]:
    """The JSON of an error."""
    return {"Error": {"Code": code, "Message": message, "Type": type_}, "RequestId": request_id}


def _text(element: ElementTree.Element, path: str) -> str | None:
    return element.findtext(path)


def _without_namespaces(root: ElementTree.Element) -> None:
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]


def _value(shape: Any, element: ElementTree.Element | None) -> Any:
    """The value of an element, as its shape has it; null where it is absent."""
    if element is None:
        return None
    kind = shape.type_name
    if kind == "structure":
        return {name: _member(name, member, element) for name, member in sorted(shape.members.items())}
    if kind == "list":
        return [_value(shape.member, item) for item in element]
    if kind == "map":
        return _map(shape, element)
    text = element.text or ""
    if kind == "boolean":
        return text == "true"
    if kind in ("integer", "long"):
        return int(text or 0)
    return float(text or 0) if kind in ("float", "double") else text


def _member(name: str, shape: Any, parent: ElementTree.Element) -> Any:
    """A member, which an emulator may write wrapped (`<Tags><member>`) or flattened (`<Tag>` again and again)."""
    element = parent.find(name)
    if shape.type_name not in ("list", "map"):
        return _value(shape, element)
    if element is not None and (len(element) and element[0].tag in ("member", "entry")):
        return _value(shape, element)
    flattened = [item for candidate in _flattened_names(name, shape) for item in parent.findall(candidate)]
    if not flattened:
        return _value(shape, element)
    if shape.type_name == "list":
        return [_value(shape.member, item) for item in flattened]
    return dict(_entry(shape, item) for item in flattened)


def _flattened_names(name: str, shape: Any) -> Iterable[str]:
    declared = shape.serialization.get("name") or getattr(shape, "member", shape).serialization.get("name")
    return dict.fromkeys(candidate for candidate in (declared, name, name.removesuffix("s")) if candidate)


def _map(shape: Any, element: ElementTree.Element) -> dict[str, Any]:
    return dict(_entry(shape, item) for item in element)


def _entry(shape: Any, item: ElementTree.Element) -> tuple[str, Any]:
    key, value = (item.find(names[0]) for names in (("key",), ("value",)))
    key = key if key is not None else item.find("Name")
    value = value if value is not None else item.find("Value")
    return (key.text or "") if key is not None else "", _value(shape.value, value)


def _with_nulls(shape: Any, value: Any) -> Any:
    """A value with null for each member of its shape that is absent."""
    if value is None or shape.type_name not in ("structure", "list", "map"):
        return value
    if shape.type_name == "list":
        return [_with_nulls(shape.member, item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if shape.type_name == "map":
        return {name: _with_nulls(shape.value, item) for name, item in value.items()}
    return {name: _with_nulls(member, value.get(name)) for name, member in sorted(shape.members.items())}
