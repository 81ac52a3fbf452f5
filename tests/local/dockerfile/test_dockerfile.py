"""Dockerfiles: how they are read, and what an image is run with after their instructions."""

import platform

import pytest

from parity.local.dockerfile.image import Copy, Stage, read_image
from parity.local.dockerfile.parser import DockerfileError, parse_dockerfile
from parity.local.dockerfile.words import expand


def stage(text: str, *, target: str | None = None, **build_args: str) -> Stage:
    return read_image(text, build_args=build_args, target=target).target


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("$name", "Ann"),
        ("${name}s", "Anns"),
        ("$unknown", ""),
        ("${unknown:-other}", "other"),
        ("${empty:-other}", "other"),
        ("${empty-other}", ""),
        ("${name:+set}", "set"),
        ("${unknown:+set}", ""),
        ("${unknown:-${name}}", "Ann"),
        (r"\$name", "$name"),
        ("'$name'", "$name"),
        ('"$name b"', "Ann b"),
        (r'"a\"b"', 'a"b'),
        (r'"a\b"', r"a\b"),
        (r"a\ b", "a b"),
        ("5$", "5$"),
    ],
)
def test_words_are_expanded_as_docker_does(word: str, value: str) -> None:
    assert expand(word, {"name": "Ann", "empty": ""}) == value


def test_lines_are_continued_over_comments_and_empty_lines() -> None:
    parsed = parse_dockerfile("FROM a\nRUN one \\\n  # a comment\n\n  && two\nCMD three\n")
    assert [(i.keyword, i.arguments, i.line) for i in parsed.instructions] == [
        ("FROM", "a", 1),
        ("RUN", "one   && two", 2),
        ("CMD", "three", 6),
    ]


def test_the_escape_directive_changes_the_escape_character() -> None:
    text = "# escape=`\nFROM a\nENV A=1 `\n  B=c:\\new\n"
    assert stage(text).environment == {"A": "1", "B": "c:\\new"}


def test_here_documents_are_passed_over() -> None:
    text = 'FROM a\nRUN <<EOF\nCMD not an instruction\nEOF\nCOPY <<-"END" /etc/file\n\tFROM b\n\tEND\nCMD ["c"]\n'
    assert stage(text).command == ["c"]
    assert stage(text).copies == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("FROM a\nRUNN x\n", 2, "unknown instruction: RUNN"),
        ("RUN x\n", 1, "RUN stands before FROM"),
        ("# only a comment\n", 1, "has no instructions"),
        ("FROM a\nRUN <<EOF\nx\n", 2, "here-document EOF has no end"),
        ("FROM $base\n", 1, "is empty"),
        ("FROM a b\n", 1, "FROM takes an image"),
        ("FROM a\nCOPY x\n", 2, "COPY takes sources and a destination"),
    ],
)
def test_what_docker_refuses_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(DockerfileError, match=message) as error:
        stage(text)
    assert error.value.line == line


def test_environment_has_both_forms_and_sees_the_instructions_before() -> None:
    text = "FROM a\nENV A=1 B='two words'\nENV C $B and more\nENV A=2 D=$A\n"
    assert stage(text).environment == {"A": "2", "B": "two words", "C": "two words and more", "D": "1"}


def test_build_arguments_need_a_declaration_and_yield_to_env() -> None:
    text = (
        "ARG tag=1\nFROM base:$tag\nARG tag\nARG port=80\nARG late\n"
        "ENV PORT=$port TAG=$tag\nENV late=env\nENV L=$late\n"
    )
    assert stage(text).base == "base:1"
    assert stage(text).environment == {"PORT": "80", "TAG": "1", "late": "env", "L": "env"}
    given = stage(text, tag="2", port="90", late="arg", undeclared="x")
    assert given.base == "base:2"
    assert given.environment == {"PORT": "90", "TAG": "2", "late": "env", "L": "env"}


def test_platform_arguments_are_known() -> None:
    text = "FROM --platform=$BUILDPLATFORM a\nARG TARGETARCH\nENV ARCH=$TARGETARCH\n"
    expected = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine().lower())
    assert stage(text).environment == {"ARCH": expected}


def test_a_stage_inherits_from_the_stage_below_and_a_target_can_be_named() -> None:
    text = (
        'FROM python:3.13 AS Base\nENV A=1\nWORKDIR /app\nEXPOSE 80 90/udp\nENTRYPOINT ["run"]\nCMD ["base"]\n'
        'FROM base AS extended\nWORKDIR inner\nENV B=$A\nCMD ["extended"]\n'
        "FROM extended AS debug\nENTRYPOINT debugger\n"
    )
    extended = stage(text, target="extended")
    assert (extended.base, extended.working_directory) == ("python:3.13", "/app/inner")
    assert extended.environment == {"A": "1", "B": "1"}
    assert (extended.entry_point, extended.command, extended.ports) == (["run"], ["extended"], [80, 90])
    debug = stage(text)
    assert debug.entry_point == ["/bin/sh", "-c", "debugger"]
    assert not debug.entry_point_takes_arguments
    assert debug.command is None  # ENTRYPOINT drops the CMD of the image below
    assert stage(text, target="0").command == ["base"]
    with pytest.raises(DockerfileError, match="no stage 'test'; the stages: base, extended, debug"):
        stage(text, target="test")


def test_shell_forms_use_the_shell() -> None:
    assert stage("FROM a\nCMD serve --port $PORT\n").command == ["/bin/sh", "-c", "serve --port $PORT"]
    assert stage('FROM a\nSHELL ["/bin/bash", "-ec"]\nCMD serve\n').command == ["/bin/bash", "-ec", "serve"]
    assert stage("FROM a\nCMD ['not', 'JSON']\n").command == ["/bin/sh", "-c", "['not', 'JSON']"]


def test_copies_are_kept_with_absolute_destinations() -> None:
    text = (
        "FROM a AS build\nFROM b\nWORKDIR /app\nCOPY --chown=1:1 one.py two.py ./\nCOPY src lib\n"
        'COPY ["with space", "there/"]\nCOPY --from=build /venv /venv\nCOPY --from=nginx:1 /etc/nginx /etc/nginx\n'
        "ADD https://example.com/file /file\n"
    )
    assert stage(text).copies == [
        Copy(("one.py", "two.py"), "/app/", None),
        Copy(("src",), "/app/lib", None),
        Copy(("with space",), "/app/there/", None),
        Copy(("/venv",), "/venv", 0),
    ]
