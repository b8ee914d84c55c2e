"""The nearest of some words to a wrong one."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def suggest(wrong: str, right: Iterable[str], otherwise: str = "", *, first: Collection[str] = ()) -> str:
    """A question, "did you mean A or B?", for the nearest of the right words, or what to say when none is near.

    Of the near words those of `first` lead, then those that agree letter by letter, then those named first.
    """
    from difflib import get_close_matches

    words = list(dict.fromkeys(right))
    near = set(get_close_matches(wrong, words, n=max(len(words), 1), cutoff=0.6))
    agreeing = sorted(
        (word for word in words if word in near),
        key=lambda word: (word not in first, -sum(a == b for a, b in zip(word, wrong, strict=False))),
    )
    return f"did you mean {' or '.join(agreeing[:2])}?" if agreeing else otherwise
