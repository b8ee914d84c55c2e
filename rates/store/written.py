"""Whether any store of this process was written to since a look-up remembered what the stores have."""

from __future__ import annotations


class Written:
    """How many transactions the stores of this process have made."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


WRITTEN = Written()
