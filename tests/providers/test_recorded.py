"""Recorded answers of the publishers, replayed through `steps`, every value read a second time by other means.

The second reading uses regular expressions, plain json and Decimal alone, never `rates.readers`.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal

import pytest

from rates import providers
from rates.errors import ErrorAnswer, NoRates, PlanRefused
from rates.model import Query
from tests.providers.recordings import (
    SOURCES,
    Figures,
    asked,
    body,
    codes,
    dotted,
    figures,
    in_sample,
    recorded,
    recordings,
    replay,
)

pytestmark = recordings


def test_boc() -> None:
    """Every series of every observation, in Canadian dollars for one unit."""
    query = asked("2026-03-12", "2026-03-18", "CAD")
    found = replay("boc", query, rename=lambda url: url.partition("&end_date=")[0])
    expected: Figures = {}
    for observation in json.loads(body("boc/1.json"))["observations"]:
        day = date.fromisoformat(observation.pop("d"))
        for series, value in observation.items():
            expected[series[2:5], series[5:], day] = Decimal(value["v"])
    assert found == expected
    assert codes(found) == in_sample("boc")


def test_nbp() -> None:
    """Tables A and B as they stand, and gold times the grams of an ounce."""
    found = replay("nbp", asked("2026-03-01", "2026-03-05", "PLN"))
    expected: Figures = {}
    for name in ("nbp/1.json", "nbp/2.json"):
        for table in body(name).decode().split('"table":')[1:]:
            day = date.fromisoformat(re.findall(r'"effectiveDate":"([\d-]+)"', table)[0])
            for code, mid in re.findall(r'"code":"([A-Z]{3})","mid":([\d.eE-]+)', table):
                expected[code, "PLN", day] = Decimal(mid)
    for day, price in re.findall(r'"data":"([\d-]+)","cena":([\d.]+)', body("nbp/3.json").decode()):
        expected["XAU", "PLN", date.fromisoformat(day)] = Decimal(price) * Decimal("31.1034768")
    assert found == expected
    assert codes(found) == in_sample("nbp") | {"PLN"}


def test_cnb_year_in_json() -> None:
    """Every row of the year, divided by its amount."""
    found = replay("cnb", asked("2026-01-01", "2026-04-02", "CZK"))
    row = r'"currencyCode":"([A-Z]{3})","amount":(\d+),"validFor":"([\d-]+)","rate":([\d.]+)'
    expected = {
        (code, "CZK", date.fromisoformat(day)): Decimal(rate) / Decimal(amount)
        for code, amount, day, rate in re.findall(row, body("cnb/1.json").decode())
    }
    assert found == expected
    assert codes(found) == in_sample("cnb")


@pytest.mark.parametrize(("name", "day"), [("latest.txt", date(2016, 4, 5)), ("historical.txt", date(2000, 4, 21))])
def test_cnb_text(name: str, day: date) -> None:
    """Every row of the Czech list before the blank line, divided by its amount; no ratio of the euro's forerunners."""
    text = body(f"exchanger-czech-national-bank/{name}").decode()
    expected = {
        (code, "CZK", day): Decimal(rate.replace(",", ".")) / int(amount)
        for amount, code, rate in re.findall(r"\|(\d+)\|([A-Z]{3})\|([\d,]+)", text.split("\n\n")[0])
    }
    assert figures(providers.load("cnb").parse(text.encode())) == expected
    assert ("DEM", "CZK", day) not in expected
    assert len(expected) > 15


def test_cbr_range() -> None:
    """Every record of every currency as the bank's own rate per unit, and the metals times the grams of an ounce."""
    query = asked("2026-03-01", "2026-03-05", "RUB")
    found = replay("cbr", query, rename=lambda url: re.sub(r"\?date_req=.*", "", url))
    listed = dict(re.findall(r'ID="(\w+)">.*?<CharCode>([A-Z]{3})<', body("cbr/1.xml").decode("cp1251")))
    expected: Figures = {}
    for reply in recorded("cbr").values():
        for day, number, rate in re.findall(
            r'<Record Date="([\d.]+)" Id="(\w+)">.*?<VunitRate>([\d,E-]+)<', reply.body.decode("cp1251")
        ):
            expected[listed[number], "RUB", dotted(day)] = Decimal(rate.replace(",", "."))
    metal = r'<Record Date="([\d.]+)" Code="(\d)"><Buy>([\d,]+)</Buy>'
    for day, code, price in re.findall(metal, body("cbr/56.xml").decode("cp1251")):
        gram = Decimal(price.replace(",", "."))
        expected[["XAU", "XAG", "XPT", "XPD"][int(code) - 1], "RUB", dotted(day)] = gram * Decimal("31.1034768")
    assert found == expected
    assert codes(found) == in_sample("cbr")


