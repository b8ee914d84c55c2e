from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rates import readers

laws = settings(deadline=None, derandomize=True, database=None, max_examples=200)

# A caller's context that would spoil any sum done in it: five digits, a narrow range of exponents.
NARROW = Context(prec=5, Emax=6, Emin=-6)


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "comma", "meant"),
    [
        ("1.10", False, "1.10"),
        (" 1.10\n", False, "1.10"),
        ("1,10", True, "1.10"),
        ("1.10", True, "1.10"),
        ("100", False, "100"),
        ("+1.5", False, "1.5"),
        ("-1.5", False, "-1.5"),
        ("5.5e-05", False, "0.000055"),
        (7, False, "7"),
        (Decimal("0.0050"), False, "0.0050"),
    ],
)
def test_number_keeps_every_digit(value: object, comma: bool, meant: str) -> None:
    """A number is read digit by digit, its last zeros too."""
    assert format(readers.number(value, comma=comma), "f") == meant


@pytest.mark.parametrize(
    "value",
    ["", "-", "N/A", "NaN", "Infinity", "1_000", "1 234", "1,10", "1.", ".5", "0x10", "١٢", "1e999", True, None, 1.5],
)
def test_number_refuses_what_is_none(value: object) -> None:
    """What is no plain number is refused with the text, and a binary float, which has lost its digits, too."""
    with pytest.raises(ValueError, match="no number"):
        readers.number(value)


@pytest.mark.parametrize("value", ["1.234,56", "1,234,567", "1,234.5"])
def test_number_refuses_groups_beside_a_decimal_comma(value: str) -> None:
    """Where the comma is decimal, a text with both marks is not guessed at."""
    with pytest.raises(ValueError, match="no number"):
        readers.number(value, comma=True)


@pytest.mark.parametrize("value", ["9" * 200, "0." + "1" * 200, "1e-99999", Decimal("0." + "1" * 200)])
def test_text_has_fewer_than_a_hundred_digits_too(value: object) -> None:
    """A number as text is bounded as one in JSON is."""
    with pytest.raises(ValueError, match="no number"):
        readers.number(value)


@pytest.mark.parametrize(
    ("rate", "units", "one"),
    [
        ("23.4030", 100, "0.234030"),
        ("1.10", 1, "1.10"),
        ("15.5", 1000000, "0.0000155"),
        ("15.5", Decimal("1E+2"), "0.155"),
        ("15.5", Decimal("100.00"), "0.155"),
        ("15.5", Decimal("0.1"), "155"),
        ("1.2345678901234567890123456789012345", 10, "0.12345678901234567890123456789012345"),
        ("10", 3, "3.333333333333333333333333333"),
    ],
)
def test_per_unit(rate: str, units: Decimal | int, one: str) -> None:
    """A power of ten only moves the point; anything else is divided to 28 digits."""
    assert format(readers.per_unit(Decimal(rate), units), "f") == one


@pytest.mark.parametrize(
    ("units", "message"),
    [
        (0, "no amount"),
        (-100, "no amount"),
        (Decimal("NaN"), "no number"),
        (Decimal("Infinity"), "no number"),
        (Decimal("-Infinity"), "no number"),
    ],
)
def test_per_unit_needs_a_positive_amount(units: Decimal | int, message: str) -> None:
    """Units that are zero, negative or not finite are refused."""
    with pytest.raises(ValueError, match=message):
        readers.per_unit(Decimal("1.5"), units)


@laws
@given(st.integers(1, 10**27), st.integers(-20, 0), st.integers(0, 8))
def test_per_unit_of_ten_keeps_the_digits(whole: int, exponent: int, power: int) -> None:
    """Whatever the power of ten, the digits are those published."""
    rate = Decimal(whole).scaleb(exponent, readers.EXACT)
    one = readers.per_unit(rate, 10**power)
    assert one.as_tuple().digits == rate.as_tuple().digits
    assert one * 10**power == rate


