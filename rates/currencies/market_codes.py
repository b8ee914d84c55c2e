"""Codes that markets and services use beside ISO 4217: minor units, money at par with a currency, the offshore yuan.

Exchanges quote shares in hundredths of a currency, and write that with a separate code (GBX) or with a small last
letter (GBp), so case matters there: GBP and gbp are pounds. Taking one for the other is a mistake by a factor of a
hundred. Sources: GBX, GBp, ZAc, ILA, KWF and USX are the currencies that Yahoo Finance gives for London, Johannesburg,
Tel Aviv, Kuwait and the grains of Chicago; ZAC and EUX are data vendors' codes; ZAr, ILs, USd, EUr and KWd are
Bloomberg's form, a currency's code with a small last letter. The islands' money is issued one for one by law or custom.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

# Code, currency, units for one unit of it, other ways to write the code (where case counts; "-": none), name.
_FRACTIONS = """
EUX EUR 100 EUc,EUr Euro Cent
GBX GBP 100 GBp British Penny
ILA ILS 100 ILa,ILs Israeli Agora
KWF KWD 1000 KWf,KWd Kuwaiti Fils
USX USD 100 USc,USd US Cent
ZAC ZAR 100 ZAc,ZAr South African Cent
CKD NZD 1 - Cook Islands Dollar
FOK DKK 1 - Faroese Króna
GGP GBP 1 - Guernsey Pound
IMP GBP 1 - Manx Pound
JEP GBP 1 - Jersey Pound
KID AUD 1 - Kiribati Dollar
TVD AUD 1 - Tuvaluan Dollar
"""

# The yuan as traded outside mainland China, which has its own rate (CNY: inside).
OFFSHORE = {"CNH": ("CNY", "Chinese Yuan (offshore)")}

# Money without an ISO code and without a publisher here. A code near to one of these is another currency's.
UNQUOTED = {
    "BTC": "bitcoin",
    "PRB": "the Transnistrian ruble",
    "SLS": "the Somaliland shilling",
    "XBT": "bitcoin",
}

# Signs and the currencies that are written with them, the most traded first.
_SIGNS = """
$ USD CAD AUD NZD HKD SGD MXN TWD ARS BBD BMD BND BSD BZD CLP COP CVE DOP FJD GYD JMD KYD LRD NAD NIO SBD SRD TTD UYU
€ EUR
£ GBP EGP FKP GIP LBP SDG SHP SSP SYP GGP IMP JEP
¥ JPY CNY CNH
₹ INR
₽ RUB
₩ KRW KPW
₺ TRY
₴ UAH
₪ ILS
₫ VND
₱ PHP
₦ NGN
฿ THB
₡ CRC
₲ PYG
₵ GHS
₸ KZT
₼ AZN
₾ GEL
₮ MNT
₭ LAK
៛ KHR
৳ BDT
₨ PKR LKR NPR MUR SCR
֏ AMD
؋ AFN
﷼ IRR OMR QAR SAR YER
R$ BRL
kr SEK NOK DKK ISK FOK
zł PLN
Kč CZK
Ft HUF
Fr CHF
p GBX
"""
SIGNS = {line.split()[0]: tuple(line.split()[1:]) for line in _SIGNS.strip().splitlines()}

# Names in daily use that look like codes: the nearest code would be another currency's (RMB: RUB).
COLLOQUIAL = {
    "$": "USD", "C$": "CAD", "A$": "AUD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY or CNY", "₽": "RUB",
    "₹": "INR", "₩": "KRW", "₺": "TRY", "₴": "UAH", "EURO": "EUR", "EUROS": "EUR", "DOLLAR": "USD", "DOLLARS": "USD",
    "POUND": "GBP", "POUNDS": "GBP", "YEN": "JPY", "YUAN": "CNY", "FRANC": "CHF", "RMB": "CNY", "NIS": "ILS",
    "NTD": "TWD", "STG": "GBP", "UKP": "GBP", "SFR": "CHF", "PENCE": "GBX",
}  # fmt: skip


class Fraction(NamedTuple):
    """A code beside ISO 4217: `ratio` units of it are one unit of `unit`.

    written: other forms of the code, in which case counts.
    """

    code: str
    unit: str
    ratio: Decimal
    written: tuple[str, ...]
    name: str

    def sentence(self) -> str:
        """The ratio as in: 1 GBP = 100 GBX."""
        return f"1 {self.unit} = {self.ratio} {self.code}"


def _fraction(line: str) -> Fraction:
    code, unit, ratio, written, name = line.split(None, 4)
    return Fraction(code, unit, Decimal(ratio), () if written == "-" else tuple(written.split(",")), name)


FRACTIONS = {found.code: found for found in map(_fraction, _FRACTIONS.strip().splitlines())}
# Forms in which case counts, and their code.
WRITTEN = {form: found.code for found in FRACTIONS.values() for form in found.written}


def is_minor_form(text: str) -> bool:
    """True for two capitals and a small letter, as exchanges write minor units."""
    return len(text) == 3 and text.isascii() and text[:2].isupper() and text[2].islower()
