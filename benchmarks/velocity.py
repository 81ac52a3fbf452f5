"""The article's mapping template: Parity's engine beside Python by hand, airspeed and Apache Velocity on a warm JVM."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from parity.velocity import Budget, HostObject, NullRule, Template

ARTICLE = """\
## See http://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
#set($allParams = $input.params())
{
"method" : "$context.httpMethod", ## API method
"authcontext" : "$context.authorizer.stringkey", ## Optional output from Lambda Authorizers
## passthrough body
"body-json" : $input.json('$'),
## passthrough headers, querystrings and path parameters
"params" : {
#foreach($type in $allParams.keySet())
#set($params = $allParams.get($type))
"$type" : {
#foreach($paramName in $params.keySet())
"$paramName" : "$util.escapeJavaScript($params.get($paramName))"
#if($foreach.hasNext),#end
#end
}
#if($foreach.hasNext),#end
#end
}
}
"""
BODY = '{"keybody":"valuebody"}'
JARS = [Path("/usr/share/java") / f"{name}.jar" for name in ("velocity", "commons-lang", "commons-collections3")]
HARNESS = Path(__file__).with_name("VelocityWarm.java")


def params() -> dict[str, Any]:
    """What `$input.params()` gives for the request of the article."""
    return {
        "path": {"proxy": "path1/path2"},
        "querystring": {"query1": "querystring1", "query2": "querystring2"},
        "header": {"header1": "value1", "header2": "value2", "Content-Type": "application/json"},
    }


_SPECIAL = frozenset("\"'\\/")


class Input(HostObject):
    """`$input`, as far as the template uses it."""

    def __init__(self) -> None:
        self.all = params()

    def params(self) -> dict[str, Any]:
        return self.all

    def json(self, _: str) -> str:
        return BODY

    java_methods = {"params": params, "json": json}  # noqa: RUF012


class Util(HostObject):
    """`$util`, as far as the template uses it."""

    def escapeJavaScript(self, value: object) -> str:  # noqa: N802 - Java's name
        text = str(value)
        if text.isascii() and text.isprintable() and _SPECIAL.isdisjoint(text):
            return text
        return json.dumps(text)[1:-1].replace("'", "\\'").replace("/", "\\/")

    java_methods = {"escapeJavaScript": escapeJavaScript}  # noqa: RUF012


def context() -> dict[str, Any]:
    """The variables of one request, made anew for each as a gateway does."""
    return {"input": Input(), "util": Util(), "context": {"httpMethod": "POST", "authorizer": {"stringkey": ""}}}


def by_hand(variables: dict[str, Any]) -> str:
    """The template's output by Python written for it."""
    request, escape = variables["context"], variables["util"].escapeJavaScript
    out = ['{\n"method" : "', request["httpMethod"], '", "authcontext" : "', request["authorizer"]["stringkey"], '", ']
    out += ['"body-json" : ', variables["input"].json("$"), ',\n"params" : {\n']
    groups = variables["input"].params()
    for group_number, (group, values) in enumerate(groups.items(), 1):
        out += ['"', group, '" : {\n']
        for number, (name, value) in enumerate(values.items(), 1):
            out += ['"', name, '" : "', escape(value), '"\n', "," if number < len(values) else ""]
        out.append("}\n")
        if group_number < len(groups):
            out.append(",")
    return "".join([*out, "}\n}\n"])


def microseconds(function: Callable[[], object], seconds: float = 0.5, rounds: int = 7) -> float:
    """The time of one call, in microseconds: the best of several rounds."""
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            function()
        if (took := time.perf_counter() - start) > seconds / rounds / 2:
            break
        count *= 2
    best = took / count
    for _ in range(rounds - 1):
        start = time.perf_counter()
        for _ in range(count):
            function()
        best = min(best, (time.perf_counter() - start) / count)
    return best * 1e6


def on_the_jvm() -> tuple[float, float, str] | str:
    """Apache Velocity's warm and first rendering in microseconds, and its output; or why there is none."""
    if not shutil.which("javac") or not all(jar.exists() for jar in JARS):
        return "no JDK, or no Apache Velocity under /usr/share/java (Debian: default-jdk-headless, velocity)"
    with tempfile.TemporaryDirectory() as folder:
        path = ":".join(map(str, JARS))
        template = Path(folder, "article.vm")
        template.write_text(ARTICLE, encoding="utf-8")
        subprocess.run(["javac", "-nowarn", "-d", folder, "-cp", path, HARNESS], check=True, capture_output=True)
        command = ["java", "-cp", f"{path}:{folder}", "VelocityWarm", str(template), "100000", "20000"]
        result = subprocess.run(command, check=True, capture_output=True, text=True)
    figures, _, output = result.stdout.partition("\n")
    warm, cold = map(float, figures.split())
    return warm, cold, output


def main() -> None:
    """Prints, for each engine, the time of parsing and rendering and of rendering alone."""
    import airspeed  # type: ignore[import-untyped]

    variables = context()
    parity = Template(ARTICLE)
    gateway = Template(ARTICLE, null_rule=NullRule.API_GATEWAY)
    air = airspeed.Template(ARTICLE)
    expected = by_hand(variables)
    rows: list[tuple[str, float | None, float, bool]] = [
        ("Python by hand", None, microseconds(lambda: by_hand(context())), True),
        (
            "Parity",
            microseconds(lambda: Template(ARTICLE).render(context(), Budget())),
            microseconds(lambda: parity.render(context(), Budget())),
            parity.render(variables) == expected,
        ),
        (
            "Parity, API Gateway's null rule",
            microseconds(lambda: Template(ARTICLE, null_rule=NullRule.API_GATEWAY).render(context(), Budget())),
            microseconds(lambda: gateway.render(context(), Budget())),
            gateway.render(variables) == expected,
        ),
        (
            "airspeed",
            microseconds(lambda: airspeed.Template(ARTICLE).merge(context())),
            microseconds(lambda: air.merge(context())),
            air.merge(variables) == expected,
        ),
    ]
    jvm = on_the_jvm()
    if not isinstance(jvm, str):
        rows.append(("Apache Velocity 1.7, warm JVM", jvm[1], jvm[0], jvm[2] == expected))
    print(f"{'':32}{'cold':>12}{'warm':>12}   output")
    for name, cold, warm, right in rows:
        shown = "" if cold is None else f"{cold:,.0f} µs"
        print(f"{name:32}{shown:>12}{warm:>9.1f} µs   {'right' if right else 'wrong'}")
    print("cold: the template parsed and rendered; of the JVM, its first rendering. warm: rendered again.")
    if isinstance(jvm, str):
        print(f"Apache Velocity was left out: {jvm}.")


if __name__ == "__main__":
    main()
