"""HM Revenue and Customs: rates for a calendar month, from inside the file, and for no other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from rates.conversion import effective
from rates.currencies.believed import believed
from rates.errors import NoRates, NotFound
from rates.fetch.run_provider import run_provider
from rates.model import Query, Quote, Reply
from rates.providers import hmrc
from tests.providers.conversation import Publisher, ask, between, case, latest, on, specimen
from tests.providers.recordings import SOURCES, recordings

CASE = case("hmrc", "GBP", "1.3402", "month.csv", lines=True)

FILES = "https://www.trade-tariff.service.gov.uk/uk/api/exchange_rates/files/"
MONTH = specimen("hmrc/month.csv")
FORMER_MONTH = specimen("hmrc/month.xml").replace(b"Oct/2026", b"Oct/2020")
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
NONE = Reply(404, b"not found")
RATES = {"EUR": "1.1487", "XOF": "753.4979", "VES": "311.2045", "USD": "1.3402"}


def test_a_month() -> None:
    """Units for one pound, valid on every day of the month; a currency of many countries once."""
    quotes, urls = ask("hmrc", latest("GBP"), MONTH)
    assert urls == [f"{FILES}monthly_csv_2026-10.csv"]
    assert {quote.symbol: str(quote.rate) for quote in quotes} == RATES
    assert len(quotes) == len(RATES)
    assert {(quote.base, quote.day, quote.valid_to) for quote in quotes} == {("GBP", FIRST, LAST)}


def test_a_month_of_the_former_site() -> None:
    """The same from XML, whose period is in its root; an XCD that differs counts once."""
    quotes, _ = ask("hmrc", on(date(2020, 10, 31), "GBP"), FORMER_MONTH)
    assert quotes == tuple(
        Quote("GBP", code, Decimal(rate), date(2020, 10, 1), date(2020, 10, 31)) for code, rate in RATES.items()
    )
    assert list(hmrc.parse(FORMER_MONTH.replace(b"753.4979", b"753.4980", 1)))[1].rate == Decimal("753.4980")


AMENDED = MONTH + b"USA,Dollar ,USD,1.4500,15/10/2026,31/10/2026\n"


@pytest.mark.parametrize(
    ("day", "rate", "first", "last"),
    [(1, "1.3402", 1, 14), (14, "1.3402", 1, 14), (15, "1.4500", 15, 31), (31, "1.4500", 15, 31)],
)
def test_a_row_that_starts_within_the_month(day: int, rate: str, first: int, last: int) -> None:
    """It replaces the month's rate from its first day on, in whatever order the rows are."""
    for body in (AMENDED, AMENDED.replace(b"USA,Dollar ,USD,1.3402,01/10/2026,31/10/2026\n", b"")
                 + b"USA,Dollar ,USD,1.3402,01/10/2026,31/10/2026\n"):  # fmt: skip
        query = on(date(2026, 10, day), "GBP")
        quotes, _ = ask("hmrc", query, body)
        (dollar,) = [one for one in effective(quotes, hmrc.PROVIDER, query) if one.symbol == "USD"]
        assert dollar == Quote("GBP", "USD", Decimal(rate), date(2026, 10, first), date(2026, 10, last))
        assert len(effective(quotes, hmrc.PROVIDER, query)) == len(RATES)


def test_two_rates_from_one_day_are_refused() -> None:
    """The rows of a currency of several countries must be equal."""
    with pytest.raises(ValueError, match="two rates for GBP in XOF"):
        list(hmrc.parse(MONTH.replace(b"753.4979", b"753.4980", 1)))


@pytest.mark.parametrize(
    ("query", "files"),
    [
        (on(date(2026, 8, 31), "GBP"), [f"{FILES}monthly_csv_2026-8.csv"]),
        (on(date(2020, 12, 1), "GBP"), ["http://www.hmrc.gov.uk/softwaredevelopers/rates/exrates-monthly-1220.xml"]),
        (
            between(date(2026, 8, 31), date(2026, 10, 1), "GBP"),
            [f"{FILES}monthly_csv_2026-{month}.csv" for month in (8, 9, 10)],
        ),
    ],
)
def test_what_is_asked(query: Query, files: list[str]) -> None:
    """A file for each month that is touched, without a leading zero; the former site before 2021."""
    _, urls = ask("hmrc", query, *[as_month(file) for file in files])
    assert urls == files


def as_month(file: str) -> bytes:
    """The specimen as that file's month."""
    if "hmrc.gov" in file:
        return FORMER_MONTH.replace(b"Oct", b"Dec")
    number = int(file.rpartition("-")[2].removesuffix(".csv"))
    last = {8: 31, 9: 30, 10: 31}[number]
    return MONTH.replace(b"01/10/2026,31/10/2026", f"01/{number:02}/2026,{last}/{number:02}/2026".encode())


@pytest.mark.parametrize(
    ("day", "hint"),
    [(date(2026, 12, 5), "due on 2026-11-19"), (date(2026, 11, 2), "")],
)
def test_a_month_that_is_not_published(day: date, hint: str) -> None:
    """The error of a month without a file names the day on which it is due, if that is to come."""
    with pytest.raises(NoRates) as caught:
        ask("hmrc", on(day, "GBP"), NONE)
    assert hint in caught.value.hint
    assert bool(hint) == bool(caught.value.hint)


@pytest.mark.parametrize(
    ("day", "allowed"), [(date(2026, 10, 5), ()), (date(2019, 4, 1), ()), (date(2026, 11, 2), (404,))]
)
def test_a_file_that_has_moved(day: date, allowed: tuple[int, ...]) -> None:
    """Status 404 means a month without rates only before the month begins; every month of the past has a file."""
    publisher = Publisher([NotFound("status 404") if not allowed else NONE])
    with pytest.raises(NoRates if allowed else NotFound):
        run_provider(hmrc, on(day, "GBP"), publisher)
    assert [request.allow for request in publisher.asked] == [allowed]


