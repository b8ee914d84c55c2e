"""The Central Bank of Bolivia: old workbooks of a day and of a year, and the years between that are not read."""

from __future__ import annotations

import re
import struct
import sys
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest

from rates.errors import AnswerError, EmptyAnswer, NoRates, ParseError, Unsupported
from rates.model import Query, Quote
from rates.providers import bcbo
from tests.providers.conversation import TODAY, Case, ask, between, latest, on
from tests.providers.crosses import assert_crosses_agree
from tests.providers.recordings import body, codes, in_sample, recordings, replay

xlwt = pytest.importorskip("xlwt", reason="old workbooks are written by xlwt, of the extra dev")

Cells = list[list[str | float]]
FRIDAY = date(2026, 10, 30)


def workbook(rows: Cells) -> bytes:
    """An old workbook with one sheet."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("TABLA")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def table(day: str, *rows: list[str | float], dollar: float | str = 10.4) -> Cells:
    """A day's table, with the sections below it."""
    return [
        [],
        ["TABLA No. 200-26"],
        ["BANCO CENTRAL DE BOLIVIA"],
        [f"TABLA DE COTIZACIONES DEL {day}"],
        [],
        ["Cotizacion Oficial del Boliviano respecto al Dolar (BCB)", "", "", "", ""],
        ["Pais / Concepto", "Moneda", "Codigo", "Tipo de Cambio Oficial (TCO) (Bs/USD)", ""],
        *([["ESTADOS UNIDOS", "DOLAR", "USD", dollar, ""]] if dollar else []),
        ["", "", "", "", ""],
        ["COTIZACION DE MONEDAS*", "", "", "", ""],
        ["Pais / Region", "Moneda", "Codigo", "TIPO DE CAMBIO EN Bs", "TIPO CAMBIO EN M.E."],
        *rows,
        ["", "", "", "", ""],
        ["Cotizacion de UFV"],
        ["BOLIVIA (UFV)", "UNIDAD DE FOMENTO DE VIVIENDA", "Bs/UFV", 3.30658],
        ["ORO", "ONZA TROY ORO", "", 4098.7],
    ]


YEN: list[str | float] = ["JAPON", "YEN", "JPY", 0.06432, 161.69]
POUND: list[str | float] = ["REINO UNIDO", "LIBRA", "GBP", 13.9328, 0.74644]
DAY = workbook(table("30 DE OCTUBRE   DE 2026", YEN, POUND))
CLOSED = workbook(table("30 DE OCTUBRE DE 2026", dollar=""))
CASE = Case(latest("BOB"), (DAY,), b"", packed=True)


def year() -> Cells:
    """The table of a year, with rates on two days of January and one of December."""
    months = [*("ENERO", "FEBRERO", "MARZO", "ABRIL", "MAYO", "JUNIO", "JULIO", "AGOSTO"), "SEPTIEMBRE"]
    heads = [cell for month in (*months, "OCTUBRE", "NOVIEMBRE", "DICIEMBRE") for cell in (month, "")]
    sides = ["VENTA", "COMPRA"] * 12
    blank: list[str | float] = [""] * 24
    return [
        ["AÑO 2007"],
        ["COTIZACIONES OFICIALES"],
        ["DIAS", *heads],
        ["", *sides],
        [1.0, *blank],
        [2.0, 8.03, 7.93, *blank[:22]],
        [31.0, 8.01, 7.91, *blank[:20], 7.67, 7.57],
        ["PROM", "8,02", "7,92", *blank[:22]],
    ]


def test_latest() -> None:
    """The day's workbook: the dollar and the others in bolivianos for one unit, metals and the UFV left out."""
    quotes, urls = ask("bcbo", latest("BOB"), DAY)
    assert urls == [f"{bcbo.DAILY}?qdd=30&qmm=10&qaa=2026"]
    assert quotes == (
        Quote("USD", "BOB", Decimal("10.4"), FRIDAY),
        Quote("JPY", "BOB", Decimal("0.06432"), FRIDAY),
        Quote("GBP", "BOB", Decimal("13.9328"), FRIDAY),
    )


