"""The Bank of Portugal: a closed history, in pages, of flat lists of values."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest

from rates.errors import NoRates, ParseError, Unsupported
from rates.model import Quote
from rates.providers import bdp
from tests.providers.conversation import Case, ask, between, latest, on, specimen
from tests.providers.recordings import Figures, asked, body, codes, in_sample, recordings, replay

PAGE1, PAGE2, NONE = (specimen(f"bdp/{name}.json") for name in ("page1", "page2", "none"))
LAST = date(1998, 12, 31)
# It has no latest rates. The figure makes 0.null, since a null alone is the bank's word for none.
CASE = Case(on(LAST, "PTE"), (PAGE2,), b"10355")


def _url(page: int, window: str) -> str:
    return f"{bdp.URL}?lang=EN&page={page}&dim_cats=13:794&dim_cats=18:35&dim_cats=40:4263&{window}"


def test_a_range_is_read_page_by_page() -> None:
    """The next page is asked for by its number; values are currency by currency, in the order of the dimension."""
    quotes, urls = ask("bdp", between(date(1998, 12, 29), LAST, "PTE"), PAGE1, PAGE2)
    window = "obs_since=1998-12-29&obs_to=1998-12-31"
    assert urls == [_url(1, window), _url(2, window)]
    assert quotes == (
        Quote("XEU", "PTE", Decimal("201.1"), date(1998, 12, 29)),
        Quote("XEU", "PTE", Decimal("200.95"), date(1998, 12, 30)),
        Quote("XEU", "PTE", Decimal("200.482"), LAST),
        Quote("USD", "PTE", Decimal("171.5"), date(1998, 12, 29)),
        Quote("USD", "PTE", Decimal("171.83"), LAST),
        Quote("ITL", "PTE", Decimal("0.10355"), date(1998, 12, 29)),
        Quote("ITL", "PTE", Decimal("0.10354"), date(1998, 12, 30)),
        Quote("ITL", "PTE", Decimal("0.10354"), LAST),
    )


def test_the_same_page_again_is_refused() -> None:
    """A server that ignores the page's number ends in an error, not in endless requests."""
    with pytest.raises(ParseError, match="page 2 has USD again"):
        ask("bdp", between(date(1998, 12, 29), LAST, "PTE"), PAGE1, PAGE1)


def test_the_window_ends_with_the_escudo() -> None:
    """Days shortly after are bridged from its last; later ones are not asked for; nor is "latest" offered."""
    _, urls = ask("bdp", on(date(1999, 1, 2), "PTE"), PAGE2)
    assert urls == [_url(1, "obs_since=1998-12-26&obs_to=1998-12-31")]
    with pytest.raises(Unsupported, match="1998-12-31"):
        ask("bdp", on(date(2026, 10, 30), "PTE"))
    assert bdp.PROVIDER.answers == ("day", "range")
    with pytest.raises(Unsupported, match="1998-12-31"):
        ask("bdp", latest("PTE"))


def test_a_long_range_is_asked_in_pieces_of_five_years() -> None:
    """Twelve years are three pieces, cut to what there is."""
    old = PAGE2.replace(b"1998-12", b"1987-12")
    _, urls = ask("bdp", between(date(1980, 1, 1), date(1998, 12, 31), "PTE"), old, NONE, PAGE2)
    assert [re.findall(r"\d{4}-\d\d-\d\d", url) for url in urls] == [
        ["1987-01-02", "1992-01-01"],
        ["1992-01-02", "1996-12-31"],
        ["1997-01-01", "1998-12-31"],
    ]


def test_an_empty_window_is_no_rates() -> None:
    """Neither series nor values is the bank's word for days of rest."""
    with pytest.raises(NoRates):
        ask("bdp", on(date(1998, 6, 1), "PTE"), NONE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"201.1,", b""),
        (b"(USD) against", b"against"),
        (b'"1998-12-30",', b""),
        (b'"category_id": 2777', b'"category_id": 2778'),
        (b'"id": [\n  "12"', b'"id": [\n  "14"'),
    ],
)
def test_values_that_do_not_fit_are_refused(old: bytes, new: bytes) -> None:
    """A value, day or series too few would shift all others, and a label without a code names no currency."""
    assert old in PAGE1
    with pytest.raises(ParseError):
        ask("bdp", between(date(1998, 12, 29), LAST, "PTE"), PAGE1.replace(old, new, 1), PAGE2)


def test_a_currency_without_a_label_comes_again() -> None:
    """The first of the next page is left out of this one, where it has no label; of a last page it is refused."""
    page = PAGE1.replace(b"US, Dollars (USD)", b"").replace(b'"label": " against Escudo - daily",', b"")
    bare = json.loads(page)
    del bare["extension"]["series"][0]
    quotes, _ = ask("bdp", between(date(1998, 12, 29), LAST, "PTE"), json.dumps(bare).encode(), PAGE2)
    assert {quote.base for quote in quotes} == {"XEU", "ITL"}
    del bare["extension"]["next_page"]
    with pytest.raises(ParseError, match="labels for 2"):
        ask("bdp", between(date(1998, 12, 29), LAST, "PTE"), json.dumps(bare).encode())


@recordings
def test_recorded() -> None:
    """Every value, by the place of its currency and day, under the code in the label of its series."""
    found = replay("bdp", asked("1998-12-28", "1998-12-31", "PTE"))
    days = [date(1998, 12, day) for day in (28, 29, 30, 31)]
    expected: Figures = {}
    for page in (1, 2, 3):
        text = body(f"bdp/{page}.json").decode()
        values = re.findall(r"[\d.]+", re.findall(r'"value":\[(.*?)\]', text)[0])
        labels = {}
        for series in json.loads(text)["extension"]["series"]:
            (place,) = (one["category_id"] for one in series["dimension_category"] if one["dimension_id"] == 12)
            labels[place] = series["label"].split("(")[1][:3].replace("ECU", "XEU")
        places = re.findall(r"\d+", re.findall(r'"12":\{"label":"Counterparty.*?"index":\[(.*?)\]', text)[0])
        for at, value in enumerate(values):
            if int(places[at // 4]) not in labels:
                assert (page, places[at // 4]) in [(1, "783"), (2, "714")]  # the guilder and the Belgian franc
                continue
            expected[labels[int(places[at // 4])], "PTE", days[at % 4]] = Decimal(value)
    assert found == expected
    assert len(found) == 96
    assert codes(found) == in_sample("bdp")
