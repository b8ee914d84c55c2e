from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import rates

PACKAGE = Path(rates.__file__).resolve().parent

# DESIGN.md's ladder: a room imports only from rooms to its left.
ROOMS = (
    "errors", "model", "readers", "convert", "consensus", "currencies", "settings", "aside", "providers",
    "transport", "offline", "fetch", "diagnose", "executors", "aio", "many", "compare", "present", "store", "web",
    "cli", "__main__",
)  # fmt: skip
ALIASES = {"parse_settings": "settings"}
FREE = ("_version",)  # constants, for everyone
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
MOST_LINES, MOST_FUNCTION_LINES = 300, 40


def dotted(path: Path) -> tuple[str, ...]:
    """The module's name in parts: ("rates", "providers", "ecb")."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def room(name: tuple[str, ...]) -> str:
    """The room of a module of ours; "" for rates itself and what is free."""
    if len(name) < 2 or name[1] in FREE:
        return ""
    return ALIASES.get(name[1], name[1])


def imported(path: Path, tree: ast.AST) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every import of a module of ours, at whatever depth, as line and name; relative ones made absolute."""
    own = dotted(path) if path.name == "__init__.py" else dotted(path)[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [tuple(alias.name.split(".")) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = own[: len(own) - node.level + 1] if node.level else ()
            origin = (*start, *(node.module.split(".") if node.module else ()))
            names = [(*origin, alias.name) if origin == ("rates",) else origin for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name[0] == "rates")


def is_module(name: tuple[str, ...]) -> bool:
    """True for a module or folder of ours, false for a constant such as rates.BASES."""
    place = PACKAGE.parent.joinpath(*name)
    return place.is_dir() or place.with_suffix(".py").is_file()


def without_type_checking(tree: ast.Module) -> ast.Module:
    """The module without what stands only under TYPE_CHECKING."""
    body = [n for n in tree.body if not (isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")]
    return ast.Module(body, [])


def wrongs(path: Path, source: str) -> list[str]:
    """The imports of one module that go up the ladder, or out of it."""
    tree = ast.parse(source)
    tree = without_type_checking(tree) if path == PACKAGE / "__init__.py" else tree
    mine, found = room(dotted(path)), []
    for line, name in imported(path, tree):
        theirs = room(name)
        if not theirs or theirs == mine or not is_module(name[:2]):
            continue
        reach = ROOMS[: ROOMS.index(mine)] if mine and mine != "executors" else ()
        if theirs not in reach:
            found.append(f"{'.'.join(dotted(path))}, line {line}: {mine or 'rates'} imports {theirs}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(dotted(path)))
def test_imports_go_down_the_ladder(path: Path) -> None:
    """A module imports only from rooms to the left of its own; the executor layer imports nothing of ours."""
    assert room(dotted(path)) in (*ROOMS, "")
    assert wrongs(path, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(dotted(path)))
def test_modules_and_functions_are_short(path: Path) -> None:
    """No module has more than 300 lines, and no function more than 40."""
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) < MOST_LINES
    long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MOST_FUNCTION_LINES
    ]
    assert long == []


@pytest.mark.parametrize(
    ("module", "source", "wrong"),
    [
        ("model.py", "from rates.errors import RatesError", False),
        ("model.py", "from rates import BASES", False),
        ("model.py", "from rates import providers", True),
        ("model.py", "import rates.convert", True),
        ("model.py", "def f():\n    from rates.fetch import attempt", True),
        ("providers/ecb.py", "from ..transport import send", True),
        ("providers/ecb.py", "from . import _shared", False),
        ("providers/ecb.py", "from .. import transport", True),
        ("executors/thread.py", "from rates.errors import RatesError", True),
        ("executors/thread.py", "from rates.executors.base import Base", False),
        ("compare/__init__.py", "from rates.executors import open_executor", False),
        ("parse_settings.py", "from rates.currencies import code", False),
        ("currencies.py", "from rates.parse_settings import day", True),
        ("cli/__init__.py", "from rates._version import __version__", False),
        ("__init__.py", "from rates.errors import RatesError", True),
        ("__init__.py", "if TYPE_CHECKING:\n    from rates.fetch import attempt", False),
    ],
)
def test_the_ladder_sees(module: str, source: str, wrong: bool) -> None:
    """Absolute, relative and lazy imports are all seen, and constants are free."""
    assert bool(wrongs(PACKAGE / module, source)) is wrong
