"""What the error of a missing currency says: since when it is missing, and which publishers have it."""

from __future__ import annotations

from datetime import date

import pytest

from rates.errors import MissingSymbols, RatesError, Unsupported
from rates.fetch import attempt
from rates.fetch.missing_currency import explain
from rates.settings import Settings

TODAY = date(2026, 11, 23)


def error_of(base: str, *symbols: str, on: str = "", pegs: bool = False, provider: str = "ecb") -> str:
    """The error of a fetch offline."""
    day = date.fromisoformat(on) if on else None
    outcome = attempt(
        base,
        Settings(
            provider=(provider,), symbols=symbols, strict=bool(symbols), on=day, offline=True, today=TODAY, pegs=pegs
        ),
    )
    return str(outcome.error)


@pytest.mark.parametrize(
    ("base", "symbols", "on", "parts"),
    [
        ("EUR", ("RUB",), "2023-01-03", ("RUB ended at ecb on 2022-03-01",)),
        ("EUR", ("RUB",), "", ("RUB ended at ecb on 2022-03-01",)),
        ("RUB", (), "2023-01-03", ("publishes no RUB", "RUB ended at ecb on 2022-03-01")),
        ("EUR", ("ISK",), "2012-01-03", ("ISK paused at ecb from 2008-12-09 to 2018-02-01",)),
        ("EUR", ("BRL",), "2005-01-03", ("BRL began at ecb on 2008-01-02",)),
        ("EUR", ("CUC",), "2023-01-03", ("CUC was replaced by CUP on 2021-06-30",)),
        ("EUR", ("RON",), "2004-01-05", ("RON began on 2005-07-01, after ROL",)),
        ("EUR", ("AED",), "", ("or --pegs: 1 USD = 3.6725 AED since 1997-11-02",)),
        ("EUR", ("QAR",), "2001-07-06", ("has no QAR",)),
        ("EUR", (), "1998-06-01", ("EUR began on 1999-01-01",)),
    ],
)
def test_reasons(base: str, symbols: tuple[str, ...], on: str, parts: tuple[str, ...]) -> None:
    """The error says that a currency ended, paused or had not begun; offline it names no publisher to ask instead."""
    error = error_of(base, *symbols, on=on)
    assert "try " not in error
    assert [part for part in parts if part not in error] == []
    assert ("--pegs" in error) is (symbols == ("AED",))


@pytest.mark.parametrize(
    ("error", "base", "on", "hint"),
    [
        (MissingSymbols, "EUR", date(2023, 1, 3), "RUB ended at ecb on 2022-03-01; try cbr, "),
        (MissingSymbols, "EUR", None, "RUB ended at ecb on 2022-03-01; try cbr, "),
        (Unsupported, "RUB", date(2023, 1, 3), "RUB ended at ecb on 2022-03-01; try cbr, "),
    ],
)
def test_others_to_ask(error: type[RatesError], base: str, on: date | None, hint: str) -> None:
    """Over the network, the hint names publishers that have the currency; offline, that there is only the history."""
    live, mocked = error("lacks RUB"), error("lacks RUB")
    for one in (live, mocked):
        if isinstance(one, MissingSymbols):
            one.symbols = ("RUB",)
    explain(live, "ecb", base, Settings(on=on, today=TODAY))
    assert live.hint.startswith(hint)
    explain(mocked, "ecb", base, Settings(on=on, today=TODAY, offline=True))
    assert mocked.hint == "RUB ended at ecb on 2022-03-01; offline there is only the ECB's history"


@pytest.mark.parametrize(
    ("day", "ends"), [("2026-10-30", False), ("2026-11-01", False), ("2026-11-02", True), ("2026-11-20", True)]
)
def test_after_the_end_of_the_history(day: str, ends: bool) -> None:
    """Offline, a day after the history's end is an error that names the end; the weekend after it has its rates."""
    error = error_of("USD", on=day)
    assert ("the ECB's history in this package ends on 2026-10-30" in error) is ends
    assert (error == "None") is not ends


def test_not_yet_born_elsewhere() -> None:
    """The error of a publisher with older rates also says that there was no euro."""
    assert "EUR began on 1999-01-01" in error_of("EUR", on="1995-06-01", provider="frankfurter")


def test_pegs_in_use_are_not_suggested() -> None:
    """With --pegs the currency has a rate; if its anchor is missing too, --pegs is not suggested."""
    assert error_of("EUR", "AED", pegs=True) == "None"
    assert "--pegs" not in error_of("EUR", "XAU", pegs=True)