def test_cbr_latest() -> None:
    """The list without a day, as the bank's own rate per unit."""
    found = replay("cbr", Query("RUB", today=date(2026, 4, 26)))
    rows = re.findall(r"<CharCode>(\w+)<.*?<VunitRate>([\d,E-]+)<", body("cbr/1.xml").decode("cp1251"))
    assert found == {(code, "RUB", date(2026, 4, 25)): Decimal(rate.replace(",", ".")) for code, rate in rows}


@pytest.mark.parametrize(("name", "day"), [("latest.xml", date(2016, 12, 9)), ("historical.xml", date(2016, 8, 23))])
def test_cbr_older_lists(name: str, day: date) -> None:
    """Lists without VunitRate: the value divided by its nominal."""
    content = body(f"exchanger-russian-central-bank/{name}")
    rows = re.findall(
        r"<CharCode>(\w+)<.*?<Nominal>(\d+)<.*?<Value>([\d,]+)<", content.decode("cp1251"), flags=re.DOTALL
    )
    expected = {(code, "RUB", day): Decimal(value.replace(",", ".")) / int(nominal) for code, nominal, value in rows}
    assert figures(providers.load("cbr").parse(content)) == expected
    assert len(expected) > 30


def test_cbr_error() -> None:
    """The list whose text is an error is one."""
    with pytest.raises(ErrorAnswer, match="Error in parameters"):
        list(providers.load("cbr").parse(body("exchanger-russian-central-bank/error-in-parameters.xml")))


def test_nbu() -> None:
    """Every row as the bank's own rate per unit, weekends and metals among them."""
    found = replay("nbu", asked("2026-03-01", "2026-03-16", "UAH"))
    row = r'"exchangedate":"([\d.]+)".*?"cc":"([A-Z]{3})".*?"rate_per_unit":([\d.eE-]+)'
    expected = {
        (code, "UAH", dotted(day)): Decimal(rate) for day, code, rate in re.findall(row, body("nbu/1.json").decode())
    }
    assert found == expected
    assert codes(found) == in_sample("nbu")
    assert date(2026, 3, 15) in {day for _, _, day in found}  # a Sunday


def test_boi() -> None:
    """Every row, divided by the power of ten that it names."""
    found = replay("boi", asked("2026-03-01", "2026-03-20", "ILS"))
    expected: Figures = {}
    for line in body("boi/1.csv").decode().splitlines()[1:]:
        cells = line.split(",")
        expected[cells[2], "ILS", date.fromisoformat(cells[12])] = Decimal(cells[13]) / 10 ** int(cells[10])
    assert found == expected
    assert codes(found) == in_sample("boi")


def test_tcmb() -> None:
    """The middle of both sides of every currency and day that is no null, the yen per one."""
    query = asked("2026-03-01", "2026-03-22", "TRY")
    query = Query(query.base, (), query.start, query.end, query.today, (("tcmb", "KEY"),))
    found = replay("tcmb", query)
    expected: Figures = {}
    for item in json.loads(body("tcmb/1.json"))["items"]:
        day = datetime.strptime(item["Tarih"], "%d-%m-%Y").date()
        for name, buy in item.items():
            if name.endswith("_A_YTL") and buy is not None:
                middle = (Decimal(buy) + Decimal(item[name.replace("_A_", "_S_")])) / 2
                expected[name[6:9], "TRY", day] = middle / 100 if name[6:9] == "JPY" else middle
    assert found == expected
    assert codes(found) == in_sample("tcmb")


