"""Runs benchmarks: `python -m benchmarks [NAME …]`, all but the long ones without a name.

Each is a module with a `main()`.
"""

import importlib
import pkgutil
import sys

import benchmarks

LONG = {"endurance"}
"""Those that take minutes, and run only by name."""


def main() -> int:
    """Runs the benchmarks named on the command line.

    Returns:
        The exit status: 2 for an unknown name.
    """
    known = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__) if not m.name.startswith("_"))
    names = sys.argv[1:] or [name for name in known if name not in LONG]
    if unknown := sorted(set(names) - set(known)):
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names:
        print(f"== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
