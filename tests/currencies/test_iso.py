from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from rates.currencies import COMMON, FRACTIONS, OFFSHORE, all_currencies, code, codes, digits, ended, name
from rates.errors import UsageError

IN_USE = {currency.code for currency in all_currencies().values() if currency.ended is None}
ENDED = {currency.code: currency for currency in all_currencies().values() if currency.ended is not None}

# ISO 4217's minor units, where they are not two.
DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
    None: "XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX",
}

# The irrevocable rates: six significant digits each, by the Council's regulations.
EURO = {
    "ATS": "13.7603", "BEF": "40.3399", "BGN": "1.95583", "CYP": "0.585274", "DEM": "1.95583", "EEK": "15.6466",
    "ESP": "166.386", "FIM": "5.94573", "FRF": "6.55957", "GRD": "340.750", "HRK": "7.53450", "IEP": "0.787564",
    "ITL": "1936.27", "LTL": "3.45280", "LUF": "40.3399", "LVL": "0.702804", "MTL": "0.429300", "NLG": "2.20371",
    "PTE": "200.482", "SIT": "239.640", "SKK": "30.1260",
}  # fmt: skip


def test_every_code_of_iso_4217() -> None:
    """The codes in use and their numbers are those of ISO 4217, as pycountry has them."""
    pycountry = pytest.importorskip("pycountry")
    listed = {currency.alpha_3: currency.numeric for currency in pycountry.currencies}
    assert {symbol: all_currencies()[symbol].number for symbol in IN_USE} == listed


def test_minor_units() -> None:
    """Minor units are ISO's, not the customary ones: IQD has three, UYW four, gold none, all others two."""
    odd = {symbol: digits for digits, symbols in DIGITS.items() for symbol in symbols.split()}
    assert {symbol: all_currencies()[symbol].digits for symbol in IN_USE} == {s: odd.get(s, 2) for s in IN_USE}


def test_the_euros_predecessors() -> None:
    """The irrevocable conversion rates are exact, last zeros too, and no other is given."""
    given = {c.code: str(c.ratio) for c in ENDED.values() if c.successor == "EUR" and c.code != "XEU"}
    assert given == EURO


def test_what_is_recorded_elsewhere(sources: Path) -> None:
    """End, successor and ratio agree with the collected life cycles."""
    for entry in json.loads((sources / "currencies" / "defunct_currencies.json").read_text(encoding="utf-8")):
        currency = ENDED[entry["iso_code"]]
        assert (str(currency.ended), currency.successor) == (entry["terminal_date"], entry["successor"])
        if "ratio" in entry:
            assert currency.ratio == Decimal(str(entry["ratio"]))


@pytest.mark.parametrize("symbol", sorted(ENDED))
def test_every_end_leads_on(symbol: str) -> None:
    """An ended currency has a known successor that did not end before it; the last successor is in use."""
    currency, steps = ENDED[symbol], 0
    while currency.ended is not None:
        following = all_currencies()[currency.successor]
        assert following.ended is None or following.ended >= currency.ended
        assert currency.ratio is None or currency.ratio > 0
        currency, steps = following, steps + 1
        assert steps < 7


def test_every_entry_is_whole() -> None:
    """Codes are three capital letters, numbers three digits; nothing is entered twice as in use and ended."""
    for symbol, currency in all_currencies().items():
        assert symbol == currency.code
        assert symbol.isascii()
        assert symbol.isupper()
        assert len(symbol) == 3
        assert currency.number.isdigit()
        assert len(currency.number) == 3
    numbers = [all_currencies()[symbol].number for symbol in IN_USE]
    assert len(set(numbers)) == len(numbers)
    assert not IN_USE & set(ENDED)
    assert set(COMMON) <= IN_USE


@pytest.mark.parametrize(
    ("symbol", "successor", "ratio", "first"),
    [
        ("RUR", "RUB", "1000", date(1998, 1, 1)),
        ("PLZ", "PLN", "10000", date(1995, 1, 1)),
        ("BGL", "BGN", "1000", date(1999, 7, 5)),
        ("TRL", "TRY", "1000000", date(2005, 1, 1)),
        ("ROL", "RON", "10000", date(2005, 7, 1)),
        ("AZM", "AZN", "5000", date(2006, 1, 1)),
        ("UAK", "UAH", "100000", date(1996, 9, 2)),
        ("MXP", "MXN", "1000", date(1993, 1, 1)),
        ("BRR", "BRL", "2750", date(1994, 7, 1)),
        ("ZWR", "ZWL", "1000000000000", date(2009, 2, 2)),
        ("XEU", "EUR", "1", date(1999, 1, 1)),
        ("BRC", "BRN", "1000", date(1989, 1, 16)),
        ("BRN", "BRE", "1", date(1990, 3, 16)),
        ("ILR", "ILS", "1000", date(1985, 9, 4)),
        ("ISJ", "ISK", "100", date(1981, 1, 1)),
        ("ARP", "ARA", "1000", date(1985, 6, 15)),
        ("BOP", "BOB", "1000000", date(1987, 1, 1)),
        ("ZRZ", "ZRN", "3000000", date(1993, 10, 22)),
        ("MLF", "XOF", "2", date(1984, 6, 1)),
        ("ECS", "USD", "25000", date(2000, 9, 11)),
        ("SDP", "SDD", "10", date(1992, 6, 8)),
    ],
)
def test_redenominations(symbol: str, successor: str, ratio: str, first: date) -> None:
    """The old units for one new unit, and the first day of the new."""
    currency = ENDED[symbol]
    assert (currency.successor, currency.ratio, currency.ended) == (successor, Decimal(ratio), first)


