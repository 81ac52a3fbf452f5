"""A comparison as JUnit XML: one test case a request, one suite a comparison."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from parity.compare.comparison import CaseResult, Comparison
from parity.compare.formatting import failure_text, totals
from parity.compare.recording import Drift, drift_text

NOT_IN_XML = {
    number: "�" for number in (*range(32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF) if chr(number) not in "\t\n\r"
}
"""Control characters and the like, which XML 1.0 cannot hold, and what stands in their place."""


def junit_xml(comparison: Comparison, drifts: Sequence[Drift] = ()) -> str:
    """The report as text, with its XML declaration. Times are in seconds."""
    drifted: dict[str, list[Drift]] = {}
    for drift in drifts:
        drifted.setdefault(drift.case_name, []).append(drift)
    refused = bool(comparison.refusals)
    failures = sum(refused or not result.passed or result.case.name in drifted for result in comparison.results)
    suite = ET.Element(
        "testsuite",
        name="parity compare",
        tests=str(len(comparison.results)),
        failures=str(failures),
        errors="0",
        skipped="0",
        time=f"{comparison.duration_ms / 1000:.3f}",
        timestamp=comparison.started.isoformat(timespec="seconds"),
    )
    for result in comparison.results:
        element = _test_case(result, drifted.get(result.case.name, []))
        if refused and result.passed:
            ET.SubElement(element, "failure", message=totals(comparison).translate(NOT_IN_XML))
        suite.append(element)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _test_case(result: CaseResult, drifts: Sequence[Drift]) -> ET.Element:
    seconds = sum(answer.latency_ms for answer in result.answers.values()) / 1000
    element = ET.Element("testcase", classname="parity.compare", name=result.case.name, time=f"{seconds:.3f}")
    if not result.passed:
        fields = ", ".join(str(difference.field) for difference in result.differences if not difference.explained)
        failure = ET.SubElement(element, "failure", message=f"no known reason: {fields}".translate(NOT_IN_XML))
        failure.text = failure_text(result).translate(NOT_IN_XML)
    if drifts:
        failure = ET.SubElement(element, "failure", message="not what was recorded")
        failure.text = drift_text(drifts).translate(NOT_IN_XML)
    explained = [reason for difference in result.differences for reason in difference.reasons]
    if explained:
        ET.SubElement(element, "system-out").text = "\n".join(dict.fromkeys(explained)).translate(NOT_IN_XML)
    return element
