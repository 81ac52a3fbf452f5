"""Functions that are container images, run as processes in their build context."""

import asyncio
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from parity.gateway.model.backends import LambdaUnavailableError
from parity.local.containers.image import ImageSource
from parity.local.functions.assets import AssetStore
from parity.local.functions.concurrency import AccountConcurrency
from parity.local.functions.functions import lambda_function
from parity.local.functions.runtimes.image import FunctionImage
from parity.local.program.resource_index import ResourceIndex
from parity.local.program.worker_process import ProgramResult
from tests.local.functions.running_functions import running_function
from tests.local.running_programs import resource, run_program, write_program

PYTHON = """
import os, sys
def handler(event, context):
    return {name: os.environ.get(name) for name in ("COLOUR", "SIZE", "LAMBDA_TASK_ROOT")} | {"folder": os.getcwd()}
other = lambda event, context: "other"
"""
NODEJS = "exports.handler = async () => process.env.COLOUR;"


def image(folder: Path, dockerfile: str, command: Sequence[str] | None = None) -> FunctionImage:
    """The image of a context with a Dockerfile, and the modules `app.py` and `app.js` in `src`."""
    (folder / "context" / "src").mkdir(parents=True)
    (folder / "scratch").mkdir()
    (folder / "context" / "Dockerfile").write_text(dockerfile)
    (folder / "context" / "src" / "app.py").write_text(PYTHON)
    (folder / "context" / "src" / "app.js").write_text(NODEJS)
    source = ImageSource(context=folder / "context")
    return FunctionImage(source=source, command=command, entry_point=None, scratch=folder / "scratch")


async def answer(folder: Path, of: FunctionImage, **settings: Any) -> Any:
    """What the function answers."""
    async with running_function(folder, "", image=of, handler="", runtime="", **settings) as function:
        result = await function.invoke(b"{}")
    assert result.function_error is None, result.payload
    return json.loads(result.payload)


DOCKERFILES = {
    "AWS's base image": (
        "FROM public.ecr.aws/lambda/python:3.13\nENV COLOUR=red SIZE=small\nCOPY src/app.py ${LAMBDA_TASK_ROOT}\n"
        'CMD ["app.handler"]\n'
    ),
    "Docker Hub's": (
        "FROM amazon/aws-lambda-python:3.12 AS base\nFROM base\nENV COLOUR=red SIZE=small\nCOPY src ./\n"
        'CMD [ "app.handler" ]\n'
    ),
    "any other with the runtime interface client": (
        "FROM python:3.13-slim\nENV COLOUR=red SIZE=small\nWORKDIR /function\nCOPY src .\n"
        'ENTRYPOINT ["/usr/local/bin/python", "-m", "awslambdaric"]\nCMD ["app.handler"]\n'
    ),
}


@pytest.mark.parametrize("dockerfile", DOCKERFILES.values(), ids=DOCKERFILES.keys())
async def test_the_images_handler_runs_in_its_working_directory(tmp_path: Path, dockerfile: str) -> None:
    seen = await answer(tmp_path, image(tmp_path, dockerfile), environment={"COLOUR": "green"})
    assert seen["COLOUR"] == "green"  # the function's own comes before the image's
    assert seen["SIZE"] == "small"
    assert seen["folder"] == seen["LAMBDA_TASK_ROOT"]
    assert (Path(seen["folder"]) / "app.py").samefile(tmp_path / "context" / "src" / "app.py")


async def test_the_functions_command_comes_before_the_images(tmp_path: Path) -> None:
    """https://docs.aws.amazon.com/lambda/latest/dg/images-parms.html"""
    assert await answer(tmp_path, image(tmp_path, DOCKERFILES["AWS's base image"], ["app.other"])) == "other"


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node on the PATH")
@pytest.mark.parametrize(
    "dockerfile",
    [
        'FROM public.ecr.aws/lambda/nodejs:20\nCOPY src ${LAMBDA_TASK_ROOT}/\nENV COLOUR=red\nCMD ["app.handler"]\n',
        "FROM node:20-slim\nWORKDIR /function\nCOPY src .\nENV COLOUR=red\nRUN npm install aws-lambda-ric\n"
        'ENTRYPOINT ["/usr/local/bin/npx", "aws-lambda-ric"]\nCMD ["app.handler"]\n',
    ],
)
async def test_node_images_run_their_handler(tmp_path: Path, dockerfile: str) -> None:
    assert await answer(tmp_path, image(tmp_path, dockerfile)) == "red"


@pytest.mark.parametrize(
    ("dockerfile", "reason"),
    [
        ("FROM public.ecr.aws/lambda/python:3.13\n", "names no handler: give its Dockerfile a CMD"),
        ("FROM public.ecr.aws/lambda/java:21\nCMD ['a']\n", "whose runtime is not emulated"),
        ("COPY a b\n", "a Dockerfile that Docker refuses"),
        ('FROM x\nENTRYPOINT ["no-such-program"]\n', "its program 'no-such-program' is neither in the build context"),
    ],
)
async def test_what_cannot_be_run_says_why(tmp_path: Path, dockerfile: str, reason: str) -> None:
    of = image(tmp_path, dockerfile)
    async with running_function(tmp_path, "", image=of) as function:
        with pytest.raises(LambdaUnavailableError) as unavailable:
            await function.invoke(b"{}")
    assert reason in str(unavailable.value)


def test_an_image_of_the_program_is_run_and_another_is_not(tmp_path: Path) -> None:
    image(tmp_path, DOCKERFILES["AWS's base image"])
    source = """
import pulumi_aws as aws, pulumi_docker_build as docker_build
own = docker_build.Image("own", context={"location": "context"}, tags=["own:latest"], push=False)
common = {"package_type": "Image", "role": "r"}
aws.lambda_.Function("f", image_uri=own.ref, image_config={"commands": ["app.other"]}, **common)
aws.lambda_.Function("g", image_uri="1.dkr.ecr.us-east-1.amazonaws.com/theirs:1", **common)
"""
    result = run_program(write_program(tmp_path, source))
    asyncio.run(invoke_both(result, AssetStore(tmp_path)))


async def invoke_both(result: ProgramResult, store: AssetStore) -> None:
    """Invokes the program's functions `f`, which runs, and `g`, which does not."""
    account = AccountConcurrency()
    functions = [
        lambda_function(
            resource(result, "aws:lambda/function:Function", name),
            ResourceIndex(result.resources),
            store,
            log=lambda _: None,
            account=account,
        )
        for name in ("f", "g")
    ]
    assert (await functions[0].invoke(b"{}")).payload == b'"other"'
    with pytest.raises(LambdaUnavailableError, match="not built from a Dockerfile of this program"):
        await functions[1].invoke(b"{}")
    await functions[0].aclose()
    store.close()