def test_never_a_neighbour() -> None:
    """A file of another month than was asked for is not used."""
    with pytest.raises(NoRates, match="no rates valid from 2026-09-01 to 2026-09-30"):
        ask("hmrc", on(date(2026, 9, 30), "GBP"), MONTH)


@pytest.mark.parametrize(
    ("month", "published"),
    [
        (date(2026, 12, 1), date(2026, 11, 19)),
        (date(2026, 8, 1), date(2026, 7, 23)),
        (date(2026, 1, 1), date(2025, 12, 18)),
    ],
)
def test_the_penultimate_thursday(month: date, published: date) -> None:
    """A month is due on the last Thursday but one of the month before."""
    assert hmrc.due(month) == published


@pytest.mark.parametrize(
    ("year", "written", "found"),
    [
        ("2021", "14233.5 SLL", "14233.5 SLL"),
        ("2022", "20311.5 SLE", "20.3115 SLE"),
        ("2023", "23.66 SLL", "23.66 SLE"),
        ("2026", "28.1 SLE", "28.1 SLE"),
        ("2017", "481.003 MRO", "481.003 MRO"),
        ("2019", "471.22 MRO", "47.122 MRU"),
        ("2020", "46.95 MRO", "46.95 MRU"),
        ("2016", "28815.7 STD", "28815.7 STD"),
        ("2019", "28520 STD", "28.520 STN"),
        ("2024", "4641238.7879 VEF", "46.412387879 VES"),
        ("2017", "10.3471 VEF", "10.3471 VEF"),
    ],
)
def test_new_money_by_the_value(year: str, written: str, found: str) -> None:
    """Codes of old money went on after its end, and those of the leones were exchanged for some months.

    Once the new money is in use, a figure of the old gives its rate by their fixed ratio.
    """
    rate, code = written.encode().split()
    body = MONTH.replace(b"VED", code).replace(b"311.2045", rate).replace(b"2026", year.encode())
    quotes = believed(tuple(hmrc.parse(body)))
    assert [f"{one.rate} {one.symbol}" for one in quotes if one.symbol not in ("EUR", "USD", "XOF", "JPY")] == [found]


def test_liberia_at_parity_is_left_out() -> None:
    """Before November 2023 Liberia's row has the rate of the US dollar under its own code."""
    body = MONTH.replace(b"VED", b"LRD")
    assert "LRD" in {quote.symbol for quote in hmrc.parse(body)}
    assert "LRD" not in {quote.symbol for quote in hmrc.parse(body.replace(b"2026", b"2023"))}


RECORDED = sorted((SOURCES / "official" / "hmrc").glob("*.xml")) if (SOURCES / "official").is_dir() else []


OTHERS = ("SLE", "SLL", "MRO", "STD", "LRD", "VED", "VEF", "ZIG")  # whose code or unit may be another than is written


@recordings
@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.stem)
def test_recorded(file: object) -> None:
    """Every row of the recorded files, read a second time by a pattern, has its rate, in the month of the file."""
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    quotes = list(hmrc.parse(text.encode()))
    (period,) = {(quote.day, quote.valid_to) for quote in quotes}
    months = re.search(r'Period="01/(\w+)/(\d{4}) to (\d\d)/\1/\2"', text)
    assert months
    assert (f"{period[0]:%b}", str(period[0].year), f"{period[1]:%d}") == months.groups()
    written = re.findall(r"<currencyCode>(\w+)\s*</currencyCode>\s*<rateNew>([\d.]+)</rateNew>", text)
    found = {quote.symbol: quote.rate for quote in quotes}
    same = {code: Decimal(rate) for code, rate in written if code not in OTHERS}
    assert {code: rate for code, rate in found.items() if code in same} == same
    assert len(written) > 150


NEW_MONEY = ("SLE", "SLL", "MRO", "MRU", "STD", "STN", "VES")


@recordings
@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("legacy_exrates_monthly_0214", {"SLL": "7118.01", "MRO": "481.003", "STD": "28815.7"}),
        ("legacy_monthly_2019-04_hmrc_own_copy", {"SLL": "11790.46", "MRU": "47.122", "STN": "28.520"}),
        ("legacy_exrates-monthly-0721", {"SLL": "14314.83", "MRU": "49.91", "STN": "29.1254"}),
        ("monthly_xml_2022-11", {"SLE": "15.6311792", "MRU": "40.2283", "STN": "28.5697000"}),
        ("monthly_xml_2024-06", {"SLE": "28.7825", "MRU": "50.2702", "VES": "46.412387879"}),
    ],
)
def test_recorded_new_money(file: str, expected: Mapping[str, str]) -> None:
    """The money that was in use, also where the row has the code or the value of the old."""
    body = (SOURCES / f"official/hmrc/{file}.xml").read_bytes()
    found = {quote.symbol: str(quote.rate) for quote in believed(tuple(hmrc.parse(body)))}
    assert {code: found[code] for code in NEW_MONEY if code in found} == expected


@recordings
def test_recorded_csv() -> None:
    """The file of August 2026 has the rates of the XML of that month, on the days that its rows name."""
    folder = SOURCES / "official" / "hmrc"
    quotes = list(hmrc.parse((folder / "monthly_csv_2026-8.csv").read_bytes()))
    assert len(quotes) == 141
    assert set(quotes) == set(hmrc.parse((folder / "monthly_xml_2026-08.xml").read_bytes()))
