"""The words that choose how calls are run, and what is said of a word that is none of them."""

from __future__ import annotations

from collections.abc import Sequence

MODES = ("sequential", "thread", "process", "pool", "dummy", "asyncio", "interpreter", "dask")
VIAS = ("map", "submit")


def unknown(kind: str, word: object, known: Sequence[str]) -> ValueError:
    """The error for a `word` that is no `kind`: it names the nearest that is, if one is near, and all of them."""
    # Imported here: difflib takes 3 ms, and only a mistake needs it.
    from difflib import get_close_matches

    near = get_close_matches(str(word).lower(), known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return ValueError(f"unknown {kind} {word!r}: {hint}choose one of {', '.join(known)}")


def named(fn: object) -> str:
    """How messages name a callable."""
    inner = getattr(fn, "func", fn)  # functools.partial
    return str(getattr(inner, "__qualname__", None) or repr(fn))


def why_failed(initializer: object, error: BaseException) -> str:
    """The sentence for an initializer, or one of that name, that failed."""
    name = initializer if isinstance(initializer, str) else named(initializer)
    return f"the initializer {name} failed, so nothing can be run: {type(error).__qualname__}: {error}"