def test_a_workbook_without_rates_is_followed_by_that_of_the_day_before() -> None:
    """The day itself is the heading's; Saturdays and Sundays are not asked for."""
    before = workbook(table("29 DE OCTUBRE DE 2026", POUND))
    quotes, urls = ask("bcbo", latest("BOB"), CLOSED, before)
    assert urls[1] == f"{bcbo.DAILY}?qdd=29&qmm=10&qaa=2026"
    assert {quote.day for quote in quotes} == {date(2026, 10, 29)}
    _, urls = ask("bcbo", on(date(2026, 10, 25), "BOB"), workbook(table("23 DE OCTUBRE DE 2026", POUND)))
    assert urls == [f"{bcbo.DAILY}?qdd=23&qmm=10&qaa=2026"]
    with pytest.raises(EmptyAnswer):
        ask("bcbo", latest("BOB"), *[CLOSED] * 6)


def test_a_range_of_days() -> None:
    """A workbook for each day from Monday to Friday; one without rates is of a day of rest."""
    before = workbook(table("28 DE OCTUBRE DE 2026", POUND))
    closed = workbook(table("29 DE OCTUBRE DE 2026", dollar=""))
    quotes, urls = ask("bcbo", between(date(2026, 10, 28), date(2026, 10, 30), "BOB"), before, closed, DAY)
    assert urls == [f"{bcbo.DAILY}?qdd={day}&qmm=10&qaa=2026" for day in (28, 29, 30)]
    assert sorted({quote.day.day for quote in quotes}) == [28, 30]
    with pytest.raises(NoRates):
        ask("bcbo", between(date(2026, 10, 29), date(2026, 10, 30), "BOB"), closed, CLOSED)
    _, urls = ask("bcbo", on(date(2026, 7, 1), "BOB"), workbook(table("1 DE JULIO DE 2026", POUND)))
    assert len(urls) == 1
    with pytest.raises(EmptyAnswer):  # the days before have the other layout
        ask("bcbo", on(date(2026, 7, 1), "BOB"), workbook(table("1 DE JULIO DE 2026", dollar="")))


def test_years_to_2007() -> None:
    """The dollar alone, the middle of both sides; the row of averages is no day. A range is of as many workbooks."""
    whole = (
        Quote("USD", "BOB", Decimal("7.98"), date(2007, 1, 2)),
        Quote("USD", "BOB", Decimal("7.96"), date(2007, 1, 31)),
        Quote("USD", "BOB", Decimal("7.62"), date(2007, 12, 31)),
    )
    assert tuple(bcbo.parse(workbook(year()))) == whole
    quotes, urls = ask("bcbo", on(date(2007, 2, 1), "BOB"), workbook(year()))
    assert urls == [f"{bcbo.YEARLY}?anio=2007"]
    assert quotes == whole[1:2]
    earlier = workbook([["AÑO 2006"], *year()[1:]])
    quotes, urls = ask("bcbo", between(date(2006, 1, 20), date(2007, 1, 2), "BOB"), earlier, workbook(year()))
    assert urls == [f"{bcbo.YEARLY}?anio={number}" for number in (2006, 2007)]
    assert [str(quote.day) for quote in quotes] == ["2006-01-31", "2006-12-31", "2007-01-02"]
    quotes, urls = ask("bcbo", on(date(2007, 1, 1), "BOB"), earlier, workbook(year()))
    assert [str(quote.day) for quote in quotes] == ["2006-12-31"]
    with pytest.raises(ParseError, match="workbook of 2007"):
        ask("bcbo", on(date(2007, 2, 1), "BOB"), earlier)
    with pytest.raises(NoRates):
        ask("bcbo", between(date(2007, 2, 1), date(2007, 11, 30), "BOB"), workbook(year()))


@pytest.mark.parametrize("day", [date(2008, 1, 2), date(2026, 6, 30)])
def test_the_years_between_are_not_read(day: date) -> None:
    """Their layout is another; the question is refused before anything is asked."""
    with pytest.raises(Unsupported, match=f"2007.* not of {day}"):
        ask("bcbo", on(day, "BOB"))
    with pytest.raises(Unsupported, match="not of 2008-01-01"):
        ask("bcbo", between(date(2007, 5, 1), day, "BOB"))
    with pytest.raises(Unsupported, match=f"not of {day}"):
        ask("bcbo", between(day, date(2026, 10, 30), "BOB"))


