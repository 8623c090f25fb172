"""Reads the product's own Python sources for the architecture tests."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "frankpledge"


def modules(pattern: str = "**/*.py") -> list[Path]:
    """Every module of the package that matches, without migrations."""
    return [file for file in sorted(PACKAGE.glob(pattern)) if "migrations" not in file.parts]


def name_of(file: Path) -> str:
    """A module's path inside the package, for messages."""
    return str(file.relative_to(PACKAGE))


def imports(file: Path, *, top_level_only: bool = False) -> set[str]:
    """The modules a source file imports by full name (``from a import b`` counts as ``a`` and ``a.b``).

    Imports for type checkers only are left out: they never happen.
    """
    found: set[str] = set()
    for node in _statements(ast.parse(file.read_text(encoding="utf-8")), top_level_only):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _statements(tree: ast.AST, top_level_only: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if top_level_only and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield node
        yield from _statements(node, top_level_only)


def starting_with(found: set[str], *roots: str) -> set[str]:
    """Those of ``found`` that are one of ``roots`` or inside it."""
    return {name for name in found if any(name == root or name.startswith(root + ".") for root in roots)}
