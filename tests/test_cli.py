"""The command line teaches what it can do."""

import subprocess
import sys

from parity.cli.main import COMMANDS


def test_help_lists_every_command() -> None:
    shown = subprocess.run([sys.executable, "-m", "parity.cli", "--help"], capture_output=True, text=True, check=True)
    assert all(f"    {name} " in shown.stdout for name in COMMANDS)