@pytest.mark.parametrize("text", ["USD", "usd", " Usd\n"])
def test_code_in_any_case(text: str) -> None:
    """A code is accepted in any case, also that of an ended currency."""
    assert code(text) == "USD"
    assert code("hrk") == "HRK"


@pytest.mark.parametrize(
    ("text", "first"),
    [("usb", "USD"), ("euro", "EUR"), ("gpb", "GBP"), ("udd", "USD"), ("jpx", "JPY"), ("CHD", "CHF")],
)
def test_a_wrong_code_gets_the_nearest(text: str, first: str) -> None:
    """The error about a mistyped code repeats it, and suggests the most traded of the near currencies."""
    with pytest.raises(UsageError) as caught:
        code(text)
    assert repr(text) in str(caught.value)
    assert caught.value.hint.startswith(f"did you mean {first}")


@pytest.mark.parametrize("text", ["", "  ", "1", "ßß", "qqqqqqqq", "💶"])
def test_a_code_like_none(text: str) -> None:
    """The error about a code near no other has the command that lists them."""
    with pytest.raises(UsageError, match="rates currencies"):
        code(text)


def test_ended_sentences() -> None:
    """A currency has ended from its successor's first day on, and not the day before."""
    last = date(2023, 1, 1)
    assert ended("HRK", last) == "HRK was replaced by EUR on 2023-01-01"
    assert ended("HRK", last - timedelta(days=1)) == ""
    assert ended("USD", date(2026, 10, 30)) == ""
    assert ended("QQQ", date(2026, 10, 30)) == ""


def test_codes_and_names() -> None:
    """`codes` has the codes of both lists and the offshore yuan; `name` is empty if Babel has no name."""
    assert codes() == IN_USE | set(ENDED) | {"CNH"}
    assert name("USD") == "US Dollar"
    pytest.importorskip("babel")
    assert name("USD", "de") == "US-Dollar"
    assert name("QQQ") == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("GBX", "GBX"), ("gbx", "GBX"), ("GBp", "GBX"), ("GBP", "GBP"), ("gbp", "GBP"), ("Gbp", "GBP"), ("gbP", "GBP"),
        ("ZAc", "ZAC"), ("ZAC", "ZAC"), ("ZAr", "ZAC"), ("ZAR", "ZAR"), ("zar", "ZAR"), ("ILA", "ILA"), ("ILs", "ILA"),
        ("USX", "USX"), ("EUX", "EUX"), ("KWF", "KWF"), ("CNH", "CNH"), ("jep", "JEP"), (" GBp\n", "GBX"),
    ],
)  # fmt: skip
def test_case_matters_where_it_means_pence(text: str, meant: str) -> None:
    """Two capitals and a small letter are the minor unit that exchanges write so; other cases are the currency."""
    assert code(text) == meant


@pytest.mark.parametrize("text", ["JPy", "CHf", "CAd"])
def test_a_form_that_may_be_a_minor_unit_is_refused(text: str) -> None:
    """Where it is not known that an exchange writes so, the form is refused: it may be a hundredth."""
    with pytest.raises(UsageError, match=f"not clear.*write {text.upper()} or {text.lower()}"):
        code(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("RMB", "did you mean CNY?"),
        ("€", "did you mean EUR?"),
        ("¥", "did you mean JPY or CNY?"),
        ("yen", "did you mean JPY?"),
        ("PRB", "the Transnistrian ruble has no code of ISO 4217, and no publisher here quotes it"),
        ("BTC", "bitcoin has no code of ISO 4217, and no publisher here quotes it"),
    ],
)
def test_names_that_look_like_codes(text: str, hint: str) -> None:
    """A sign or a name in daily use is explained; the nearest code would be another currency."""
    with pytest.raises(UsageError) as caught:
        code(text)
    assert caught.value.hint == hint


@pytest.mark.parametrize("text", ["GBY", "GPX", "ZAX", "ILX", "USY", "KWX"])
def test_no_hint_names_a_minor_unit(text: str) -> None:
    """A mistyped code never suggests a code whose figures are a hundred times larger."""
    with pytest.raises(UsageError) as caught:
        code(text)
    assert not any(minor in caught.value.hint for minor in FRACTIONS)


def test_minor_units_of_minor_units() -> None:
    """Pence have no decimals, as pounds have two; an island's pound has as many as its currency."""
    assert [digits(symbol) for symbol in ("GBX", "ZAC", "KWF", "JEP", "CNH", "XAU")] == [0, 0, 0, 2, 2, None]
    assert (name("GBX"), name("JEP"), name("CNH")) == ("British Penny", "Jersey Pound", "Chinese Yuan (offshore)")


def test_codes_beside_iso_4217() -> None:
    """They are no codes of ISO 4217, and stand for a currency in use, the offshore yuan for itself."""
    assert not codes() & set(FRACTIONS)
    assert {fraction.unit for fraction in FRACTIONS.values()} <= IN_USE
    assert not set(all_currencies()) & set(OFFSHORE)


def test_names_are_babels() -> None:
    """The English names that the package has are those of Babel, whatever its version, but for a few."""
    babel = pytest.importorskip("babel")
    theirs = babel.Locale.parse("en").currencies
    different = [code for code in codes() if name(code) != theirs.get(code, "")]
    assert len(different) <= len(codes()) // 20


def test_other_languages_need_babel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Babel names are English; the error for another language says what to install."""
    monkeypatch.setitem(sys.modules, "babel", None)
    assert name("CHF") == "Swiss Franc"
    with pytest.raises(UsageError, match=r"names in 'de' need Babel; pip install 'fetch-rates\[names\]'"):
        name("CHF", "de")
