"""South African Reserve Bank: weighted average rates of the rand.

Publishes: 23 currencies each working day before noon in Pretoria.
Quoted: averages of the banks' rates at about 10:30, weighted; rand for one dollar, pound or euro, others for one rand.
Answer: JSON, one series a request, newest first; the series' name says what is per what.
Source: https://custom.resbank.co.za/SarbWebApi/WebIndicators/HistoricalExchangeRatesDaily
"""

from rates.errors import NoRates
from rates.model import Provider, Query, Quote
from rates.providers.kit import Iterable, Iterator, Steps, date, get, not_empty, spans, wanted, window
from rates.readers import day, named, number, records

PROVIDER = Provider(
    name="South African Reserve Bank",
    country="ZA",
    pivot="ZAR",
    rate_type="market average",
    published="by 13:00 Africa/Johannesburg",  # the bank names no time; seen from 11:00 on
    since=date(2000, 1, 1),
    max_days=365,  # our own: a year of one series is some 70 KB
    gap_days=7,  # Easter closes four days, Christmas and the weekend as many
    concurrency=2,
    spacing_s=0.1,
    official=False,  # an average of what banks ask; the bank neither sets nor declares one
    terms="https://www.resbank.co.za/",  # the bank's home: its terms have no address that is known
)

URL = "https://custom.resbank.co.za/SarbWebApi/WebIndicators/Shared/GetTimeseriesObservations"

# The bank's number of each series, and the name in its rows.
SERIES = {
    "USD": ("EXCX135D", "Rand per US Dollar"),
    "GBP": ("EXCZ001D", "Rand per British Pound"),
    "EUR": ("EXCZ002D", "Rand per Euro"),
    "AUD": ("EXCB080D", "Australia: Dollar per Rand"),
    "BRL": ("EXCB036D", "Brazil: Real per Rand"),
    "BWP": ("EXCB051D", "Botswana: Pula per Rand"),
    "CAD": ("EXCB031D", "Canada: Dollar per Rand"),
    "CHF": ("EXCB016D", "Switzerland: Franc per Rand"),
    "CNY": ("EXCB121D", "China: Yuan per Rand"),
    "DKK": ("EXCB003D", "Denmark: Krone per Rand"),
    "HKD": ("EXCB122D", "Hong Kong: Dollar per Rand"),
    "ILS": ("EXCB094D", "Israel: Shekel per Rand"),
    "INR": ("EXCB123D", "India: Rupee per Rand"),
    "JPY": ("EXCB120D", "Japan: Yen per Rand"),
    "KES": ("EXCB059D", "Kenya: Schilling per Rand"),
    "KRW": ("EXCB118D", "South Korea: Won per Rand"),
    "MWK": ("EXCB063D", "Malawi: Kwacha per Rand"),
    "NOK": ("EXCB013D", "Norway: Krone per Rand"),
    "NZD": ("EXCB081D", "New Zealand: Dollar per Rand"),
    "SEK": ("EXCB015D", "Sweden: Krona per Rand"),
    "THB": ("EXCB115D", "Thailand: Baht per Rand"),
    "TWD": ("EXCB126D", "Taiwan: NT Dollar per Rand"),
    "ZMW": ("EXCB071D", "Zambia: Kwacha per Rand"),
}
CODES = {name: code for code, (_, name) in SERIES.items()}


def steps(query: Query) -> Steps:
    """One series a currency that is asked for, all when none is named; one asked for by name must have rates."""
    first, last = window(query, PROVIDER)
    quotes: list[Quote] = []
    empty: set[date] = set()
    for code in wanted(query, SERIES):
        known = len(quotes)
        for start, end in spans(first, last, PROVIDER.max_days):
            reply = yield get(f"{URL}/{SERIES[code][0]}/{start}/{end}")
            for on, quote in _rows(reply.body, code):
                if quote is None:
                    empty.add(on)
                else:
                    quotes.append(quote)
        if len(quotes) == known and query.symbols:
            raise NoRates(f"has no rates of {code} from {first} to {last}")
    not_empty(quotes, first, last)
    if lost := empty & {quote.day for quote in quotes}:
        raise ValueError(f"a series has no figure on {min(lost)}, when others have")
    return quotes


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a series, whichever it is."""
    return [quote for _, quote in _rows(body) if quote]


def _rows(body: bytes, due: str = "") -> Iterator[tuple[date, Quote | None]]:
    """The day and quote of each row, None for a value of null; of the series of `due` alone when it is named."""
    for row in records(body):
        name, on, value = row["Timeseries"], day(row["Period"]), row["Value"]
        code = named(CODES, name)
        if due and code != due:
            raise ValueError(f"expected the series of {due}, got {name!r}")
        pair = (code, "ZAR") if name.startswith("Rand per ") else ("ZAR", code)
        yield on, None if value is None else Quote(*pair, number(value), on)
