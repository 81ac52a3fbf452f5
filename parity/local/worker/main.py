"""Runs one Pulumi program with the real Pulumi SDK and streams what it registers.

Started by `parity.local.program.worker_process`.

Its arguments are FD and PARENT_PID. FD is a socket, whose first line is the job (see `run.serve_job`), a JSON
object; what the program registers goes back as lines of JSON. The SDK is imported while the job is still on its way.
"""

import gc
import sys
from pathlib import Path


def main() -> None:
    """The entry point of the process."""
    gc.disable()  # a short life: nothing that a collection could free is worth the time that it takes
    from parity.local.processes.parent_death import die_with_parent

    die_with_parent(int(sys.argv[2]))
    from parity.local.worker.run import serve_job

    sys.path.remove(str(Path(__file__).resolve().parents[3]))  # what is beside Parity is not the program's
    serve_job(int(sys.argv[1]))
