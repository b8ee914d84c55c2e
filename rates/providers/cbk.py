"""Central Bank of Kenya: indicative rates.

Publishes: 21 currencies each working day about 11:00 Nairobi time; the table of 2024 and later is read.
Quoted: mean rates, shillings for one unit, JPY per 100; UGX, TZS, RWF and BIF as units for one shilling.
Answer: JSON sent as a web page: rows of day, the bank's own name of the currency, rate; asked for by a form.
Source: https://www.centralbank.go.ke/forex/

The names of the neighbours' currencies (KES / USHS) tell their direction. Rows may come twice (2025-11-28), the same
both times.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, archive, date, post
from rates.readers import counted, day, json_object, named, number, per_unit, rows

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
WHOLE = {"draw": 1, "start": 0, "length": -1}
NAMES = {
    "US DOLLAR": "USD", "STG POUND": "GBP", "EURO": "EUR", "SA RAND": "ZAR", "AE DIRHAM": "AED", "CAN $": "CAD",
    "S FRANC": "CHF", "JPY (100)": "JPY", "SW KRONER": "SEK", "NOR KRONER": "NOK", "DAN KRONER": "DKK",
    "IND RUPEE": "INR", "HONGKONG DOLLAR": "HKD", "SINGAPORE DOLLAR": "SGD", "SAUDI RIYAL": "SAR",
    "CHINESE YUAN": "CNY", "AUSTRALIAN $": "AUD",
}  # fmt: skip
PER_SHILLING = {"KES / USHS": "UGX", "KES / TSHS": "TZS", "KES / RWF": "RWF", "KES / BIF": "BIF"}
UNITS = {"JPY": 100}


def steps(query: Query) -> Steps:
    """The whole table, of which the days of the window are read."""
    return archive(query, PROVIDER, post(URL, WHOLE, params={"action": "get_wdtable", "table_id": 193}), parse)


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the window; the answer says how many rows it has."""
    answer = json_object(body)
    for written, name, rate in counted(rows(answer["data"]), answer["recordsTotal"]):
        on = day(written, "D/M/Y")
        if not first <= on <= last:
            continue
        if name in PER_SHILLING:
            yield Quote("KES", PER_SHILLING[name], number(rate), on)
        else:
            code = named(NAMES, name)
            yield Quote(code, "KES", per_unit(rate, UNITS.get(code, 1)), on)
