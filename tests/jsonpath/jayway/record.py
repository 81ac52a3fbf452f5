"""Records what Jayway JsonPath and Apache Commons Lang answer to the cases of `cases.py`.

    python -m tests.jsonpath.jayway.record [--random N] [--damaged N] [--seed N] [--output FILE]

It takes Java and Maven, and fetches the libraries from Maven Central into a temporary folder; nothing of them is kept.
"""

import argparse
import base64
import json
import subprocess
import tempfile
from pathlib import Path

from tests.jsonpath.jayway.cases import ESCAPED, chosen_cases, damaged_texts, random_cases

HERE = Path(__file__).parent
LIBRARIES = ("com.jayway.jsonpath:json-path:2.9.0", "org.slf4j:slf4j-nop:2.0.11", "commons-lang:commons-lang:2.6")
DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version></dependency>"
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>record</groupId><artifactId>record</artifactId><version>1</version><dependencies>{}</dependencies></project>"""


def encode(text: str) -> str:
    """The text in Base64."""
    return base64.b64encode(text.encode()).decode()


def decode(text: str) -> str:
    """The reverse of `encode`."""
    return base64.b64decode(text).decode()


def ask(lines: list[str], folder: Path) -> list[list[str]]:
    """The answers of Record.java to the lines: a word and two texts for each."""
    dependencies = "".join(DEPENDENCY.format(*library.split(":")) for library in LIBRARIES)
    (folder / "pom.xml").write_text(POM.format(dependencies))
    subprocess.run(["mvn", "-q", "dependency:copy-dependencies", "-DoutputDirectory=lib"], cwd=folder, check=True)
    command = ["java", "-cp", "lib/*", str(HERE / "Record.java")]
    text = "\n".join(lines)
    answers = subprocess.run(command, cwd=folder, input=text, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [[word, decode(first), decode(second)] for word, first, second, _ in map(str.split, _padded(answers))]


def _padded(answers: str) -> list[str]:
    """The lines, with `=` for the empty texts, so that they split into four parts."""
    return [" ".join(part or "=" for part in line.split(" ")) for line in answers.splitlines()]


def main() -> None:
    """Asks and writes the recording."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=1200, help="how many random cases")
    parser.add_argument("--damaged", type=int, default=600, help="how many damaged JSON texts")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the random cases")
    parser.add_argument("--output", type=Path, default=HERE / "recorded.json", help="where to write the answers")
    options = parser.parse_args()
    cases = chosen_cases() + random_cases(options.random, options.seed) + damaged_texts(options.damaged, options.seed)
    lines = [f"path {encode(document)} {encode(expression)}" for document, expression in cases]
    lines += [f"escape {encode(text)} " for text in ESCAPED]
    with tempfile.TemporaryDirectory() as folder:
        answers = ask(lines, Path(folder))
    paths = [[*case, *answer] for case, answer in zip(cases, answers, strict=False)]
    escapes = [[text, answer[1]] for text, answer in zip(ESCAPED, answers[len(cases) :], strict=True)]
    recording = {"libraries": LIBRARIES, "paths": paths, "escapes": escapes}
    body = ",\n".join(f'"{key}": {_lines(value)}' for key, value in recording.items())
    options.output.write_text("{\n" + body + "\n}\n")


def _lines(values: object) -> str:
    assert isinstance(values, (list, tuple))
    return "[\n" + ",\n".join(json.dumps(value) for value in values) + "\n]"


if __name__ == "__main__":
    main()
