"""Bank of Zambia: average rates of the commercial banks.

Publishes: US dollar, pound, euro and rand each working day, since 2006-01-12.
Quoted: middle of buying and selling averages, kwacha for one unit; old kwacha (ZMK) before 2013.
Answer: JSON that names the newest workbook (xlsx), then that workbook: all days in one sheet, a row a day.
Source: https://www.boz.zm/

The workbook's name changes each day. The sheet has the currencies' names above their pairs of columns; it is read as
other clients describe it, and no recorded one is known.
"""

from rates.providers.kit import Iterable, Mapping, Provider, Query, Quote, Steps, archive, date, get
from rates.readers import absolute, json_object, mapping, midpoint, named, rows, serial_day, sheets

PROVIDER = Provider(
    name="Bank of Zambia",
    country="ZM",
    pivot="ZMW",
    rate_type="mid of buying and selling",
    published="about 17:00 Africa/Lusaka",
    since=date(2006, 1, 12),  # rows before are hidden, and hold no rates
    restriction="non-commercial",
    terms="https://www.boz.zm/ (non-commercial use, with attribution)",
    proven=False,
)

URL = "https://www.boz.zm/jsonapi/node/historical_average_exchange_rate"
FILE = "field_average_historical_file"
PARAMS = {"include": FILE, "page[limit]": 1, "sort": "-created"}
NEW_KWACHA = date(2013, 1, 1)  # for 1000 of the old ones, in which the rows before stay
NAMES = {"DOLLAR": "USD", "POUND": "GBP", "EURO": "EUR", "RAND": "ZAR"}
HEAD, PAIR = "DATE", ["BUY", "SALE"]


def steps(query: Query) -> Steps:
    """The newest entry for the workbook's address, then the workbook."""
    entry = yield get(URL, PARAMS)
    return (yield from archive(query, PROVIDER, get(_address(json_object(entry.body))), parse))


def _address(answer: Mapping[str, object]) -> str:
    """The address of the file that the newest entry has."""
    (entry,) = rows(answer["data"])
    place = mapping(entry)["relationships"][FILE]["data"]["id"]
    (file,) = (one for one in map(mapping, rows(answer["included"])) if one["id"] == place)
    return absolute(URL, file["attributes"]["uri"]["url"])


def parse(body: bytes, first: date = date.min, last: date = date.max) -> Iterable[Quote]:
    """The quotes of the workbook; the JSON that leads to it has none."""
    if body.lstrip().startswith(b"{"):
        _address(json_object(body))
        return
    (table, *_) = sheets(body).values()
    heads = [place for place, row in enumerate(table) if HEAD in map(_word, row)]
    if not heads or not heads[0]:
        raise ValueError(f"the sheet has no row {HEAD} with names above it")
    head = [_word(cell) for cell in table[heads[0]]]
    days = head.index(HEAD)
    columns = [(place, named(NAMES, _word(cell))) for place, cell in enumerate(table[heads[0] - 1]) if cell.strip()]
    if not columns or any(head[place : place + 2] != PAIR for place, _ in columns):
        raise ValueError(f"expected {' and '.join(PAIR)} below each currency, got {', '.join(filter(None, head))}")
    for row in table[heads[0] + 1 :]:
        sides = [(code, row[place : place + 2]) for place, code in columns if any(row[place : place + 2])]
        if sides and max(first, PROVIDER.since) <= (on := serial_day(row[days])) <= last:
            for code, (buy, sell) in sides:
                yield Quote(code, "ZMW" if on >= NEW_KWACHA else "ZMK", midpoint(buy, sell), on)


def _word(cell: str) -> str:
    return cell.strip().upper()
