"""Central Bank of Kenya: indicative rates.

Publishes: 21 currencies each working day about 11:00 Nairobi time; the table of 2024 and later is read.
Quoted: mean rates, shillings for one unit, JPY per 100; UGX, TZS, RWF and BIF as units for one shilling.
Answer: JSON sent as a web page: rows of day, the bank's own name of the currency, rate; asked for by a form.
Source: https://www.centralbank.go.ke/forex/

The names of the neighbours' currencies (KES / USHS) tell their direction. Rows may come twice (2025-11-28), the same
both times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from rates import readers
from rates.errors import NoRates
from rates.model import Provider, Query, Quote, Request
from rates.providers import Steps

PROVIDER = Provider(
    name="Central Bank of Kenya",
    country="KE",
    pivot="KES",
    rate_type="indicative",
    published="11:00 Africa/Nairobi",  # the first of the hours (8 to 10 UTC) in which new rates are looked for
    since=date(2024, 1, 5),  # the older table (number 32) has other columns, which are not known well enough
    gap_days=10,
)

URL = "https://www.centralbank.go.ke/wp-admin/admin-ajax.php"
WHOLE = (("draw", "1"), ("start", "0"), ("length", "-1"))
NAMES = {
    "US DOLLAR": "USD", "STG POUND": "GBP", "EURO": "EUR", "SA RAND": "ZAR", "AE DIRHAM": "AED", "CAN $": "CAD",
    "S FRANC": "CHF", "JPY (100)": "JPY", "SW KRONER": "SEK", "NOR KRONER": "NOK", "DAN KRONER": "DKK",
    "IND RUPEE": "INR", "HONGKONG DOLLAR": "HKD", "SINGAPORE DOLLAR": "SGD", "SAUDI RIYAL": "SAR",
    "CHINESE YUAN": "CNY", "AUSTRALIAN $": "AUD",
}  # fmt: skip
PER_SHILLING = {"KES / USHS": "UGX", "KES / TSHS": "TZS", "KES / RWF": "RWF", "KES / BIF": "BIF"}
UNITS = {"JPY": 100}


def steps(query: Query) -> Steps:
    """The whole table, of which the days of the window are read; one that is not in it is a day of rest."""
    first, last = query.span(PROVIDER.gap_days)
    reply = yield Request(URL, params=(("action", "get_wdtable"), ("table_id", "193")), form=WHOLE)
    quotes = list(_quotes(_rows(reply.body), first, last if query.end else date.max))
    if not quotes:
        raise NoRates(f"has no rates from {first} to {last}")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of all rows."""
    return list(_quotes(_rows(body), date.min, date.max))


def _rows(body: bytes) -> list[Any]:
    """The rows, of which there are as many as the answer says."""
    answer = readers.mapping(readers.json_value(body))
    rows = readers.rows(answer["data"])
    if len(rows) != readers.number(answer["recordsTotal"]):
        raise ValueError(f"{answer['recordsTotal']} rows were due, got {len(rows)}")
    return rows


def _quotes(rows: Iterable[Any], first: date, last: date) -> Iterator[Quote]:
    for written, name, text in rows:
        day = readers.day(written, "D/M/Y")
        if not first <= day <= last:
            continue
        rate = readers.number(text)
        if name in PER_SHILLING:
            yield Quote("KES", PER_SHILLING[name], rate, day)
        elif name in NAMES:
            code = NAMES[name]
            yield Quote(code, "KES", readers.per_unit(rate, UNITS.get(code, 1)), day)
        else:
            raise ValueError(f"no currency of the name {name!r} is known")
