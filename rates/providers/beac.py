"""Bank of Central African States (BEAC): indicative rates.

Publishes: 13 currencies each working day, the newest alone.
Quoted: middle of buying and selling rates, CFA francs of Central Africa for one unit.
Answer: a block of the home page, with pairs such as USD/XAF and the day of value below them.
Source: https://www.beac.int/

The euro is at its fixed 655.957 on both sides.
"""

import re

from rates.providers.kit import Iterable, Provider, Query, Quote, Steps, date, get
from rates.readers import counted, day, midpoint, searched, whole_page

PROVIDER = Provider(
    name="Bank of Central African States",
    country="CM",
    pivot="XAF",
    rate_type="indicative",
    published="no stated time Africa/Douala",
    since=date(2026, 5, 22),  # it serves no past; the first answer known
    answers=("latest",),
)

URL = "https://www.beac.int/"

_BLOCK = re.compile(r'class="boxh taux_de_change_list"(.*?)Date de valeur\s*:\s*(\d\d/\d\d/\d{4})', re.DOTALL)
_FIGURE = r'<div id="{}"[^>]*>\s*([^<\s]*)\s*</div>\s*'
_ROW = re.compile(
    rf'class="code_valeur"[^>]*>\s*(\w+)/XAF\s*</span>\s*</div>\s*</div>\s*{_FIGURE.format("middle")}{_FIGURE.format("right")}'
)


def steps(query: Query) -> Steps:
    """The home page, for the latest."""
    page = yield get(URL, html=True)
    return parse(page.body)


def parse(body: bytes) -> Iterable[Quote]:
    """The quotes of the block; each pair must be one against the franc."""
    block, written = searched(_BLOCK, whole_page(body), "block of rates with its day").groups()
    due = max(1, block.count("code_valeur"), block.count("/XAF"))
    for code, buy, sell in counted(_ROW.findall(block), due, "pairs"):
        yield Quote(code, "XAF", midpoint(buy, sell), day(written, "D/M/Y"))
