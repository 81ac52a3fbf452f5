"""Records what the real Apache Velocity makes of templates, for the tests to compare with.

`python -m tests.velocity.record --oracle COMMAND` renders the samples again, where COMMAND reads JSON lines with
`template` and `context` and writes them with `output` or `error` (the simple name of the exception) added.
`--compare KIND START COUNT` prints where the engine disagrees on random templates and records nothing.
"""

import argparse
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from parity.velocity import Template, VelocityError
from tests.velocity.generator import context, edges, language
from tests.velocity.vocabulary import oddities

Json = dict[str, Any]
KINDS = {"language": language, "edges": edges}
RECORDED = Path(__file__).with_name("recorded")
SAMPLES = {"language": range(1100), "edges": range(1100)}
_IDENTITY = re.compile(r"@[0-9a-f]+")


def render_by_oracle(command: str, cases: Iterable[Json]) -> list[Json]:
    """The cases with what the oracle makes of them.

    Args:
        command: the oracle's command line.
        cases: objects with `template` and `context`.
    """
    given = "".join(json.dumps(case) + "\n" for case in cases)
    result = subprocess.run(shlex.split(command), input=given, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def rendered(case: Json) -> Json:
    """What the engine makes of a case: its `output`, or its `error`."""
    try:
        return {"output": Template(case["template"]).render(json.loads(json.dumps(case["context"])))}
    except VelocityError as error:
        return {"error": error.java_class}


def agrees(case: Json) -> bool:
    """Whether the engine makes of a recorded case what Velocity made of it; an identity like `[B@1f` is any."""
    got = rendered(case)
    if "error" in case or "error" in got:
        return got.get("error") == case.get("error")
    return _IDENTITY.sub("@", got["output"]) == _IDENTITY.sub("@", case["output"])


def record(command: str) -> None:
    """Writes the samples anew."""
    RECORDED.mkdir(exist_ok=True)
    for kind, seeds in SAMPLES.items():
        write(kind, render_by_oracle(command, map(KINDS[kind], seeds)))
    import random

    cases = [{"template": template, "context": context(random.Random(at))} for at, template in enumerate(oddities())]
    write("oddities", render_by_oracle(command, cases))


def write(name: str, cases: list[Json]) -> None:
    lines = (json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in cases)
    (RECORDED / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="ascii")


def main() -> int:
    """Records, or compares.

    Returns:
        The exit status: 1 when the engine disagrees.
    """
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracle", required=True, metavar="COMMAND")
    parser.add_argument("--compare", nargs=3, metavar=("KIND", "START", "COUNT"))
    options = parser.parse_args()
    if not options.compare:
        record(options.oracle)
        return 0
    kind, start, count = options.compare[0], int(options.compare[1]), int(options.compare[2])
    cases = render_by_oracle(options.oracle, map(KINDS[kind], range(start, start + count)))
    wrong = [case for case in cases if not agrees(case)]
    for case in wrong[:20]:
        print(json.dumps({**case, "got": rendered(case)}))
    print(f"{len(cases) - len(wrong)} of {len(cases)} agree", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
