"""One good conversation for every provider, for the tests that hold for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from rates.model import Query
from tests.providers.conversation import latest, specimen


@dataclass(frozen=True)
class Case:
    """A question for the latest rates with its good answers.

    figure: the text of one rate in the first answer. other: a base that a per-base answer is not for.
    lines: True when the format is lines of text, which may end after any of them unnoticed.
    """

    query: Query
    answers: tuple[bytes, ...]
    figure: bytes
    other: str = ""
    lines: bool = False


def _case(key: str, base: str, figure: str, *names: str, other: str = "", lines: bool = False) -> Case:
    query = latest(base, secrets=((key, "k3y-of-tests"),))
    return Case(query, tuple(specimen(f"{key}/{name}") for name in names), figure.encode(), other, lines)


CASES = {
    "boc": _case("boc", "CAD", "1.3968", "observations.json"),
    "boi": _case("boi", "ILS", "3.252", "rates.csv", lines=True),
    "cbr": _case("cbr", "RUB", "80,9713", "daily.xml"),
    "cnb": _case("cnb", "CZK", "13.789", "daily.txt", lines=True),
    "currency_api": _case("currency_api", "USD", "0.86642118", "usd.json", other="EUR"),
    "ecb": _case("ecb", "EUR", "1.1540", "daily.xml"),
    "erapi": _case("erapi", "USD", "0.865817", "latest.json", other="EUR"),
    "frankfurter": _case("frankfurter", "USD", "0.86655", "latest.json", other="EUR"),
    "nbp": _case("nbp", "PLN", "3.6701", "a.json", "b.json", "gold.json"),
    "nbu": _case("nbu", "UAH", "42.0837", "rows.json"),
    "openexchangerates": _case("openexchangerates", "USD", "0.377025", "latest.json"),
    "tcmb": _case("tcmb", "TRY", "27.21050000", "rows.json"),
    "vatcomply": _case("vatcomply", "USD", "0.866551", "latest.json", other="EUR"),
}
