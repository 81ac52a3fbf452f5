"""Transforms of resources and look-ups: functions of the program that the engine calls back before it acts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from google.protobuf import struct_pb2  # type: ignore[import-untyped]
from google.protobuf.message import Message  # type: ignore[import-untyped]
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.sync_await import _sync_await


class Transforms:
    """The transforms that a program registered, applied in the engine's order: the resource's own, then those of its
    parents from the nearest on, then the stack's."""

    def __init__(self) -> None:
        self._for_stack: list[str] = []
        self._for_invokes: list[str] = []
        self._of_urn: dict[str, tuple[str, ...]] = {}

    def add_for_stack(self, token: str) -> None:
        """Adds the transform behind `token` for every later resource."""
        self._for_stack.append(token)

    def add_for_invokes(self, token: str) -> None:
        """Adds the transform behind `token` for every later look-up."""
        self._for_invokes.append(token)

    def apply(self, request: Any, urn: str) -> tuple[struct_pb2.Struct, str]:
        """The properties and the provider reference of a resource after its transforms."""
        own = tuple(callback.token for callback in getattr(request, "transforms", ()))
        inherited = own + self._of_urn.get(request.parent, ())
        if inherited:
            self._of_urn[urn] = inherited
        properties, provider = request.object, request.provider
        for token in (*inherited, *self._for_stack):
            question = resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=properties,
                options=resource_pb2.TransformResourceOptions(
                    depends_on=request.dependencies, provider=provider, protect=request.protect
                ),
            )
            answer = _call_back(token, question)
            properties, provider = answer.properties, answer.options.provider or provider
        return properties, provider

    def apply_to_invoke(self, request: Any) -> struct_pb2.Struct:
        """The arguments of a look-up after its transforms."""
        arguments: struct_pb2.Struct = request.args
        for token in self._for_invokes:
            question = resource_pb2.TransformInvokeRequest(
                token=request.tok,
                args=arguments,
                options=resource_pb2.TransformInvokeOptions(provider=request.provider, version=request.version),
            )
            arguments = _call_back(token, question).args
        return arguments


def _call_back(token: str, question: Message) -> Any:
    from pulumi.runtime._callbacks import _CallbackServicer  # an older SDK has none, and no transforms

    servicers: Iterable[Any] = _CallbackServicer._servicers
    function = next(servicer._callbacks[token] for servicer in servicers if token in servicer._callbacks)
    return _sync_await(function(question.SerializeToString()))
