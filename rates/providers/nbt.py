"""National Bank of Tajikistan: official rates of the somoni.

Publishes: 36 currencies for every day of the week; weekends carry on the last working day's.
Quoted: official rates, somoni for 1, 10, 100 or 1000 units, as each Nominal says.
Answer: XML, one day a request; a day out of range is answered with today's list, as its Date says.
Source: https://www.nbt.tj/en/kurs/

The numbers in the attribute ID are old ones (810 stands beside RUB): the code counts. Users of the rates must name the
bank as their source. The Iranian rial has two digits, and some 10 % between the banks that publish it.
"""

from rates.providers.kit import Iterable, Provider, Query, Quote, Request, Steps, by_day, date, get
from rates.readers import child, day, per_unit, xml

PROVIDER = Provider(
    name="National Bank of Tajikistan",
    country="TJ",
    pivot="TJS",
    rate_type="official",
    published="by 11:00 Asia/Dushanbe",  # the bank names no time; seen from 9:00 on
    since=date(2001, 1, 1),
    max_days=1,
    gap_days=4,  # every calendar day has a list
    spacing_s=0.2,
    terms="https://www.nbt.tj/en/",  # the foot of each page asks to name the bank
)

URL = "https://www.nbt.tj/en/kurs/export_xml.php"


def steps(query: Query) -> Steps:
    """One request a day."""
    return by_day(query, PROVIDER, ask, parse, in_force=True)


def ask(on: date) -> Request:
    """The list of a day."""
    return get(URL, {"date": on, "export": "xmlout"})


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list, of the day that it names itself."""
    root = xml(body, "ValCurs")
    on = day(root.attrib["Date"])
    for row in root.iter("Valute"):
        rate = per_unit(child(row, "Value"), child(row, "Nominal"))
        yield Quote(child(row, "CharCode").strip(), "TJS", rate, on)
