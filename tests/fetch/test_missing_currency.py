"""What the error of a missing currency says: since when it is missing, and which publishers have it."""

from __future__ import annotations

from datetime import date

import pytest

from rates.fetch import attempt
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
        ("EUR", ("RUB",), "2023-01-03", ("RUB ended at ecb on 2022-03-01", "try cbr, ")),
        ("EUR", ("RUB",), "", ("RUB ended at ecb on 2022-03-01", "try cbr, ")),
        ("RUB", (), "2023-01-03", ("publishes no RUB", "RUB ended at ecb on 2022-03-01", "try cbr, ")),
        ("EUR", ("ISK",), "2012-01-03", ("ISK paused at ecb from 2008-12-09 to 2018-02-01", "try ")),
        ("EUR", ("BRL",), "2005-01-03", ("BRL began at ecb on 2008-01-02",)),
        ("EUR", ("CUC",), "2023-01-03", ("CUC was replaced by CUP on 2021-06-30",)),
        ("EUR", ("RON",), "2004-01-05", ("RON began on 2005-07-01, after ROL",)),
        ("EUR", ("AED",), "", ("; try ", "or --pegs: 1 USD = 3.6725 AED since 1997-11-02")),
        ("EUR", ("QAR",), "2001-07-06", ("has no QAR",)),
        ("EUR", (), "1998-06-01", ("EUR began on 1999-01-01",)),
    ],
)
def test_reasons(base: str, symbols: tuple[str, ...], on: str, parts: tuple[str, ...]) -> None:
    """The error says that a currency ended, paused or had not begun, and which publishers have it."""
    error = error_of(base, *symbols, on=on)
    assert [part for part in parts if part not in error] == []
    assert ("--pegs" in error) is (symbols == ("AED",))


def test_not_yet_born_elsewhere() -> None:
    """The error of a publisher with older rates also says that there was no euro."""
    assert "EUR began on 1999-01-01" in error_of("EUR", on="1995-06-01", provider="frankfurter")


def test_pegs_in_use_are_not_suggested() -> None:
    """With --pegs the currency has a rate; if its anchor is missing too, --pegs is not suggested."""
    assert error_of("EUR", "AED", pegs=True) == "None"
    assert "--pegs" not in error_of("EUR", "XAU", pegs=True)
