"""Currency codes of ISO 4217: those in use, and those that ended, with their end and successor.

Sources: ISO 4217 list one (code, number, minor units), and the issuers' publications (ends and ratios). The minor units
are ISO's; Babel has CLDR's, which differ for ten currencies. Names come from Babel, imported only when a name is asked
for, because that takes longer than all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from rates.errors import UsageError, quoted, suggest

# Code, number and minor units ("-": none defined), as in ISO 4217.
_ACTIVE = """
AED7842 AFN9712 ALL0082 AMD0512 AOA9732 ARS0322 AUD0362 AWG5332 AZN9442 BAM9772 BBD0522 BDT0502 BHD0483
BIF1080 BMD0602 BND0962 BOB0682 BOV9842 BRL9862 BSD0442 BTN0642 BWP0722 BYN9332 BZD0842 CAD1242 CDF9762
CHE9472 CHF7562 CHW9482 CLF9904 CLP1520 CNY1562 COP1702 COU9702 CRC1882 CUP1922 CVE1322 CZK2032 DJF2620
DKK2082 DOP2142 DZD0122 EGP8182 ERN2322 ETB2302 EUR9782 FJD2422 FKP2382 GBP8262 GEL9812 GHS9362 GIP2922
GMD2702 GNF3240 GTQ3202 GYD3282 HKD3442 HNL3402 HTG3322 HUF3482 IDR3602 ILS3762 INR3562 IQD3683 IRR3642
ISK3520 JMD3882 JOD4003 JPY3920 KES4042 KGS4172 KHR1162 KMF1740 KPW4082 KRW4100 KWD4143 KYD1362 KZT3982
LAK4182 LBP4222 LKR1442 LRD4302 LSL4262 LYD4343 MAD5042 MDL4982 MGA9692 MKD8072 MMK1042 MNT4962 MOP4462
MRU9292 MUR4802 MVR4622 MWK4542 MXN4842 MXV9792 MYR4582 MZN9432 NAD5162 NGN5662 NIO5582 NOK5782 NPR5242
NZD5542 OMR5123 PAB5902 PEN6042 PGK5982 PHP6082 PKR5862 PLN9852 PYG6000 QAR6342 RON9462 RSD9412 RUB6432
RWF6460 SAR6822 SBD0902 SCR6902 SDG9382 SEK7522 SGD7022 SHP6542 SLE9252 SOS7062 SRD9682 SSP7282 STN9302
SVC2222 SYP7602 SZL7482 THB7642 TJS9722 TMT9342 TND7883 TOP7762 TRY9492 TTD7802 TWD9012 TZS8342 UAH9802
UGX8000 USD8402 USN9972 UYI9400 UYU8582 UYW9274 UZS8602 VED9262 VES9282 VND7040 VUV5480 WST8822 XAD3962
XAF9500 XAG961- XAU959- XBA955- XBB956- XBC957- XBD958- XCD9512 XCG5322 XDR960- XOF9520 XPD964- XPF9530
XPT962- XSU994- XTS963- XUA965- XXX999- YER8862 ZAR7102 ZMW9672 ZWG9242
"""

# Ended currencies: code, number, minor units, the first day on which only the successor was valid, the successor, and
# the old units for one of it (".": there is no exact ratio; one convertible peso, CUC, was worth 24 of its successor).
_ENDED = """
AFA 004 2 2003-01-03 AFN 1000
ANG 532 2 2025-03-31 XCG 1
AOR 982 2 1999-12-01 AOA 1000000
ARA 032 2 1992-01-01 ARS 10000
ATS 040 2 2002-03-01 EUR 13.7603
AZM 031 2 2006-01-01 AZN 5000
BEF 056 0 2002-03-01 EUR 40.3399
BGL 100 2 1999-07-05 BGN 1000
BGN 975 2 2026-01-01 EUR 1.95583
BRR 987 2 1994-07-01 BRL 2750
BYB 112 0 2000-01-01 BYR 1000
BYR 974 0 2016-07-01 BYN 10000
CSD 891 2 2006-10-25 RSD 1
CSK 200 2 1993-02-08 CZK 1
CUC 931 2 2021-06-30 CUP .
CYP 196 2 2008-01-01 EUR 0.585274
DEM 276 2 2002-01-01 EUR 1.95583
EEK 233 2 2011-01-01 EUR 15.6466
ESP 724 0 2002-03-01 EUR 166.386
FIM 246 2 2002-03-01 EUR 5.94573
FRF 250 2 2002-02-18 EUR 6.55957
GEK 268 2 1995-10-02 GEL 1000000
GHC 288 2 2007-07-01 GHS 10000
GRD 300 2 2002-03-01 EUR 340.750
HRD 191 2 1994-05-30 HRK 1000
HRK 191 2 2023-01-01 EUR 7.53450
IEP 372 2 2002-02-10 EUR 0.787564
ITL 380 0 2002-03-01 EUR 1936.27
LTL 440 2 2015-01-01 EUR 3.45280
LTT 440 2 1993-06-25 LTL 100
LUF 442 0 2002-03-01 EUR 40.3399
LVL 428 2 2014-01-01 EUR 0.702804
MGF 450 0 2005-01-01 MGA 5
MRO 478 2 2018-01-01 MRU 10
MTL 470 2 2008-01-01 EUR 0.429300
MXP 484 2 1993-01-01 MXN 1000
MZM 508 2 2006-07-01 MZN 1000
NLG 528 2 2002-01-28 EUR 2.20371
PEI 604 2 1991-07-01 PEN 1000000
PLZ 616 2 1995-01-01 PLN 10000
PTE 620 0 2002-03-01 EUR 200.482
ROL 642 2 2005-07-01 RON 10000
RUR 810 2 1998-01-01 RUB 1000
SDD 736 2 2007-01-10 SDG 100
SIT 705 2 2007-01-01 EUR 239.640
SKK 703 2 2009-01-01 EUR 30.1260
SLL 694 2 2022-07-01 SLE 1000
SRG 740 2 2004-01-01 SRD 1000
STD 678 2 2018-01-01 STN 1000
TJR 762 2 2000-10-30 TJS 1000
TMM 795 2 2009-01-01 TMT 5000
TRL 792 0 2005-01-01 TRY 1000000
UAK 804 2 1996-09-02 UAH 100000
UYP 858 2 1993-03-01 UYU 1000
VEB 862 2 2008-01-01 VEF 1000
VEF 937 2 2018-08-20 VES 100000
XEU 954 2 1999-01-01 EUR 1
YUM 891 2 2003-07-03 CSD 1
ZAL 991 2 1995-03-13 ZAR 1
ZMK 894 2 2013-01-01 ZMW 1000
ZRN 180 2 1998-06-30 CDF 100000
ZWD 716 2 2006-08-01 ZWN 1000
ZWL 932 2 2024-04-08 ZWG 2498.7242
ZWN 942 2 2008-08-01 ZWR 10000000000
ZWR 935 2 2009-02-02 ZWL 1000000000000
"""

# The first days of currencies that did not begin at the end of a predecessor listed above; EUR as money of account.
_BEGAN = """
AFN 2002-10-07 AMD 1993-11-22 BAM 1998-06-22 BYN 2016-07-01 EEK 1992-06-20 ERN 1997-11-08 EUR 1999-01-01 HRD 1991-12-23
KGS 1993-05-10 KZT 1993-11-15 LVL 1993-03-05 MDL 1993-11-29 MGA 2003-07-31 MKD 1993-05-10 NAD 1993-09-15 SIT 1991-10-08
SKK 1993-02-08 SSP 2011-07-18 UZS 1994-07-01 XEU 1979-03-13 ZWG 2024-04-05
"""

# Successors that are older than the currency that they replaced: the peso, the rouble, the rand.
_OLDER = ("CUP", "RUB", "ZAR")

# The days from which the euro's irrevocable rates hold. The old notes stayed valid longer, as subunits of the euro.
_EURO = {
    "1999-01-01": "ATS BEF DEM ESP FIM FRF IEP ITL LUF NLG PTE XEU",
    "2001-01-01": "GRD",
    "2007-01-01": "SIT",
    "2008-01-01": "CYP MTL",
    "2009-01-01": "SKK",
    "2011-01-01": "EEK",
    "2014-01-01": "LVL",
    "2015-01-01": "LTL",
    "2023-01-01": "HRK",
    "2026-01-01": "BGN",
}

# The most traded currencies (BIS triennial survey of 2025): a mistyped code suggests USD before USN.
COMMON = (
    "USD", "EUR", "JPY", "GBP", "CNY", "CHF", "AUD", "CAD", "HKD", "SGD", "INR", "KRW", "SEK", "MXN", "NZD", "NOK",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Currency:
    """One code. digits: ISO's minor units, None if none are defined.

    ended: the first day on which only the successor is valid (None: in use). ratio: old units for one of the successor
    (None: no exact ratio). fixed: the day from which that ratio holds. began: its first day, None if not known.
    """

    code: str
    number: str
    digits: int | None
    ended: date | None = None
    successor: str = ""
    ratio: Decimal | None = None
    fixed: date | None = None
    began: date | None = None


@cache
def all_currencies() -> dict[str, Currency]:
    """Every currency, in use or ended, by code."""
    ends = [line.split() for line in _ENDED.strip().splitlines()]
    began = _first_days(ends)
    known = {}
    for entry in _ACTIVE.split():
        symbol, number, minor = entry[:3], entry[3:6], entry[6]
        known[symbol] = Currency(symbol, number, None if minor == "-" else int(minor), began=began.get(symbol))
    for symbol, number, minor, end, successor, ratio in ends:
        known[symbol] = Currency(
            symbol,
            number,
            int(minor),
            date.fromisoformat(end),
            successor,
            None if ratio == "." else Decimal(ratio),
            _fixed(symbol, date.fromisoformat(end), began.get(successor)),
            began.get(symbol),
        )
    return known


def _first_days(ends: list[list[str]]) -> dict[str, date]:
    """The first days: as listed, or for the successor of an ended currency the day of that end."""
    words = _BEGAN.split()
    began = dict(zip(words[::2], map(date.fromisoformat, words[1::2]), strict=True))
    for _, _, _, end, successor, _ in ends:
        if successor not in (*_OLDER, "EUR"):
            began.setdefault(successor, date.fromisoformat(end))
    return began


def _fixed(symbol: str, end: date, successor_began: date | None) -> date:
    """The day from which the ratio to the successor holds: the euro's day, or the successor's first day."""
    for day, joined in _EURO.items():
        if symbol in joined.split():
            return date.fromisoformat(day)
    return min(end, successor_began or end)


@cache
def codes() -> frozenset[str]:
    """All codes, for a quick test whether a publisher's column is a currency."""
    return frozenset(all_currencies())


def code(text: str) -> str:
    """A typed code in upper case; the `UsageError` for an unknown one suggests the nearest."""
    wanted = text.strip().upper()
    if wanted in codes():
        return wanted
    hint = suggest(wanted, (*COMMON, *sorted(codes())), "list them with: rates currencies", first=COMMON)
    raise UsageError(f"unknown currency {quoted(text)}", hint=hint)


def name(symbol: str, locale: str = "en") -> str:
    """The currency's name in a language, from Babel; "" if it has none."""
    from babel import Locale

    return str(Locale.parse(locale).currencies.get(symbol, ""))
