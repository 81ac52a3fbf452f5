"""Whether the stage writes its logs, and whether the VPC link leads to healthy targets."""

import time
from collections.abc import Callable, Iterator

from parity.doctor.check import Check, failed, passed, skipped
from parity.doctor.deployed_api import DeployedApi

LOG_SECONDS = 30.0
"""How long an event may take from the request to CloudWatch Logs; usually it is a few seconds."""
POLL_SECONDS = 2.0


def check_surroundings(
    api: DeployedApi, since_ms: int, *, sleep: Callable[[float], None] = time.sleep, log_seconds: float = LOG_SECONDS
) -> list[Check]:
    """Asks AWS about the stage's logs and the VPC link.

    Args:
        api: what is asked.
        since_ms: when the first request of this check was sent, in milliseconds since 1970: the log has a newer event.
        sleep: waits for a number of seconds.
        log_seconds: how long to wait for that event, in seconds.
    """
    checks: list[Check] = []
    found = {"access log": _log_checks(api, since_ms, sleep, log_seconds), "VPC link": _link_checks(api)}
    for name, of_name in found.items():
        try:
            checks += of_name
        except Exception as error:  # botocore makes an error's class for each code of a service
            checks.append(_refused(name, error))
    return checks


def _refused(name: str, error: Exception) -> Check:
    kind = type(error).__name__
    if kind in ("NoCredentialsError", "PartialCredentialsError"):
        fix = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, of someone who may read the stack"
    else:
        fix = "call with credentials of the stack's account that may read API Gateway, CloudWatch Logs and ELB"
    return skipped(name, f"{kind}: {error}", fix)


def _log_checks(api: DeployedApi, since_ms: int, sleep: Callable[[float], None], log_seconds: float) -> Iterator[Check]:
    name, group = "access log", api.access_log_group()
    if not group:
        yield failed(name, "the stage has none", "it was taken away in the console", "pulumi refresh, and pulumi up")
        return
    waited = 0.0
    while (newest := api.newest_event_ms(group)) < since_ms and waited < log_seconds:
        sleep(POLL_SECONDS)
        waited += POLL_SECONDS
    if newest >= since_ms:
        yield passed(name, f"{group} has the requests of this check")
    elif not api.log_role():
        yield failed(
            name,
            f"{group} has no event of this check",
            "the account has no role with which API Gateway writes logs in this region",
            "pulumi config set parity:accountLogging manage, and pulumi up",
        )
    else:
        yield failed(
            name,
            f"{group} has no event of this check after {log_seconds:.0f} s",
            "the account's role for API Gateway's logs may not write, or was deleted",
            "attach AmazonAPIGatewayPushToCloudWatchLogs to it, or set parity:accountLogging to manage and pulumi up",
        )


def _link_checks(api: DeployedApi) -> Iterator[Check]:
    name, integration = "VPC link", api.private_integration()
    if integration is None:
        return
    state, message = api.link_state(integration.link_id)
    said = f"{integration.link_id} is {state}{f': {message}' if message else ''}"
    if state == "AVAILABLE":
        yield passed(name, said)
    else:
        yield failed(name, said, *_LINK_STATES.get(state, _LINK_STATES["FAILED"]))
    if integration.balancer_arn:
        yield _target_check(api, integration.balancer_arn)


def _target_check(api: DeployedApi, balancer_arn: str) -> Check:
    name, states = "targets", api.target_states(balancer_arn)
    healthy = sum(state == "healthy" for state, _ in states)
    if healthy:
        return passed(name, f"{healthy} of {len(states)} healthy")
    if not states:
        return failed(
            name,
            "the load balancer has none",
            "no task runs: the image cannot be pulled, or the tasks end at once",
            "look at the events of the ECS service and at the tasks' log",
        )
    reasons = ", ".join(dict.fromkeys(f"{state}{f' ({reason})' if reason else ''}" for state, reason in states))
    return failed(
        name,
        f"none of {len(states)} is healthy: {reasons}",
        "the tasks do not answer /healthz on port 8080 with 200, or a security group is in the way",
        "look at the tasks' log; 'pulumi refresh' shows changed security groups",
    )


_LINK_STATES = {
    "PENDING": ("API Gateway is still making its network interfaces", "wait a few minutes"),
    "INACTIVE": (
        "no request used it for 60 days, so that API Gateway took its network interfaces away",
        "send requests for a few minutes, until it is AVAILABLE again; one a month keeps it",
    ),
    "DELETING": ("it is being deleted", "pulumi refresh, and pulumi up"),
    "FAILED": (
        "API Gateway could not make its network interfaces: no free addresses, a deleted subnet, a zone without links",
        "pulumi up --replace with the link's URN, once the subnets are in order",
    ),
}
"""Cause and fix by the state of a link that is not available."""