@pytest.mark.parametrize(
    "rows",
    [
        [["a"]],
        table("30 DE OCTUBRE DE 2026", YEN)[:12],
        table("30 DE OCTOBER DE 2026", YEN),
        table("31 DE NOVIEMBRE DE 2026", YEN),
        table("30 DE OCTUBRE DE 2026", ["JAPON", "YEN", "Y", 0.06]),
        table("30 DE OCTUBRE DE 2026", ["JAPON", "YEN", "", 0.06]),
        table("30 DE OCTUBRE DE 2026", ["JAPON", "YEN", "JPY", "s/c"]),
        table("30 DE OCTUBRE DE 2026", ["JAPON", "YEN", "JPY", ""]),
        table("30 DE OCTUBRE DE 2026", ["JAPON", "YEN", "", ""]),
        table("30 DE OCTUBRE DE 2026", ["JAPON", "YEN", "JPY", 0.064320000002]),
        year()[:-1],
        [*year()[:6], [1.0, *year()[5][1:]], year()[-1]],
        [*year()[:4], [30.0, "", "", 8.0, 7.9, *[""] * 20], year()[-1]],
        [["AÑO 2007"], ["DIAS", "ENERO", ""], ["", "VENTA", "COMPRA"], ["PROM"]],
    ],
)
def test_another_layout_is_refused(rows: Cells) -> None:
    """A title, section, code, rate or day that is not what it should be is named."""
    with pytest.raises(ParseError):
        ask("bcbo", latest("BOB"), workbook(rows))


def test_a_changed_byte_is_an_error_or_harmless() -> None:
    """Strings and structures that break are named; a figure that breaks is another figure, as in any plain file."""
    whole = {(quote.base, quote.day) for quote in ask("bcbo", latest("BOB"), DAY)[0]}
    place = DAY.index(struct.pack("<d", 13.9328))
    for at in range(0, len(DAY), 37):
        changed = DAY[:at] + bytes([DAY[at] ^ 0x20]) + DAY[at + 1 :]
        try:
            quotes, _ = ask("bcbo", latest("BOB"), changed)
        except (AnswerError, AssertionError):
            continue
        assert len(quotes) == len(whole) or place - 40 < at
    for wrong in (0.0, -1.5, float("nan"), float("inf")):
        with pytest.raises(AnswerError):
            ask("bcbo", latest("BOB"), DAY.replace(struct.pack("<d", 13.9328), struct.pack("<d", wrong)))


def test_without_the_library_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is optional; who lacks it reads what to install."""
    monkeypatch.setitem(sys.modules, "xlrd", None)
    with pytest.raises(Unsupported, match=r"xlrd.*pip install 'fetch-rates\[xls\]'"):
        ask("bcbo", latest("BOB"), DAY)


def numbers(name: str) -> dict[tuple[int, int], Decimal]:
    """The numbers of a recorded workbook by row and column: its records 0x0203, read byte by byte."""
    content = body(name)
    at = content.index(b"\x09\x08")  # the first record
    found = {}
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        if kind == 0x0203:
            row, column, _, value = struct.unpack_from("<HHHd", content, at + 4)
            found[row, column] = Decimal(repr(value))
        at += 4 + length
    return found


@recordings
@pytest.mark.parametrize(("day", "number"), [(date(2026, 7, 13), 2), (date(2026, 7, 14), 3)])
def test_recorded_days(day: date, number: int) -> None:
    """Every number in the column of rates above the UFV, by the order of the countries instead of the codes."""
    found = replay("bcbo", Query("BOB", (), day, day, TODAY))
    order = re.findall("...", "USDARSAUDBRLCADCLPCOPKRWAEDHKDINRJPYMXNNOKPYGPENGBPCNYCNHSEKCHFEURUYU")
    rates = [
        value for (row, column), value in sorted(numbers(f"bcbo/{number}.xls").items()) if column == 3 and row < 39
    ]
    assert found == {(code, "BOB", day): rate for code, rate in zip(order, rates, strict=True)}
    # Priced in dollars and so not read: metals and the SDR.
    assert codes(found) == in_sample("bcbo") - {"XAU", "XAG", "XDR"}
    assert_crosses_agree(found, "BOB")


@recordings
def test_recorded_year() -> None:
    """Every pair of numbers of 2007, halved."""
    found = replay("bcbo", Query("BOB", (), date(2007, 1, 1), date(2007, 12, 31), TODAY))
    grid = numbers("bcbo/1.xls")
    assert found == {
        ("USD", "BOB", date(2007, (column + 1) // 2, int(grid[row, 0]))): (value + grid[row, column + 1]) / 2
        for (row, column), value in grid.items()
        if column % 2 == 1 and row > 5
    }
    assert len(found) == 251
