"""Draws the packages and their imports in docs/architecture.md, as Mermaid diagrams.

`python -m tests.package_graph` writes them into the page; a test holds the page to them.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/architecture.md"


def package_imports(depth: int, below: str = "parity") -> dict[str, set[str]]:
    """Which package imports which, without what an import leads to anyway.

    Args:
        depth: how many parts of a name make a package: 2 for `parity.gateway`, 3 for `parity.gateway.model`.
        below: the package whose parts are looked at.
    """
    imports: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / below.replace(".", "/")).rglob("*.py")):
        importer = _part(".".join(path.relative_to(ROOT).with_suffix("").parts), depth)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{below}."):
                imported = _part(f"{node.module}.{node.names[0].name}", depth)
                if imported not in (importer, "parity.errors"):
                    imports[importer].add(imported)
    return {name: imported - _reached_by(imported, imports) for name, imported in imports.items()}


def _part(module: str, depth: int) -> str:
    return ".".join(module.split(".")[:depth])


def _reached_by(names: set[str], imports: Mapping[str, set[str]]) -> set[str]:
    """What the names import, and what those import in turn."""
    reached: set[str] = set()
    waiting = [further for name in names for further in imports.get(name, ())]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(imports.get(name, ()))
    return reached


def diagram(imports: Mapping[str, set[str]]) -> str:
    """The Mermaid source: an arrow from each package to those that it imports."""
    arrows = [
        f"    {importer.rpartition('.')[2]} --> {imported.rpartition('.')[2]}"
        for importer in sorted(imports)
        for imported in sorted(imports[importer])
    ]
    return "\n".join(["```mermaid", "graph TD", *arrows, "```"])


def with_diagrams(page: str) -> str:
    """The page with its two diagrams as the imports are now: the packages, then the parts of the gateway."""
    diagrams = iter((diagram(package_imports(2)), diagram(package_imports(3, "parity.gateway"))))
    return re.sub(r"```mermaid\n.*?\n```", lambda _: next(diagrams), page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(with_diagrams(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
