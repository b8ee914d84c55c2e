"""What was fetched, kept; rates looked up by day, from there and from the ECB's history in the package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rates.store.store import Store

__all__ = ["Store"]


def __getattr__(name: str) -> Any:
    """Loads `Store` at first use: a look-up in the history alone needs no database."""
    if name != "Store":
        raise AttributeError(f"module 'rates.store' has no attribute {name!r}")
    from rates.store.store import Store

    return Store
