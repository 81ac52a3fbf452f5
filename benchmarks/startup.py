"""What the time goes into from calling `parity serve` until it accepts requests, for this project's program, for a
small one, for one with AWS services behind its API, and for one with 1,000 routes (5,003 resources); and how long the
whole of `parity compare` takes."""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from parity.gateway.checks.check import check
from parity.gateway.gateway import Gateway
from parity.gateway.model.backends import LambdaResult, ResponseSink
from parity.local import open_session
from parity.local.program.configuration import configure
from parity.local.program.project import Project
from parity.local.program.resource_index import ResourceIndex
from parity.local.program.worker_process import ProgramResult, Worker
from parity.local.rest_api.rest_apis import rest_apis

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5
DEADLINE_SECONDS = 120

_MANY_ROUTES = """
import pulumi
import pulumi_aws as aws

api = aws.apigateway.RestApi("api")
answers = []
for number in range({routes}):
    path = aws.apigateway.Resource(
        f"path{{number}}", rest_api=api.id, parent_id=api.root_resource_id, path_part=f"path{{number}}"
    )
    common = dict(rest_api=api.id, resource_id=path.id, http_method="GET")
    method = aws.apigateway.Method(f"method{{number}}", **common, authorization="NONE")
    integration = aws.apigateway.Integration(
        f"integration{{number}}", **common, type="MOCK",
        request_templates={{"application/json": '{{"statusCode": 200}}'}},
        opts=pulumi.ResourceOptions(depends_on=[method]),
    )
    response = aws.apigateway.MethodResponse(
        f"response{{number}}", **common, status_code="200", opts=pulumi.ResourceOptions(depends_on=[method])
    )
    answers.append(aws.apigateway.IntegrationResponse(
        f"answer{{number}}", **common, status_code="200",
        opts=pulumi.ResourceOptions(depends_on=[integration, response]),
    ))
deployment = aws.apigateway.Deployment("all", rest_api=api.id, opts=pulumi.ResourceOptions(depends_on=answers))
stage = aws.apigateway.Stage("dev", rest_api=api.id, deployment=deployment.id, stage_name="dev")
pulumi.export("url", stage.invoke_url)
"""


def main() -> None:
    """Prints a table of medians, in seconds. Best run on a machine with nothing else to do."""
    with tempfile.TemporaryDirectory() as folder:
        programs = {
            "this project": ROOT,
            "one route": _written(Path(folder) / "one", 1),
            "AWS services": ROOT / "examples" / "orders",
            "1,000 routes": _written(Path(folder) / "many", 1000),
        }
        rows = [("until it accepts requests", _until_it_accepts), *_PARTS.items()]
        print(f"{'median of ' + str(RUNS) + ' runs, seconds':42}" + "".join(f"{name:>14}" for name in programs))
        for label, measure in rows:
            cells = "".join(f"{_median(measure, program):14.2f}" for program in programs.values())
            print(f"{label:42}{cells}", flush=True)
        compared = statistics.median(_comparison() for _ in range(RUNS))
        print(f"{'parity compare, from call to end':42}{compared:14.2f}")


def _median(measure: Callable[[Path], float], program: Path) -> float:
    return statistics.median(measure(program) for _ in range(RUNS))


def _written(folder: Path, routes: int) -> Path:
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("name: routes\nruntime: python\n")
    (folder / "__main__.py").write_text(_MANY_ROUTES.format(routes=routes))
    return folder


def _until_it_accepts(program: Path) -> float:
    """The time until the outputs file is there, which is written once the ports accept requests."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = Path(folder) / "outputs.json"
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "parity.cli", "serve", str(program), "--outputs", str(outputs)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while not outputs.exists():
                if process.poll() is not None or time.perf_counter() - started > DEADLINE_SECONDS:
                    raise RuntimeError(f"parity serve {program} did not come up")
                time.sleep(0.002)
            return time.perf_counter() - started
        finally:
            process.terminate()
            process.wait()


def _comparison() -> float:
    """The time of `parity compare` with this project's program and all of its cases."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "parity.cli", "compare", str(ROOT)], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - started


def _import(statement: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - started


def _run_program(program: Path) -> tuple[float, ProgramResult]:
    """The time of the worker process, from its start to the program's end."""
    started = time.perf_counter()
    project = Project.at(program)
    configuration = configure(project, "dev", {})

    async def run() -> ProgramResult:
        return await Worker(project.root).run(project, "dev", configuration, origin_of=lambda _: "http://127.0.0.1:1")

    result = asyncio.run(run())
    return time.perf_counter() - started, result


def _make_gateways(program: Path) -> float:
    _, result = _run_program(program)

    async def build() -> float:
        started = time.perf_counter()
        for api in rest_apis(ResourceIndex(result.resources)):
            for stage in api.stages.values():
                check(api.definition, stage)
                await Gateway(api.definition, stage, _NoBackends()).aclose()
        return time.perf_counter() - started

    return asyncio.run(build())


class _NoBackends:
    """Stands for backends that are never called."""

    async def invoke(
        self, function_arn: str, payload: bytes, *, asynchronous: bool = False, sink: ResponseSink | None = None
    ) -> LambdaResult:
        """Is not called."""
        raise NotImplementedError(function_arn, payload, asynchronous, sink)

    def private_origin(self, connection_id: str, integration_target: str | None, uri: str) -> str | None:
        """Is not called."""
        raise NotImplementedError(connection_id, integration_target, uri)

    def service_endpoint(self, service: str, region: str) -> str | None:
        """Is not called."""
        raise NotImplementedError(service, region)

    def missing_service(self, service: str) -> str:
        """Is not called."""
        raise NotImplementedError(service)


def _backends_after_the_program(program: Path) -> float:
    """The time between the program's end and the session's start: containers that are not yet healthy, mostly."""
    moments: dict[str, float] = {}

    def note(text: str) -> None:
        moments[text] = time.perf_counter()

    async def start() -> float:
        async with open_session(program, on_progress=note):
            return time.perf_counter()

    ended = asyncio.run(start())
    return ended - moments["starting the backends"]


_PARTS: dict[str, Callable[[Path], float]] = {
    "  a Python process, empty": lambda _: _import("pass"),
    "  importing what serves (meanwhile)": lambda _: _import("import parity.cli.serving"),
    "  the worker process: SDK and program": lambda program: _run_program(program)[0],
    "    of which importing the SDK": lambda _: _import("import parity.local.worker.run"),
    "  definitions, checks, gateways": _make_gateways,
    "  waiting for the backends": _backends_after_the_program,
}

if __name__ == "__main__":
    main()
