"""One run of a program, made live: what `pulumi up` would be on AWS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from parity.errors import UserError
from parity.gateway.canary import stage_gateway
from parity.gateway.checks.check import Problem
from parity.gateway.gateway import Gateway
from parity.gateway.lifecycle.request_work import BudgetSize
from parity.gateway.server.custom_domains import CustomDomain
from parity.local.aws_differences import differences
from parity.local.containers.containers import BUILT_IMAGE, CLASSIC_IMAGE
from parity.local.functions.functions import ALIAS, EVENT_INVOKE_CONFIG, FUNCTION, LAYER
from parity.local.live_backends import LiveBackends
from parity.local.program.configuration import Configuration
from parity.local.program.project import Project
from parity.local.program.resource_index import ResourceIndex
from parity.local.program.worker_process import ProgramResult, Worker
from parity.local.rest_api.domain_names import LIVE_TYPES as DOMAIN_TYPES
from parity.local.rest_api.domain_names import custom_domains
from parity.local.rest_api.private_endpoints import (
    LISTENER_RULES,
    LISTENERS,
    LOAD_BALANCERS,
    SERVICE,
    TARGET_GROUPS,
    TASK_DEFINITION,
)
from parity.local.rest_api.rest_apis import LIVE_TYPES, DeployedApi, rest_apis
from parity.local.rest_api.user_pools import USER_POOL_TYPES
from parity.local.services.resource_types import SERVICE_TYPES
from parity.local.session_options import LogSink, SessionOptions

_LIVE_TYPES = (
    LIVE_TYPES
    | DOMAIN_TYPES
    | USER_POOL_TYPES
    | {FUNCTION, ALIAS, LAYER, EVENT_INVOKE_CONFIG, SERVICE, TASK_DEFINITION, BUILT_IMAGE, CLASSIC_IMAGE}
    | {*LOAD_BALANCERS, *LISTENERS, *LISTENER_RULES, *TARGET_GROUPS}
)


@dataclass(slots=True, kw_only=True)
class Deployment:
    """What one run of the program made. `gateways` holds each API's by stage name, by the API's URN."""

    result: ProgramResult
    apis: list[DeployedApi]
    gateways: Mapping[str, Mapping[str, Gateway]]
    backends: LiveBackends
    notices: list[str]
    domains: Mapping[str, CustomDomain]

    @property
    def unsupported_resources(self) -> dict[str, list[str]]:
        """The names of the resources that are not emulated, by type."""
        found: dict[str, list[str]] = {}
        live_types = _LIVE_TYPES | (SERVICE_TYPES if self.backends.has_services else frozenset())
        for record in self.result.resources:
            if record.custom and record.type not in live_types and not record.type.startswith("pulumi:"):
                found.setdefault(record.declared_by.partition(' "')[0], []).append(record.name)
        return found

    async def aclose(self) -> None:
        """Ends the backends. The gateways belong to the servers that show them."""
        await self.backends.aclose()


async def deploy(
    worker: Worker,
    project: Project,
    configuration: Configuration,
    options: SessionOptions,
    origin_of: Callable[[str], str],
) -> Deployment:
    """Runs a program and makes what it declares live, up to the gateways; nothing is served yet.

    Args:
        worker: the process to run it in.
        project: the project.
        configuration: the stack's configuration.
        options: how the session is run.
        origin_of: answers the URL, without a path, at which the REST API with a URN is served.

    Raises:
        UserError: the program fails, or an API's definition is wrong.
    """
    log_sink = options.log_sink or _ignore
    backends = LiveBackends(
        project.directory,
        container_mode=options.container,
        log_sink=log_sink,
        aws_endpoints=options.aws_endpoints,
        region=configuration.values["aws:region"],
    )
    try:
        _tell(options, f"running {project.name}")
        result = await worker.run(project, options.stack, configuration, origin_of=origin_of, on_resource=backends.add)
        resource_index = ResourceIndex(result.resources)
        apis = rest_apis(resource_index)
        domains = custom_domains(resource_index)
        notices = [*result.notices, *_checked(apis), *differences(resource_index, apis)]
        gateways = {api.record.urn: _gateways(api, backends, log_sink, options.budget) for api in apis}
        _tell(options, "starting the backends")
        await backends.ready(resource_index)
    except BaseException:
        await backends.aclose()
        raise
    notices += backends.notes()
    return Deployment(result=result, apis=apis, gateways=gateways, backends=backends, notices=notices, domains=domains)


def _gateways(api: DeployedApi, backends: LiveBackends, log_sink: LogSink, budget: BudgetSize) -> dict[str, Gateway]:
    return {
        name: stage_gateway(api.definition, stage, backends, log_sink=log_sink, budget=budget)
        for name, stage in api.stages.items()
    }


def _checked(apis: list[DeployedApi]) -> list[str]:
    """The warnings about the APIs' definitions.

    Raises:
        UserError: there are errors; its text lists them.
    """
    problems = [problem for api in apis for problem in api.problems()]
    errors = [problem for problem in problems if problem.severity == "error" and problem.told in ("create", "deploy")]
    if errors:
        listed = "\n".join(f"  {_text(problem)}" for problem in errors)
        count = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise UserError(
            f"the API's definition has {count}:\n{listed}\n'parity lint' names the file and line of a template"
        )
    return [_text(problem) for problem in problems if problem not in errors]


def _text(problem: Problem) -> str:
    fix = f"; {problem.fix}" if problem.fix else ""
    return f"{problem.declared_by}: {problem.message}{fix}" if problem.declared_by else f"{problem.message}{fix}"


def _tell(options: SessionOptions, text: str) -> None:
    if options.on_progress is not None:
        options.on_progress(text)


def _ignore(_group: str, _line: str) -> None:
    """The log sink of a session that asks for no log."""
