"""What was fetched, kept; rates looked up by day, from there and from the ECB's history in the package.

A `Store` is one SQLite file, or a PostgreSQL database by its URL. It has every figure exactly as published, with the
answer that it came from; a publisher's later correction stands beside the first value. `rates sync` fills it.

    from datetime import UTC, date, datetime
    from rates import Query, Store, fetch_quotes

    quotes = fetch_quotes("ecb", Query("EUR", start=date(2026, 10, 26), end=date(2026, 10, 30)), offline=True)
    with Store.open() as store:
        print(store.put("ecb", quotes, datetime.now(UTC), digest="").new, "new figures")
        for one in store.between("ecb", ("EUR", "USD"), date(2026, 10, 29), date(2026, 10, 30)):
            print(one.quote.day, one.quote.rate)
"""

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
