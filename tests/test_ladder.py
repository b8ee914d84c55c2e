from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import rates

PACKAGE = Path(rates.__file__).resolve().parent

# DESIGN.md's ladder: a room imports only from rooms to its left. "rates" is the front door; __main__ is above it.
ROOMS = (
    "_version", "defaults", "errors", "forks", "model", "history", "readers", "currencies", "conversion", "plausible",
    "consensus", "settings", "offload", "providers", "own_rates", "transport", "offline", "fetch", "diagnose",
    "executors", "run", "store", "aio", "compare", "present", "web", "cli", "rates", "__main__", "command", "beanprice",
)  # fmt: skip
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
Name = tuple[str, ...]


def dotted(path: Path) -> Name:
    """The module's name in parts: ("rates", "providers", "ecb")."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


NAMES = frozenset(map(dotted, MODULES))


def room(name: Name) -> str:
    """The room of a module of ours; "rates" for the front door itself."""
    return name[1] if len(name) > 1 else "rates"


def module_of(name: Name) -> Name:
    """The module that holds an imported name: the longest part of it that is a module of ours."""
    while len(name) > 1 and name not in NAMES:
        name = name[:-1]
    return name


def imported(path: Path, tree: ast.AST) -> Iterator[tuple[int, Name]]:
    """Every import of a module of ours, at whatever depth, as line and module; relative ones made absolute."""
    own = dotted(path) if path.name == "__init__.py" else dotted(path)[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = own[: len(own) - node.level + 1] if node.level else ()
            origin = (*start, *(node.module.split(".") if node.module else ()))
            names = [(*origin, alias.name) for alias in node.names]
        else:
            continue
        yield from ((node.lineno, module_of(name)) for name in names if name[0] == "rates")


class _WithoutTypeChecking(ast.NodeTransformer):
    """Leaves out what stands only under TYPE_CHECKING: it is never imported when the program runs."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def running(source: str) -> ast.AST:
    """The module's code without what only a type checker reads."""
    return _WithoutTypeChecking().visit(ast.parse(source))


def wrongs(path: Path, source: str) -> list[str]:
    """The imports of one module that go up the ladder; annotations count too, except those of the front door."""
    mine, found = room(dotted(path)), []
    tree = running(source) if mine == "rates" else ast.parse(source)
    for line, name in imported(path, tree):
        theirs = room(name)
        if theirs == mine:
            continue
        reach = ROOMS[: ROOMS.index(mine)] if mine != "executors" else ()
        if theirs not in reach:
            found.append(f"{'.'.join(dotted(path))}, line {line}: {mine} imports {theirs}")
    return found


def arrows(path: Path, source: str) -> set[Name]:
    """The other modules that this one imports, at once, within a function or for its annotations."""
    mine = dotted(path)
    # Its own package's front, which is loaded before it, is not one of them.
    return {name for _, name in imported(path, ast.parse(source)) if name != mine and name != mine[: len(name)]}


def circle(graph: dict[Name, set[Name]]) -> list[str]:
    """A circle of imports, as the modules in their order; empty when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [".".join(name) for name in error.args[1]]
    return []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(dotted(path)))
def test_imports_go_down_the_ladder(path: Path) -> None:
    """A module imports only from rooms to the left of its own; the executor layer imports nothing of ours."""
    assert room(dotted(path)) in ROOMS
    assert wrongs(path, path.read_text(encoding="utf-8")) == []


def test_no_modules_import_each_other() -> None:
    """No module imports another that imports it, directly, through others, or within a function."""
    assert circle({dotted(path): arrows(path, path.read_text(encoding="utf-8")) for path in MODULES}) == []


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("model.py", "from rates.errors import RatesError", False),
        ("model.py", "from rates.defaults import BASES", False),
        ("model.py", "from rates import BASES", True),
        ("model.py", "from rates import providers", True),
        ("model.py", "import rates.conversion", True),
        ("model.py", "def f():\n    from rates.fetch import attempt", True),
        ("providers/ecb.py", "from ..transport import send", True),
        ("providers/ecb.py", "from . import kit", False),
        ("providers/ecb.py", "from .. import transport", True),
        ("executors/thread.py", "from rates.errors import RatesError", True),
        ("executors/thread.py", "from rates.executors.base import Base", False),
        ("compare/__init__.py", "from rates.executors import open_executor", False),
        ("cli/__init__.py", "from rates._version import __version__", False),
        ("__init__.py", "from rates.errors import RatesError", False),
        ("__init__.py", "from rates.__main__ import main", True),
    ],
)
def test_the_ladder_sees(module: str, source: str, wrong: bool) -> None:
    """Absolute, relative and lazy imports are all seen, the front door's names among them."""
    assert bool(wrongs(PACKAGE / module, source)) is wrong


def test_the_circle_is_seen() -> None:
    """Two modules that import each other are a circle, also when one does so within a function."""
    one, two = PACKAGE / "executors" / "queued.py", PACKAGE / "executors" / "processes.py"
    back = "def f():\n    from .queued import Worker"
    assert circle({dotted(one): arrows(one, "from .processes import Pool"), dotted(two): arrows(two, back)})
    assert not circle({dotted(one): arrows(one, "from .pool import Pool"), dotted(two): set()})
