"""Every rule is registered, and explained by `parity lint --help`."""

import re

from parity.cli.commands import lint as command
from parity.lint import linter
from parity.lint.registry import SUMMARIES


def test_the_help_lists_each_rule() -> None:
    assert linter.lint is not None  # registers the rules
    listed = re.findall(r"^  ([a-z-]+)  ", command.__doc__ or "", re.MULTILINE)
    assert sorted(listed) == sorted([*SUMMARIES, "definition"])


def test_the_help_says_what_each_rule_finds() -> None:
    text = " ".join((command.__doc__ or "").split())
    assert [name for name, summary in SUMMARIES.items() if f"{name} {summary}" not in text] == []
