"""Bank of Russia: official rates, and prices of precious metals.

Publishes: about 55 currencies each working day for the next one, by 17:00 Moscow time, since 1992; metals daily.
Quoted: official rates, roubles for 1 to 1,000,000 units; metals in roubles per gram, given here per troy ounce.
Answer: XML in windows-1251, decimal comma; one document a day, or one a currency and range.
Source: https://www.cbr.ru/development/SXML/
"""

from decimal import Decimal

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, date, get, not_empty, wanted, window
from rates.readers import Element, child, day, excerpt, midpoint, named, number, per_ounce, per_unit, reported, xml

PROVIDER = Provider(
    name="Bank of Russia",
    country="RU",
    pivot="RUB",
    rate_type="official",
    published="17:00 Europe/Moscow, for the next day",
    since=date(1999, 1, 4),  # lists from before 1998 are in old roubles, a thousand to one
    gap_days=14,  # the rates of 31 December hold over the New Year's holidays, up to twelve days
    concurrency=2,
    spacing_s=0.1,
    terms="https://www.cbr.ru/eng/user_agreement/",
)

FOLDER = "https://www.cbr.ru/scripts/"
METALS = {"1": "XAU", "2": "XAG", "3": "XPT", "4": "XPD"}


def steps(query: Query) -> Steps:
    """One document for the latest or a day, which has no metals; for a range one a currency and one for metals."""
    if query.kind == "range":
        return (yield from _range(query))
    last = None if query.kind == "latest" else window(query, PROVIDER, tomorrow=True)[1]
    return parse((yield ask(last)).body)


def ask(on: date | None) -> Request:
    """The list in force on a day; without one, the last list that was set."""
    return get(FOLDER + "XML_daily.asp", {"date_req": f"{on:%d/%m/%Y}"} if on else ())


def _range(query: Query) -> Steps:
    """One request a currency that is asked for (all, when none is named), then one for the metals.

    The bank's number of each currency, such as R01235, is found in the first and the last day's lists: today's alone
    would lack those that ended, such as the kuna; a number stays with its currency.
    """
    first, last = window(query, PROVIDER, tomorrow=True)
    numbers: dict[str, str] = {}
    for on in (first, last):
        reply = yield ask(on)
        numbers |= {row.attrib["ID"]: child(row, "CharCode") for row in _document(reply.body).iter("Valute")}
    codes = wanted(query, [*numbers.values(), *METALS.values()])
    days = {"date_req1": f"{first:%d/%m/%Y}", "date_req2": f"{last:%d/%m/%Y}"}
    quotes: list[Quote] = []
    for bank_id, code in numbers.items():
        if code in codes:
            reply = yield get(FOLDER + "XML_dynamic.asp", {**days, "VAL_NM_RQ": bank_id})
            quotes += _records(reply.body, bank_id, code)
    if {*METALS.values()} & {*codes}:
        reply = yield get(FOLDER + "xml_metall.asp", days)
        quotes += parse(reply.body)
    return not_empty(quotes, first, last)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a day's list, or of the metals; a currency's own range names no code, so that `steps` reads it."""
    root = _document(body)
    for row in root.iter("Record"):
        # Buying and selling prices have been one since 2008; the middle holds for both.
        middle = midpoint(*(number(child(row, side), comma=True) for side in ("Buy", "Sell")))
        yield Quote(named(METALS, row.attrib["Code"]), "RUB", per_ounce(middle), _day(row))
    for row in root.iter("Valute"):
        yield Quote(child(row, "CharCode"), "RUB", _rate(row), _day(root))


def _records(body: bytes, bank_id: str, code: str) -> Iterable[Quote]:
    """The records of a currency, which the answer names by its number alone."""
    root = _document(body)
    if root.attrib["ID"] != bank_id:
        raise ValueError(f"expected the records of {code}, {bank_id}, got those of {root.attrib['ID']!r}")
    for row in root.iter("Record"):
        yield Quote(code, "RUB", _rate(row), _day(row))


def _document(body: bytes) -> Element:
    """The root; a question that the bank refuses is answered with a well-formed list whose text is the error."""
    root = xml(body, "ValCurs", "Metall")
    if words := excerpt(root.text or ""):
        raise reported(words)
    return root


def _rate(row: Element) -> Decimal:
    """Value for Nominal units. VunitRate is the same per unit without its last zeros: 0,23403 for 23,4030 of 100."""
    return per_unit(number(child(row, "Value"), comma=True), child(row, "Nominal"))


def _day(row: Element) -> date:
    return day(row.attrib["Date"], "D.M.Y")
