"""Central Bank of Turkmenistan: official rates of the manat.

Publishes: about 47 currencies for each day but Sunday, since 2020-04-17.
Quoted: official rates, manats for 1 to 10,000 units by each row's multiplier; the US dollar is held at 3.5.
Answer: XML, one day a request; status 404 where there is no list.
Source: https://cbt.tm/kurs/

The server refuses the names of libraries as client. Each row has the currency's rate to the dollar too, which is not
read.
"""

from rates.errors import HtmlAnswer
from rates.providers.kit import SUNDAY, Iterable, Provider, Query, Quote, Reply, Request, Steps, by_day, date, get
from rates.readers import child, day, is_html, per_unit, xml

PROVIDER = Provider(
    name="Central Bank of Turkmenistan",
    country="TM",
    pivot="TMT",
    rate_type="official",
    published="about 15:30 Asia/Ashgabat, for the next day",  # when the recorded files were made
    since=date(2020, 4, 17),
    max_days=1,
    gap_days=7,  # feasts of two days beside Sundays; generous
    spacing_s=0.2,
)

URL = "https://cbt.tm/kurs"
AGENT = {"User-Agent": "Mozilla/5.0 (compatible; fetch-rates)"}  # the first word of every browser, and our name
NO_FILE = b"<title>404 Not Found</title>"  # the web server's own page


def steps(query: Query) -> Steps:
    """One request a day, but for Sundays."""
    return by_day(query, PROVIDER, ask, parse, check=has_list, rests=(SUNDAY,))


def ask(on: date) -> Request:
    """The list of a day."""
    return get(f"{URL}/{on.year}/{on:%d%m%Y}.xml", headers=AGENT, allow=(404,), html=True)  # its "no" is a page


def has_list(reply: Reply) -> bool:
    """False if the web server answers that the file does not exist; any other page with status 404 is an error."""
    if reply.status != 404:
        return True
    if is_html(reply.body) and NO_FILE not in reply.body:
        raise HtmlAnswer("a web page came in place of data", hint="the publisher may be down, or have moved")
    return False


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of a list, whose day was written as 2023-12-30 before 2024."""
    root = xml(body, "cbt_currency_rate")
    written = child(root, "date")
    on = day(written, "D.M.Y" if "." in written else "Y-M-D")
    for row in root.findall("rate"):
        yield Quote(row.attrib["code"], "TMT", per_unit(child(row, "rate_tmt"), child(row, "multiplier")), on)