@pytest.mark.parametrize("name", ["latest", "historical"])
def test_openexchangerates(name: str) -> None:
    """Every rate, of the UTC day of the time stamp."""
    content = body(f"exchanger-open-exchange-rates/{name}.json")
    rows = re.findall(r'"([A-Z]{3})"\s*:\s*([\d.eE-]+)', content.decode())
    stamp = int(re.findall(rb'"timestamp"\s*:\s*(\d+)', content)[0])
    day = date.fromordinal(date(1970, 1, 1).toordinal() + stamp // 86400)
    found = figures(providers.load("openexchangerates").parse(content))
    assert found == {("USD", code, day): Decimal(rate) for code, rate in rows}
    assert len(found) > 90


@pytest.mark.parametrize(("name", "error"), [("not-allowed", PlanRefused), ("not-available", NoRates)])
def test_openexchangerates_errors(name: str, error: type[Exception]) -> None:
    """Its error bodies by name."""
    with pytest.raises(error):
        providers.load("openexchangerates").parse(body(f"exchanger-open-exchange-rates/error-{name}.json"))


@pytest.mark.parametrize("name", ["daily.xml", "hist-90d.xml", "hist.xml"])
def test_ecb(name: str) -> None:
    """Every cube of every day."""
    content = body(f"exchanger-european-central-bank/{name}")
    expected: Figures = {}
    for part in re.split(r"<Cube time=", content.decode())[1:]:
        day = date.fromisoformat(part[1:11])
        for code, rate in re.findall(r"""currency=['"]([A-Z]{3})['"] rate=['"]([\d.]+)['"]""", part):
            expected["EUR", code, day] = Decimal(rate)
    assert figures(providers.load("ecb").parse(content)) == expected


def test_ecb_replayed() -> None:
    """The latest and a recent day ask for the recorded addresses."""
    folder = "exchanger-european-central-bank"
    assert replay("ecb", Query("EUR", today=date(2015, 1, 8)), folder)
    day = date(2019, 11, 29)
    assert replay("ecb", Query("EUR", (), day, day, day), folder)


@pytest.mark.parametrize("folder", ["ecb_recent", "ecb_historical"])
def test_ecb_figures_are_those_of_its_data_service(folder: str) -> None:
    """What the bank's data service publishes is what the history file says that is read here, to the last digit."""
    (archive,) = (SOURCES.parent / "data").glob("eurofxref-hist.zip")
    read = figures(providers.load("ecb").parse(archive.read_bytes()))
    lines = body(f"{folder}/1.csv").decode().splitlines()
    rows = [row for row in (line.split(",") for line in lines[1:]) if row[3]]
    assert len(rows) > 500
    for _, code, day, rate in rows:
        assert read["EUR", code, date.fromisoformat(day)] == Decimal(rate)


@pytest.mark.parametrize("name", ["latest", "historical"])
def test_cbu_older_lists(name: str) -> None:
    """Every row of a day of 2020 and of 2022."""
    content = body(f"exchanger-central-bank-uzbekistan/{name}.json")
    expected = {
        (row["Ccy"], "UZS", dotted(row["Date"])): Decimal(row["Rate"]) / int(row["Nominal"])
        for row in json.loads(content)
    }
    assert figures(providers.load("cbu").parse(content)) == expected
    assert len(expected) >= 74


@pytest.mark.parametrize("name", ["latest", "historical"])
def test_nbg_older_lists(name: str) -> None:
    """Every currency of a day of 2020 and of 2022; the list's own day counts, which is that of its validity."""
    content = body(f"exchanger-national-bank-georgia/{name}.json")
    (day,) = json.loads(content, parse_float=Decimal)
    expected = {
        (row["code"], "GEL", date.fromisoformat(day["date"][:10])): row["rate"] / row["quantity"]
        for row in day["currencies"]
    }
    assert figures(providers.load("nbg").parse(content)) == expected
    assert len(expected) == 43


@pytest.mark.parametrize(("name", "days"), [("latest", 1), ("2018", 27)])
def test_bnr_older_files(name: str, days: int) -> None:
    """Every rate of a day of 2016 and of the first weeks of 2018, when the namespace was of http; gold per ounce."""
    content = body(f"exchanger-national-bank-romania/{name}.xml")
    expected: Figures = {}
    for part in re.split(r'<Cube date="', content.decode())[1:]:
        day = date.fromisoformat(part[:10])
        for code, units, rate in re.findall(r'currency="(\w+)"(?: multiplier="(\d+)")?>([\d.]+)<', part):
            ounce = Decimal("31.1034768") if code == "XAU" else 1
            expected[code, "RON", day] = Decimal(rate) * ounce / int(units or 1)
    assert figures(providers.load("bnr").parse(content)) == expected
    assert len({day for _, _, day in expected}) == days