def test_a_callers_decimal_context_changes_nothing() -> None:
    """A caller who works with five digits is given the same rates as another."""

    def all_of_them() -> list[Decimal]:
        return [
            readers.number("1234567.891"),
            readers.per_unit(Decimal("1234567.891"), 100_000_000),
            readers.per_unit(Decimal("1234567.891"), 3),
            readers.midpoint(Decimal("1234567.891"), Decimal("1234567.893")),
            readers.per_ounce(Decimal("1234567.891")),
            *readers.json_value(b"[1234567.891, 12345678910]"),
        ]

    usual = all_of_them()
    with localcontext(NARROW):
        assert list(map(str, all_of_them())) == list(map(str, usual))


def test_the_exact_context_owes_nothing_to_the_default() -> None:
    """A program that traps inexact results by default does not make a cross fail."""
    assert readers.EXACT.prec == 28
    assert {signal.__name__ for signal, on in readers.EXACT.traps.items() if on} == {
        "DivisionByZero",
        "InvalidOperation",
        "Overflow",
    }
    assert (readers.EXACT.Emax, readers.EXACT.Emin, readers.EXACT.clamp) == (999999, -999999, 0)


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-10-30", "Y-M-D"),
        ("30.10.2026", "D.M.Y"),
        ("30/10/2026", "D/M/Y"),
        ("20261030", "YMD"),
        ("30 Oct 2026", "D M Y"),
        ("30 October 2026", "D M Y"),
        (" 2026-10-30\n", "Y-M-D"),
    ],
)
def test_day(text: str, form: str) -> None:
    """Each publisher's way of writing one day gives that day."""
    assert readers.day(text, form) == date(2026, 10, 30)


def test_day_may_have_one_digit() -> None:
    """Where marks part them, day and month need no leading zero."""
    assert readers.day("1.2.2026", "D.M.Y") == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026103", "YMD"),
        ("202613", "YMD"),
        ("2026-13-01", "Y-M-D"),
        ("2026-02-30", "Y-M-D"),
        ("26-10-30", "Y-M-D"),
        ("2026-10-30T12:00", "Y-M-D"),
        ("30x10x2026", "D.M.Y"),
        ("30 Ocz 2026", "D M Y"),
        ("", "Y-M-D"),
        (20261030, "YMD"),
        (None, "Y-M-D"),
    ],
)
def test_day_refuses_what_is_none(text: object, form: str) -> None:
    """A day that is cut short, in another form or not in the calendar is not guessed at."""
    with pytest.raises(ValueError, match=r"day|month"):
        readers.day(text, form)


@pytest.mark.parametrize("seconds", [1793318551000, "1e99", -(10**15)])
def test_unix_day_of_another_age_is_a_value_error(seconds: object) -> None:
    """Milliseconds taken for seconds lie beyond the calendar, and are told like all else that cannot be read."""
    with pytest.raises(ValueError, match="no time"):
        readers.unix_day(seconds)


# --- documents -------------------------------------------------------------------------------------------------------


def test_json_keeps_digits() -> None:
    """A fraction in JSON is a Decimal as written, whatever marks the bytes begin with."""
    assert str(readers.json_value(b'{"a": 1.10}')["a"]) == "1.10"
    assert readers.json_value(b"\xef\xbb\xbf[1]") == [1]
    assert readers.json_value('["é"]'.encode("utf-16")) == ["é"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"\xff\xfe\xff",
        b"[" * 100_000,
        b"[1e99999999999999999999]",
        b'{"a": 1, "b": 2, "a": 1}',
    ],
)
def test_json_refuses_what_is_none(body: bytes) -> None:
    """What is no JSON, would overflow the reader or has a name twice in an object is a ValueError like all else."""
    with pytest.raises(ValueError):  # noqa: PT011  (the words are the standard library's)
        readers.json_value(body)


