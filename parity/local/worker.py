"""Runs one Pulumi program with the real Pulumi SDK and streams what it registers; started by `parity.local.program`.

`python -m parity.local.worker FD PARENT_PID`: FD is a socket. The first line on it is the job (see `run`), a JSON
object; what the program registers goes back as lines of JSON. The SDK is imported while the job is still on its way.
"""

import gc
import sys


def main() -> None:
    """The entry point of the process."""
    gc.disable()  # a short life: nothing that a collection could free is worth the time that it takes
    from parity.local.parent_death import die_with_parent

    die_with_parent(int(sys.argv[2]))
    from parity.local.program_run import serve_job

    serve_job(int(sys.argv[1]))


if __name__ == "__main__":
    main()
