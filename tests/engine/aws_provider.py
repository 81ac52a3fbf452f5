"""A Pulumi resource provider that stands in for AWS and for docker-build: it keeps resources in an `Account`."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NoReturn

import grpc  # type: ignore[import-untyped]
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from tests.engine import aws_resources
from tests.engine.argument_schema import argument_problems
from tests.engine.aws_account import Account, RefusedError
from tests.engine.aws_functions import call_function
from tests.engine.aws_rules import CHANGED_BY_UPDATE, NAME_PREFIXES, NAMED, REPLACED_BY
from tests.engine.property_values import UNKNOWN, Properties, from_struct, is_special, revealed, to_struct

DEFAULTS = "__defaults"
NEVER_COMPARED = {"password"}  # of a registry, which is another one each time


class AwsProvider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves every resource type; `account` shows what the engine did, `version` is the plugin's that it stands for."""

    def __init__(self, account: Account, version: str) -> None:
        self.account = account
        self.version = version

    def Handshake(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def Configure(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return plugin_pb2.PluginInfo(version=self.version)

    def CheckConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_UNKNOWN)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        return empty_pb2.Empty()

    def Invoke(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        try:
            answer = call_function(request.tok, revealed(from_struct(request.args)))
        except KeyError:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"no look-up {request.tok} in the stand-in for AWS")
        return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})

    def Check(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        """Refuse wrong arguments, and give a name to what needs one and has none."""
        token, news = _type_of(request.urn), from_struct(request.news)
        named = _with_name(token, _name_of(request.urn), news, from_struct(request.olds), request.randomSeed)
        problems = argument_problems(token, news) + _name_problems(token, named)
        failures = [provider_pb2.CheckFailure(reason=problem) for problem in problems]
        return provider_pb2.CheckResponse(inputs=to_struct(named), failures=failures)

    def Diff(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        token = _type_of(request.urn)
        olds, news = from_struct(request.old_inputs), from_struct(request.news)
        changed = changed_properties(olds, news)
        replaces = sorted(changed & _replacing(token, changed))
        kind = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=kind,
            diffs=sorted(changed),
            replaces=replaces,
            deleteBeforeReplace=bool(replaces) and _must_be_deleted_first(token, olds, news),
        )

    def Create(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        token, inputs = _type_of(request.urn), from_struct(request.properties)
        if request.preview:
            planned = aws_resources.planned_outputs(token, inputs)
            return provider_pb2.CreateResponse(properties=to_struct(planned))
        with _refusals(context):
            made = self.account.create(token, request.urn, inputs)
        return provider_pb2.CreateResponse(id=made.id, properties=to_struct(made.outputs))

    def Update(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        inputs, token = from_struct(request.news), _type_of(request.urn)
        if request.preview:
            given = {name: value for name, value in inputs.items() if name != DEFAULTS}
            kept = from_struct(request.olds) | dict.fromkeys(CHANGED_BY_UPDATE.get(token, set()), UNKNOWN)
            return provider_pb2.UpdateResponse(properties=to_struct(kept | given))
        with _refusals(context):
            changed = self.account.update(token, request.id, inputs)
        return provider_pb2.UpdateResponse(properties=to_struct(changed.outputs))

    def Read(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _refusals(context):
            found = self.account.find(_type_of(request.urn), request.id)
        return provider_pb2.ReadResponse(
            id=found.id, properties=to_struct(found.outputs), inputs=to_struct(found.inputs)
        )

    def Delete(self, request: Any, context: grpc.ServicerContext) -> Any:  # noqa: N802
        with _refusals(context):
            self.account.delete(_type_of(request.urn), request.id)
        return empty_pb2.Empty()


@contextmanager
def serving(account: Account, version: str) -> Iterator[int]:
    """Serve `account` on a free local port, which is the value, until the block ends."""
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=16), options=unlimited)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsProvider(account, version), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait()


def changed_properties(olds: Mapping[str, Any], news: Mapping[str, Any]) -> set[str]:
    """The names of the properties whose values differ; an asset is compared by its hash, not by its place."""
    names = (olds.keys() | news.keys()) - {DEFAULTS}
    return {name for name in names if _comparable(olds.get(name)) != _comparable(news.get(name))}


def _comparable(value: Any) -> Any:
    value = revealed(value)
    if is_special(value):
        return value.get("hash") or value
    if isinstance(value, dict):
        return {key: _comparable(item) for key, item in value.items() if key not in NEVER_COMPARED}
    return [_comparable(item) for item in value] if isinstance(value, list) else value


def _replacing(token: str, changed: set[str]) -> set[str]:
    properties = REPLACED_BY.get(token, set())
    return changed - {"tags"} if "*" in properties else properties


def _must_be_deleted_first(token: str, olds: Properties, news: Properties) -> bool:
    """Whether the old resource must go before the new one comes: their name is the program's own, and the same."""
    key, _ = NAMED.get(token, ("", 0))
    kept = key != "" and revealed(olds.get(key)) == revealed(news.get(key))
    return kept and key not in news.get(DEFAULTS, [])


def _with_name(token: str, name: str, news: Properties, olds: Properties, seed: bytes) -> Properties:
    """`news` with a name of the provider's making where the type has one and the program gives none."""
    key, _ = NAMED.get(token, ("", 0))
    prefix = news.get(f"{key}Prefix")
    if not key or key in news:
        return {**news, DEFAULTS: []}
    if key in olds.get(DEFAULTS, []):
        return {**news, key: olds[key], DEFAULTS: [key]}
    digits = seed.hex()[:7] or "0000000"
    stem = NAME_PREFIXES.get(token, "") + (f"{prefix}" if prefix else f"{name}-")
    return {**news, key: f"{stem}{digits}", DEFAULTS: [key]}


def _name_problems(token: str, inputs: Properties) -> list[str]:
    key, longest = NAMED.get(token, ("", 0))
    name = revealed(inputs.get(key, ""))
    too_long = isinstance(name, str) and name != UNKNOWN and len(name) > longest > 0
    return [f"{key} {name!r} is longer than {longest} characters"] if too_long else []


def _type_of(urn: str) -> str:
    """The resource type in a URN, without the types of its parents."""
    return urn.split("::")[2].rpartition("$")[2]


def _name_of(urn: str) -> str:
    return urn.partition("::")[2].partition("::")[2].partition("::")[2]


@contextmanager
def _refusals(context: grpc.ServicerContext) -> Iterator[None]:
    """Answer a request that AWS would refuse with its reason."""
    try:
        yield
    except RefusedError as refused:
        _abort(context, str(refused))


def _abort(context: grpc.ServicerContext, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, message)
    raise AssertionError(message)