def test_shapes() -> None:
    """An object or a list that is not one says what was due and what came."""
    assert readers.mapping({"a": 1}) == {"a": 1}
    assert readers.rows([1]) == [1]
    with pytest.raises(ValueError, match="an object was due, got list"):
        readers.mapping([])
    with pytest.raises(ValueError, match="a list was due, got NoneType"):
        readers.rows(None)


def test_xml() -> None:
    """XML is read in the encoding that it states, and a child's text is found."""
    body = '<?xml version="1.0" encoding="windows-1251"?><a><b>Доллар</b><c/></a>'.encode("windows-1251")
    assert readers.child(readers.xml(body), "b") == "Доллар"
    assert readers.child(readers.xml(body), "c") == ""
    with pytest.raises(ValueError, match="no <d> in <a>"):
        readers.child(readers.xml(body), "d")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a><b></a>",
        b"<a>",
        b'<?xml version="1.0" encoding="klingon"?><a/>',
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<!DOCTYPE html><html/>",
        b"<a>text<b/></a>",
        b"<a><b/>text</a>",
    ],
)
def test_xml_refuses_what_is_none(body: bytes) -> None:
    """Broken XML, text between elements and any document type, and so any entity bomb, is a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011  (some words are defusedxml's)
        readers.xml(body)


def test_csv() -> None:
    """Rows are dicts by the header line; a cell in quotes may hold the delimiter, a line's end, or a rare separator."""
    body = b'\xef\xbb\xbfcode,name,rate\nUSD,"a, b\nc",1.10\n\nEUR,x\xe2\x80\xa8y,1\n'
    first, second = readers.csv(body)
    assert first == {"code": "USD", "name": "a, b\nc", "rate": "1.10"}
    assert second == {"code": "EUR", "name": "x\u2028y", "rate": "1"}


def test_csv_may_end_its_lines_with_a_delimiter() -> None:
    """The ECB's history has a comma after the last cell of every line, and of the header; it hurts nobody."""
    assert next(iter(readers.csv(b"a,b,\n1,2,\n")))["b"] == "2"
    assert next(iter(readers.csv(b"a,b\n1,2,\n")))["b"] == "2"


@pytest.mark.parametrize("body", [b"a,b\n1\n", b"a,b\n1,2,3\n", b'a,b\n1,"2\x00"\n' + b"x" * 200_000])
def test_csv_refuses_a_row_of_another_width(body: bytes) -> None:
    """A row with a cell too few was cut; one with a cell too many has a stray delimiter, and its numbers shifted."""
    with pytest.raises(ValueError, match=r"cells|no CSV"):
        list(readers.csv(body))


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def test_unzip() -> None:
    """The one file comes out; none, two, or one that is too large does not."""
    assert readers.unzip(_zipped({"folder/": b"", "a.csv": b"x"})) == b"x"
    for files in ({}, {"a": b"", "b": b""}):
        with pytest.raises(ValueError, match="one file was due"):
            readers.unzip(_zipped(files))
    with pytest.raises(ValueError, match="more than 10"):
        readers.unzip(_zipped({"a": b"x" * 11}), cap=10)


def test_unzip_refuses_damage_anywhere() -> None:
    """A damaged archive is a ValueError wherever the damage lies, or it came out whole."""
    content = bytes(range(256)) * 3 + b"USD,1.10\n" * 40
    whole = _zipped({"a.csv": content})
    for place in range(len(whole)):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]):
            try:
                assert readers.unzip(damaged) == content
            except ValueError:
                continue


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", True),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html xmlns="y">', True),
        (b"<script>location='/'</script>", True),
        (b"", False),
        (b'{"a": 1}', False),
        (b'<?xml version="1.0"?><ValCurs/>', False),
        (b"code,rate\n", False),
    ],
)
def test_is_html(body: bytes, page: bool) -> None:
    """A web page is known by how it begins, whatever it is called."""
    assert readers.is_html(body) is page
