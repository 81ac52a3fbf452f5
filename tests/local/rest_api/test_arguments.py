"""Each argument of the installed SDK has its state, and what is not emulated is reported at startup."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pulumi_aws
import pytest
from pulumi import _types

from parity.local.program.records import ResourceRecord
from parity.local.program.resource_index import ResourceIndex
from parity.local.rest_api.argument_table import ARGUMENTS, EARLIER_ARGUMENTS
from parity.local.rest_api.arguments import State, pulumi_name, unemulated_arguments
from tests.local.rest_api.argument_docs import PAGE, section, written

_V2_MODULES = ("domain_name", "api_mapping", "vpc_link", "routing_rule")
"""The modules of apigatewayv2 whose resources serve REST APIs too."""


def resource_classes() -> Iterator[tuple[str, type, type]]:
    """The resource types of the SDK that belong to REST APIs, each with its class and its arguments' class."""
    # The SDK loads its packages when they are first used. A part that is imported before that leaves the others out.
    assert pulumi_aws.apigateway.RestApi is not None
    assert pulumi_aws.apigatewayv2.Api is not None
    folder = Path(pulumi_aws.__file__).parent
    names = [f"apigateway.{path.stem}" for path in (folder / "apigateway").glob("[a-z]*.py")]
    names += [f"apigatewayv2.{name}" for name in _V2_MODULES]
    for name in names:
        module = importlib.import_module(f"pulumi_aws.{name}")
        for label, cls in inspect.getmembers(module, inspect.isclass):
            token = getattr(cls, "pulumi_type", None)
            if token and cls.__module__ == module.__name__:
                yield token, cls, getattr(module, f"{label}Args", None) or getattr(module, f"{label}InitArgs")


def arguments_of(cls: type, prefix: str = "", wire_prefix: str = "") -> Iterator[tuple[str, str]]:
    """The arguments of an arguments' class, those within them dotted, in Python's names and in the wire format's."""
    wire_names = _types.input_type_py_to_pulumi_names(cls)
    types = _types.input_type_types(cls)
    for name, wire_name in wire_names.items():
        found = _input_type(types[wire_name])
        if found is not None:
            yield from arguments_of(found, f"{prefix}{name}.", f"{wire_prefix}{wire_name}.")
        else:
            yield f"{prefix}{name}", f"{wire_prefix}{wire_name}"


def _input_type(annotation: Any) -> type | None:
    """The input type in an annotation, which may stand in unions with outputs and awaitables."""
    if inspect.isclass(annotation):
        return annotation if _types.is_input_type(annotation) else None
    found = (_input_type(argument) for argument in getattr(annotation, "__args__", ()))
    return next((cls for cls in found if cls is not None), None)


CLASSES = {token: arguments for token, _, arguments in resource_classes()}


def test_the_table_has_each_resource_type_of_the_sdk() -> None:
    assert set(ARGUMENTS) == set(CLASSES)


@pytest.mark.parametrize("token", sorted(CLASSES))
def test_the_table_has_each_argument_of_the_sdk(token: str) -> None:
    names = dict(arguments_of(CLASSES[token]))
    assert set(ARGUMENTS.get(token, ())) == set(names)
    assert {name: pulumi_name(name) for name in names} == names


def test_what_is_reported_says_what_aws_does() -> None:
    silent = [
        f"{type_} {name}"
        for type_, arguments in ARGUMENTS.items()
        for name, argument in arguments.items()
        if argument.state in (State.IGNORED, State.SURROUNDINGS) and not argument.on_aws.endswith(".")
    ]
    assert silent == []


def stage(name: str, **inputs: Any) -> ResourceRecord:
    return ResourceRecord(type="aws:apigateway/stage:Stage", name=name, urn=name, inputs=inputs)


def domain(name: str, **inputs: Any) -> ResourceRecord:
    return ResourceRecord(type="aws:apigatewayv2/domainName:DomainName", name=name, urn=name, inputs=inputs)


def reported(*records: ResourceRecord) -> list[str]:
    return list(unemulated_arguments(ResourceIndex(records), ARGUMENTS, EARLIER_ARGUMENTS))


def test_an_argument_that_is_not_emulated_is_reported_with_its_resources() -> None:
    lines = reported(*(domain(name, mutualTlsAuthentication={"truststoreUri": "s3://b/k"}) for name in "abcde"))
    assert lines == [
        'aws.apigatewayv2.DomainName "a", "b", "c" and 2 more: mutual_tls_authentication.truststore_uri not emulated, '
        "and answers may differ: AWS turns away clients without a certificate of the truststore; locally any client is "
        "let in."
    ]


def test_what_no_answer_depends_on_is_reported_in_one_line_at_the_end() -> None:
    lines = reported(
        stage("dev", xrayTracingEnabled=True, clientCertificateId="a"),
        domain("a", mutualTlsAuthentication={"truststoreUri": "s3://b/k"}),
    )
    assert lines[1:] == [
        "not emulated, and no answer depends on it: aws.apigateway.Stage.client_certificate_id, "
        "aws.apigateway.Stage.xray_tracing_enabled (docs/compatibility.md says what AWS does with each)"
    ]


def test_a_value_that_changes_nothing_is_not_reported() -> None:
    api = ResourceRecord(
        type="aws:apigateway/restApi:RestApi",
        name="api",
        urn="api",
        inputs={"endpointConfiguration": {"types": "REGIONAL"}, "name": "pets", "failOnWarnings": False},
    )
    assert reported(api, stage("dev", xrayTracingEnabled=False, description="x")) == []


def deployment(**inputs: Any) -> ResourceRecord:
    return ResourceRecord(type="aws:apigateway/deployment:Deployment", name="d", urn="d", inputs=inputs)


def test_an_argument_that_nobody_knows_is_reported() -> None:
    """Such as one of another version of the provider."""
    (line,) = reported(deployment(restApi="a", madeUp=1, other=None))
    assert line == 'aws.apigateway.Deployment "d": madeUp ignored; Parity does not know such arguments'


def test_arguments_of_earlier_providers_are_known() -> None:
    assert reported(deployment(restApi="a", stageName="dev", variables={"a": "b"}, stageDescription="x")) == []
    assert "set them on the Stage" in reported(deployment(restApi="a", variables={"a": "b"}))[0]


def test_the_documentation_has_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert section() in page, "write it anew: python -m tests.local.rest_api.argument_docs"
    assert written(page) == page
