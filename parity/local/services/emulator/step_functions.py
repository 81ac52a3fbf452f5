"""Step Functions' synchronous execution, which moto's server does not offer: an execution that is waited for.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
"""

import json
import time
import uuid
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.wrappers import Response

from parity.local.services.emulator.clients import Clients
from parity.local.services.emulator.responses import json_error, json_response

_POLL_SECONDS = 0.01
_LONGEST_SECONDS = 300.0


def with_name(payload: bytes) -> bytes:
    """The input of an execution with a name: a UUID, as Step Functions gives one that has none."""
    wanted = json.loads(payload)
    return json.dumps({**wanted, "name": wanted.get("name") or str(uuid.uuid4())}).encode()


class SyncExecutions:
    """Runs synchronous executions.

    Args:
        clients: clients of the emulated services.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def start(self, payload: bytes, region: str) -> Response:
        """Answers `StartSyncExecution`.

        Args:
            payload: the action's input.
            region: the region of the signature.
        """
        wanted = json.loads(with_name(payload))
        states = self._clients.of("stepfunctions", region)
        names = ("stateMachineArn", "name", "input", "traceHeader")
        try:
            machine = states.describe_state_machine(stateMachineArn=wanted["stateMachineArn"])
            if machine["type"] != "EXPRESS":
                return json_error(
                    "StateMachineTypeNotSupported", "This operation is not supported by this type of state machine"
                )
            started = states.start_execution(**{name: wanted[name] for name in names if wanted.get(name)})
            execution = self._finished(states, started["executionArn"])
        except ClientError as error:
            return json_error(error.response["Error"]["Code"], error.response["Error"]["Message"])
        return json_response(_output(execution), content_type="application/x-amz-json-1.0")

    @staticmethod
    def _finished(states: Any, arn: str) -> dict[str, Any]:
        deadline = time.monotonic() + _LONGEST_SECONDS
        while True:
            execution: dict[str, Any] = states.describe_execution(executionArn=arn)
            if execution["status"] != "RUNNING" or time.monotonic() > deadline:
                return execution
            time.sleep(_POLL_SECONDS)


def _compact(document: str | None) -> str | None:
    """JSON as Step Functions writes it, without spaces."""
    return None if document is None else json.dumps(json.loads(document), separators=(",", ":"), ensure_ascii=False)


def _output(execution: dict[str, Any]) -> dict[str, Any]:
    start, stop = execution["startDate"].timestamp(), execution.get("stopDate")
    end = stop.timestamp() if stop is not None else time.time()
    billed = max(100, -(-int((end - start) * 1000) // 100) * 100)
    output = {
        "executionArn": execution["executionArn"].replace(":execution:", ":express:", 1),
        "stateMachineArn": execution["stateMachineArn"],
        "name": execution.get("name") or execution["executionArn"].rpartition(":")[2],
        "startDate": start,
        "stopDate": end,
        "status": execution["status"],
        "input": execution.get("input", "{}"),
        "inputDetails": {"included": True},
        "output": _compact(execution.get("output")),
        "outputDetails": {"included": True},
        "error": execution.get("error"),
        "cause": execution.get("cause"),
        "billingDetails": {"billedDurationInMilliseconds": billed, "billedMemoryUsedInMB": 64},
    }
    return {name: value for name, value in output.items() if value is not None}
