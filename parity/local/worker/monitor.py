"""The resource monitor that a program's SDK talks to: it answers registrations at once, as an engine without a cloud.

It stands where the SDK expects the gRPC stub of Pulumi's ResourceMonitor service
(https://github.com/pulumi/pulumi/blob/master/proto/pulumi/resource.proto) and is called in the program's own thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pulumi
from google.protobuf import empty_pb2, struct_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import provider_pb2, resource_pb2

from parity.local.program.records import ResourceRecord
from parity.local.resources import lookups
from parity.local.resources.account import EmulatedAccount
from parity.local.resources.answers import function_answer, python_name, registered_answer, resource_answer
from parity.local.resources.apigateway import REST_API
from parity.local.resources.identity import partition_of
from parity.local.resources.outputs import computed_outputs
from parity.local.worker.component import ComponentError, Registered, is_reference
from parity.local.worker.transforms import Transforms
from parity.local.worker.unanswered import Unanswered
from parity.local.worker.wire import secret_properties, struct_to_plain, to_struct

STACK_TYPE = "pulumi:pulumi:Stack"
_FEATURES = (
    "SECRETS",
    "RESOURCE_REFERENCES",
    "ALIAS_SPECS",
    "REPLACEMENT_TRIGGER",
    "DELETED_WITH",
    "REPLACE_WITH",
    "TRANSFORMS",
    "INVOKE_TRANSFORMS",
    "PARAMETERIZATION",
    "RESOURCE_HOOKS",
    "ERROR_HOOKS",
)
_OWN_PROGRAMS = Path(__file__).resolve().parents[2] / "local" / "program"
_BUILT_COMPONENTS = frozenset({"aws-apigateway:index:RestAPI"})

Send = Callable[[dict[str, Any]], None]


class Monitor:
    """Records what a program registers and answers with plausible outputs.

    Args:
        emulated_account: what outputs depend on besides the resource itself.
        send: takes each message for the serving process, a JSON object.
    """

    def __init__(self, emulated_account: EmulatedAccount, send: Send) -> None:
        self._surroundings = emulated_account
        self.unanswered = Unanswered(emulated_account.root, emulated_account.answers, _BUILT_COMPONENTS)
        self._send = send
        self._urns: set[str] = set()
        self._transforms = Transforms()
        self._told: set[str] = set()

    def RegisterResource(self, request: Any) -> Any:
        """Registers a resource: its URN, id and computed outputs."""
        urn = self._new_urn(request.parent, request.type, request.name)
        if request.type == STACK_TYPE:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if request.remote and request.type in _BUILT_COMPONENTS:
            return self._construct(request, urn)
        if request.remote:
            self._tell(f"component {request.name!r} ({request.type}) is not created: it needs a provider plugin")
        if request.type.startswith("pulumi-python:dynamic"):
            self._tell(
                f"dynamic resource {request.name!r} ({request.type}) is not created: its provider would act on AWS"
            )
        properties, provider = self._transforms.apply(request, urn)
        computed = self._record(request, urn, properties, provider, request.importId, custom=request.custom)
        id_ = str(computed.pop("id", "")) if request.custom else ""
        secrets = frozenset(request.additionalSecretOutputs)
        answer = struct_pb2.Struct()
        if properties is not request.object:
            answer.CopyFrom(properties)
        answer.MergeFrom(to_struct(computed, secrets))
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=answer)

    def _construct(self, request: Any, urn: str) -> Any:
        """Builds a component as its provider plugin would, its children registered as the program's own are."""
        from parity.local.worker.rest_api_component import build_rest_api

        properties, _ = self._transforms.apply(request, urn)
        self._record(request, urn, properties, request.provider, "", custom=False)
        children = _Children(self, request, urn, self._surroundings, secret=bool(secret_properties(properties)))
        arguments = struct_to_plain(properties, keep_references=True)
        try:
            outputs = build_rest_api(request.name, arguments, children)
        except ComponentError as error:
            where = f" ({self._source(request)})" if self._source(request) else ""
            raise pulumi.RunError(f"{request.type} {request.name!r}{where}: {error}") from error
        self._surroundings.by_urn[urn]["outputs"] = outputs
        return resource_pb2.RegisterResourceResponse(urn=urn, object=to_struct(outputs))

    def ReadResource(self, request: Any) -> Any:
        """Answers for a resource that exists already, as `get` and StackReference read it."""
        urn = self._new_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:StackReference":
            outputs = {"name": request.id, "outputs": self._stack_outputs(request.id), "secretOutputNames": []}
            return _read_response(urn, request.id, to_struct(outputs))
        computed = self._record(request, urn, request.properties, request.provider, request.id, custom=True)
        computed.pop("id", None)
        if request.type == REST_API:
            self._tell(
                f"the REST API {request.id} exists already: what is not declared in this program is not served; export "
                "it with 'aws apigateway get-export' and serve the document (docs/openapi.md)"
            )
        answer = to_struct(computed, frozenset(request.additionalSecretOutputs))
        return _read_response(urn, request.id, answer)

    def _stack_outputs(self, name: str) -> dict[str, Any]:
        """The outputs that the file of answers has of a stack, named in full or by project and stack."""
        stacks = self._surroundings.answers.get("stacks") or {}
        short = name.split("/")[-2:]
        fitting = [known for known in stacks if known == name or known.split("/")[-2:] == short]
        if not fitting:
            self._tell(f"the stack {name} has no outputs locally: write them in the file of answers (docs/answers.md)")
        return dict(stacks.get(fitting[0]) or {}) if fitting else {}

    def _record(
        self, request: Any, urn: str, properties: struct_pb2.Struct, provider: str, given_id: str, *, custom: bool
    ) -> dict[str, Any]:
        """Sends the record of a resource and returns its computed outputs, `id` among them."""
        inputs = struct_to_plain(properties)
        source = self._source(request)
        record = ResourceRecord(
            type=request.type,
            name=request.name,
            urn=urn,
            inputs=inputs,
            custom=custom,
            parent=request.parent,
            provider=provider,
            dependencies=tuple(request.dependencies),
            property_dependencies={
                name: tuple(found.urns) for name, found in getattr(request, "propertyDependencies", {}).items()
            },
            secrets=secret_properties(properties),
            declared_in=source,
        )
        promised = custom or (getattr(request, "remote", False) and request.type not in _BUILT_COMPONENTS)
        computed = computed_outputs(record, self._surroundings, given_id) if promised else {}
        if given_id:
            computed.update(resource_answer(self._surroundings, request.type, given_id))
        elif request.type == "archive:index/file:File":
            computed.update(self._archive(inputs, record.declared_by))
        message = record.to_json()
        message["id"] = str(computed.get("id", ""))
        message["outputs"] = {**inputs, **{name: value for name, value in computed.items() if name != "id"}}
        self._surroundings.remember(record, message["id"], message["outputs"])
        self._send({"kind": "resource", "resource": message})
        return computed

    def RegisterResourceOutputs(self, request: Any) -> Any:
        """Notes the outputs of the stack; those of a component have no effect."""
        if STACK_TYPE in request.urn.split("::")[2]:
            secrets = list(secret_properties(request.outputs))
            self._send({"kind": "outputs", "outputs": struct_to_plain(request.outputs), "secrets": secrets})
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:
        """Answers a look-up."""
        arguments = struct_to_plain(self._transforms.apply_to_invoke(request))
        if request.tok == "pulumi:pulumi:getResource":
            found = self._surroundings.by_urn.get(arguments["urn"])
            if found is None:
                raise pulumi.RunError(f"unknown resource {arguments['urn']}")
            answer = {"urn": arguments["urn"], "id": found["id"], "state": found["outputs"]}
            secrets: frozenset[str] = frozenset()
        else:
            answer, secrets = self._answer(request.tok, arguments, self._surroundings.region_of(request.provider))
        response = getattr(resource_pb2, "ResourceInvokeResponse", provider_pb2.InvokeResponse)  # its older name
        return response(**{"return": to_struct(answer, secrets)})

    def _answer(self, token: str, arguments: dict[str, Any], region: str) -> tuple[dict[str, Any], frozenset[str]]:
        """The answer to a function, and which of its members are secret."""
        written = function_answer(self._surroundings, token, arguments)
        if written is not None:
            return written
        if token == "archive:index/getFile:getFile":  # noqa: S105 - a function's token
            return {**arguments, **self._archive(arguments, python_name(token))}, frozenset()
        known = registered_answer(self._surroundings, token, arguments)
        if known is None:
            known = lookups.answer(token, arguments, region, self._surroundings)
        if known is None:
            call = self.unanswered.add(token, arguments)
            self._tell(
                f"{call.shown} is not emulated: it answers its arguments, and reading more of it is an error; "
                "its answer can be written down (docs/answers.md)"
            )
            known = arguments
        return known, frozenset()

    def _archive(self, arguments: dict[str, Any], asked_by: str) -> dict[str, Any]:
        from parity.local.resources.archive import ArchiveError, make_archive

        try:
            return make_archive(arguments)
        except ArchiveError as error:
            raise pulumi.RunError(f"{asked_by}: {error}") from error

    def Call(self, request: Any) -> Any:
        """Answers a method call on a resource: nothing is known of it but its arguments."""
        self._tell(f"method {request.tok} is not known; its answer is its own arguments")
        arguments = struct_to_plain(request.args)
        arguments.pop("__self__", None)
        return provider_pb2.CallResponse(**{"return": to_struct(arguments)})

    def ExistsResource(self, request: Any) -> Any:
        """Whether this program registered a resource of this type and id."""
        found = any(r["id"] == request.id and r["type"] == request.type for r in self._surroundings.by_urn.values())
        return resource_pb2.ExistsResourceResponse(exists=found)

    def RegisterStackTransform(self, request: Any) -> Any:
        """Takes a transform of every later resource."""
        self._transforms.add_for_stack(request.token)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:
        """Takes a transform of every later look-up."""
        self._transforms.add_for_invokes(request.token)
        return empty_pb2.Empty()

    def RegisterResourceHook(self, request: Any) -> Any:
        """Accepts a hook; nothing is created, so that it never runs."""
        self._tell(f"resource hook {request.name!r} is not run: nothing is created on AWS")
        return empty_pb2.Empty()

    def RegisterErrorHook(self, _: Any) -> Any:
        """Accepts a hook for errors, which never occur."""
        return empty_pb2.Empty()

    def RegisterPackage(self, request: Any) -> Any:
        """Accepts a parameterised package and names it."""
        return resource_pb2.RegisterPackageResponse(ref=f"{request.name}@{request.version}")

    def GetDeploymentInfo(self, _: Any) -> Any:
        """The features of this monitor, those that the program's SDK knows by name."""
        names = (f"RESOURCE_MONITOR_FEATURE_{name}" for name in _FEATURES)
        features = [getattr(resource_pb2, name) for name in names if hasattr(resource_pb2, name)]
        return resource_pb2.DeploymentInfo(supportedFeatures=features)

    def SupportsFeature(self, request: Any) -> Any:
        """Answers SDKs that ask feature by feature, by their old names."""
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id != "outputValues")

    def SignalAndWaitForShutdown(self, _: Any) -> Any:
        """Nothing is left to wait for."""
        return empty_pb2.Empty()

    def _new_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN of a resource, as the engine builds it; a second one of the same name is the program's error."""
        qualified = type_
        parent_type = parent.split("::")[2] if parent else ""
        if parent_type and parent_type != STACK_TYPE:
            qualified = f"{parent_type}${type_}"
        urn = f"urn:pulumi:{self._surroundings.stack}::{self._surroundings.project}::{qualified}::{name}"
        if urn in self._urns:
            raise pulumi.RunError(f"Duplicate resource URN '{urn}'; try giving it a unique name")
        self._urns.add(urn)
        return urn

    def _source(self, request: Any) -> str:
        """Where the program declared the resource, as `file:line`, from the project's folder if it is in there."""
        position = getattr(request, "sourcePosition", None)  # an older SDK does not send it
        if position is None or not position.uri:
            return ""
        path = Path(unquote(urlsplit(position.uri).path))
        if path.is_relative_to(_OWN_PROGRAMS):
            return ""  # an OpenAPI document is served: its author knows nothing of the program that does it
        root = self._surroundings.root
        return f"{path.relative_to(root) if path.is_relative_to(root) else path}:{position.line}"

    def _tell(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._send({"kind": "notice", "text": text})


def _read_response(urn: str, id_: str, properties: struct_pb2.Struct) -> Any:
    """The answer to a read; an older SDK has no place for the id in it."""
    answer = resource_pb2.ReadResourceResponse(urn=urn, properties=properties)
    if hasattr(answer, "id"):
        answer.id = id_
    return answer


class _Children:
    """Registers the children of one component; see `Registrar`."""

    def __init__(self, monitor: Monitor, request: Any, urn: str, account: EmulatedAccount, *, secret: bool) -> None:
        self._monitor = monitor
        self._request = request
        self._urn = urn
        self._account = account
        self._secret = secret
        self._provider = dict(request.providers).get("aws", "")
        self.region = account.region_of(self._provider)
        self.partition = partition_of(self.region)

    def register(
        self, type_: str, name: str, inputs: Mapping[str, Any], depends_on: Iterable[Registered] = ()
    ) -> Registered:
        """Registers a child at the program's line that declares the component."""
        secrets = frozenset({"body"}) if self._secret else frozenset()
        child = resource_pb2.RegisterResourceRequest(
            type=type_,
            name=name,
            parent=self._urn,
            custom=True,
            object=to_struct(inputs, secrets),
            provider=self._provider,
            dependencies=[dependency.urn for dependency in depends_on],
        )
        if hasattr(child, "sourcePosition"):
            child.sourcePosition.CopyFrom(self._request.sourcePosition)
        answer = self._monitor.RegisterResource(child)
        return Registered(urn=answer.urn, id=answer.id, outputs=self._account.by_urn[answer.urn]["outputs"])

    def resource(self, reference: Any) -> Registered:
        """The registered resource behind a reference."""
        found = self._account.by_urn.get(reference.get("urn")) if is_reference(reference) else None
        if found is None:
            raise ComponentError(f"{reference!r:.80} is not a resource of this program")
        return Registered(urn=found["urn"], id=found["id"], outputs=found["outputs"])
