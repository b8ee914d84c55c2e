"""Publishers as text: a line each, a row each for programs, or everything about one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from rates.defaults import OWN
from rates.model import Provider
from rates.present.layout import Column, entry
from rates.present.tabular import Cell, notes, rows, stacked
from rates.present.terms import meanings, signed
from rates.providers import published
from rates.providers.regions import place
from rates.settings import MACHINE_FORMATS

# The columns of the list for people.
LIST: dict[Column, Callable[[Provider], Cell]] = {
    Column("key"): lambda one: signed(one, proof=True),
    Column("publisher", cut=24): lambda one: one.name,
    Column("country", drop=4): lambda one: one.country,
    Column("quotes"): lambda one: one.pivot or "per base",
    Column("rate type", drop=3): lambda one: one.rate_type,
    Column("since", drop=2): lambda one: one.since,
    Column("range", drop=1): lambda one: "range" in one.answers,
    Column("wants a key"): lambda one: bool(one.key_env),
}
# What programs get of each publisher, in this order.
ROW = """
key name kind country region sub_region pivot per_base rate_type official reprints cadence published since answers
max_days gap_days requests_at_once spacing_s key_env key_url source terms currencies currencies_seen
periods restriction proven
"""
OR_NULL = ("pivot", "reprints", "key_env", "key_url", "restriction")  # null in place of an empty text


def text(chosen: Sequence[Provider], fmt: str, width: int | None, *, in_full: bool) -> str:
    """Rows for programs; for people a list, or everything about each."""
    if fmt in MACHINE_FORMATS:
        return rows(ROW.split(), [_row(provider) for provider in chosen], fmt)
    if not chosen:
        return ""
    if not in_full:
        lines = [[cell(provider) for cell in LIST.values()] for provider in chosen]
        legend = meanings(str(key) for key, *_ in lines)
        return stacked([rows([*LIST], lines, fmt, width), notes(legend, fmt, width)])
    if fmt == "simple":
        return "\n\n".join(entry(f"{one.key} · {one.name}", fields(one), width) for one in chosen)
    return "\n\n".join(rows(("fact", one.key), list(fields(one).items()), fmt) for one in chosen)


def _row(provider: Provider) -> list[Cell]:
    """Everything about one publisher. currencies: null if they are not known."""
    region, sub_region = place(provider.country)
    seen = published.seen(provider.key)
    facts = {
        **asdict(provider),
        **{
            name: getattr(provider, name) or None for name in ("pivot", "reprints", "key_env", "key_url", "restriction")
        },
        "region": region,
        "sub_region": sub_region,
        "per_base": provider.per_base,
        "answers": " ".join(provider.answers),
        "requests_at_once": provider.concurrency,
        "currencies": published.currencies(provider.key) if seen else None,
        "currencies_seen": seen.until if seen else None,
    }
    return [facts[name] for name in ROW.split()]


def fields(provider: Provider) -> dict[str, str]:
    """All that is known of one publisher, by name."""
    if provider.key == OWN:
        return _own_fields()
    region, sub_region = place(provider.country)
    lines = {
        "kind": provider.kind,
        "country": ", ".join(part for part in (provider.country, sub_region, region) if part) or "no single country",
        "quotes": f"all against {provider.pivot}" if provider.pivot else "any base, one request each",
        "rate type": provider.rate_type + (", official" * (provider.official and provider.rate_type != "official")),
        "published": f"{provider.cadence}, {provider.published}",
        "longest pause": f"{provider.gap_days} days",
        "valid for": "a period each, which enters no consensus with rates of a day" if provider.periods else "",
        "since": provider.since.isoformat(),
        "answers for": ", ".join(provider.answers),
        "longest range": _longest(provider),
        "asked": f"{provider.concurrency} requests at once"
        + (f", {provider.spacing_s:g} s apart" if provider.spacing_s else ""),
        "key": _key(provider),
        "currencies": _currencies(provider),
        "former currencies": _former_currencies(provider),
        "reprints": provider.reprints,
        "source": provider.source,
        "terms": provider.terms or "–",
        "terms ask": {
            "consent": "for consent before any use; --from all leaves it out",
            "non-commercial": "for non-commercial use",
        }.get(provider.restriction, ""),
        "proven": "" if provider.proven else "no: read by its documents, no recorded answer is known",
        "example": example(provider),
    }
    return {name: text for name, text in lines.items() if text}


def _own_fields() -> dict[str, str]:
    """What is known of the user's own rates."""
    from rates.own_rates import read_own
    from rates.settings import load

    path = load().own
    fields = {"kind": "your own rates, of a contract or a bank's counter", "file": path or "none is set"}
    if path:
        quotes = read_own(path).quotes
        pairs = dict.fromkeys(f"{quote.base}/{quote.symbol}" for quote in quotes)
        fields["rates"] = f"{len(quotes)}, of {' '.join(pairs)}"
        fields["first day"] = str(min(quote.day for quote in quotes))
    return {
        **fields,
        "CSV": "columns base, symbol, rate, and day, or valid_from and valid_to; with a header",
        "TOML": "tables [[rate]] with these names",
        "named by": '--own FILE, RATES_OWN, or own = "FILE" in the settings file',
        "example": "rates convert 100 USD EUR --own contract.csv",
    }


def _longest(provider: Provider) -> str:
    """How many days a request may span; "" for a publisher that does not answer for a range."""
    if "range" not in provider.answers:
        return ""
    return f"{provider.max_days} day{'s' * (provider.max_days > 1)} a request" if provider.max_days else "no limit"


def _key(provider: Provider) -> str:
    """How to get a key, and where to put it."""
    if not provider.key_env:
        return "none needed"
    variable, file = f"{provider.key_env} in the environment", f"{provider.key} under [keys] in the file"
    return f"{variable}, or {file}; from {provider.key_url}"


def _currencies(provider: Provider) -> str:
    seen, codes = published.seen(provider.key), published.currencies(provider.key)
    if seen is None:
        return f"not known; ask for all: rates {provider.pivot or 'USD'} --provider {provider.key} --symbols all"
    return f"{len(codes)}, as seen on {seen.until}: {' '.join(codes)}"


def _former_currencies(provider: Provider) -> str:
    """The currencies that it no longer has, each with its last day."""
    still = published.currencies(provider.key)
    gone = (spell for spell in published.spells(provider.key) if spell.code not in still)
    return ", ".join(f"{spell.code} to {spell.last}" for spell in gone)


def example(provider: Provider) -> str:
    """A command line that asks it."""
    line = f"rates {provider.pivot or 'USD'} --provider {provider.key}"
    seen = published.seen(provider.key)
    return f"{line} --on {seen.until if seen else provider.since}" if provider.ended else line
