"""The series of FRED for the Federal Reserve's release H.10, by currency."""

from __future__ import annotations

LATEST_DAYS = 21  # a week comes on the Monday after it, on Tuesday after a feast; the rest is for a late one

# The middle of a series' name, DEXJPUS, and its currency; DEXUSEU and its like are the other way round.
PER_DOLLAR = {
    "BZ": "BRL", "CA": "CAD", "CH": "CNY", "DN": "DKK", "HK": "HKD", "IN": "INR", "JP": "JPY", "KO": "KRW", "MA": "MYR",
    "MX": "MXN", "NO": "NOK", "SD": "SEK", "SF": "ZAR", "SI": "SGD", "SL": "LKR", "SZ": "CHF", "TA": "TWD", "TH": "THB",
}  # fmt: skip
IN_DOLLARS = {"AL": "AUD", "EU": "EUR", "NZ": "NZD", "UK": "GBP"}
SERIES = {
    **{code: f"DEX{place}US" for place, code in PER_DOLLAR.items()},
    **{code: f"DEXUS{place}" for place, code in IN_DOLLARS.items()},
}


def pair(code: str) -> tuple[str, str]:
    """The base and the symbol of a currency's series."""
    return (code, "USD") if code in IN_DOLLARS.values() else ("USD", code)
