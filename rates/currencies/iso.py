"""Currency codes of ISO 4217: those in use, and those that ended, with their end and successor.

Sources: ISO 4217 lists one and three with the amendments (code, number, minor units), and the issuers' publications
(ends and ratios). The minor units are ISO's; Babel has CLDR's, which differ for ten currencies.

The English names are CLDR's, in a file of 6 kB that is read when a name is asked for. Babel, from which they come, has
them in every language, takes 36 of the 90 MB of an installation with it, and is an extra for that reason.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from rates.currencies.market_codes import COLLOQUIAL, FRACTIONS, OFFSHORE, UNQUOTED, WRITTEN, is_minor_form
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
ADP 020 0 2002-03-01 ESP 1
AFA 004 2 2003-01-03 AFN 1000
ALK 008 2 1965-08-16 ALL 10
ANG 532 2 2025-03-31 XCG 1
AOK 024 2 1990-09-25 AON 1
AON 024 2 1995-07-01 AOR 1000
AOR 982 2 1999-12-01 AOA 1000000
ARA 032 2 1992-01-01 ARS 10000
ARP 032 2 1985-06-15 ARA 1000
ATS 040 2 2002-03-01 EUR 13.7603
AZM 031 2 2006-01-01 AZN 5000
BAD 070 2 1998-06-22 BAM 100
BEF 056 0 2002-03-01 EUR 40.3399
BGL 100 2 1999-07-05 BGN 1000
BGN 975 2 2026-01-01 EUR 1.95583
BOP 068 2 1987-01-01 BOB 1000000
BRB 076 2 1986-02-28 BRC 1000
BRC 076 2 1989-01-16 BRN 1000
BRE 076 2 1993-08-01 BRR 1000
BRN 076 2 1990-03-16 BRE 1
BRR 987 2 1994-07-01 BRL 2750
BUK 104 2 1989-06-18 MMK 1
BYB 112 0 2000-01-01 BYR 1000
BYR 974 0 2016-07-01 BYN 10000
CSD 891 2 2006-10-25 RSD 1
CSK 200 2 1993-02-08 CZK 1
CUC 931 2 2021-06-30 CUP .
CYP 196 2 2008-01-01 EUR 0.585274
DDM 278 2 1990-07-01 DEM .
DEM 276 2 2002-01-01 EUR 1.95583
ECS 218 2 2000-09-11 USD 25000
EEK 233 2 2011-01-01 EUR 15.6466
ESP 724 0 2002-03-01 EUR 166.386
FIM 246 2 2002-03-01 EUR 5.94573
FRF 250 2 2002-02-18 EUR 6.55957
GEK 268 2 1995-10-02 GEL 1000000
GHC 288 2 2007-07-01 GHS 10000
GNS 324 2 1986-01-06 GNF 1
GQE 226 2 1985-01-02 XAF 4
GRD 300 2 2002-03-01 EUR 340.750
GWP 624 2 1997-05-02 XOF 65
HRD 191 2 1994-05-30 HRK 1000
HRK 191 2 2023-01-01 EUR 7.53450
IEP 372 2 2002-02-10 EUR 0.787564
ILP 376 2 1980-02-24 ILR 10
ILR 376 2 1985-09-04 ILS 1000
ISJ 352 2 1981-01-01 ISK 100
ITL 380 0 2002-03-01 EUR 1936.27
LAJ 418 2 1979-12-16 LAK 100
LTL 440 2 2015-01-01 EUR 3.45280
LTT 440 2 1993-06-25 LTL 100
LUF 442 0 2002-03-01 EUR 40.3399
LVL 428 2 2014-01-01 EUR 0.702804
LVR 428 2 1993-10-18 LVL 200
MGF 450 0 2005-01-01 MGA 5
MLF 466 2 1984-06-01 XOF 2
MRO 478 2 2018-01-01 MRU 10
MTL 470 2 2008-01-01 EUR 0.429300
MXP 484 2 1993-01-01 MXN 1000
MZE 508 2 1980-06-16 MZM 1
MZM 508 2 2006-07-01 MZN 1000
NIC 558 2 1991-04-30 NIO 5000000
NLG 528 2 2002-01-28 EUR 2.20371
PEI 604 2 1991-07-01 PEN 1000000
PES 604 2 1985-02-01 PEI 1000
PLZ 616 2 1995-01-01 PLN 10000
PTE 620 0 2002-03-01 EUR 200.482
RHD 716 2 1980-04-18 ZWD 1
ROL 642 2 2005-07-01 RON 10000
RUR 810 2 1998-01-01 RUB 1000
SDD 736 2 2007-01-10 SDG 100
SDP 736 2 1992-06-08 SDD 10
SIT 705 2 2007-01-01 EUR 239.640
SKK 703 2 2009-01-01 EUR 30.1260
SLL 694 2 2022-07-01 SLE 1000
SRG 740 2 2004-01-01 SRD 1000
STD 678 2 2018-01-01 STN 1000
SUR 810 2 1991-12-26 RUR 1
TJR 762 2 2000-10-30 TJS 1000
TMM 795 2 2009-01-01 TMT 5000
TRL 792 0 2005-01-01 TRY 1000000
UAK 804 2 1996-09-02 UAH 100000
UGS 800 2 1987-05-15 UGX 100
UYN 858 2 1975-07-01 UYP 1000
UYP 858 2 1993-03-01 UYU 1000
VEB 862 2 2008-01-01 VEF 1000
VEF 937 2 2018-08-20 VES 100000
VNC 704 2 1985-09-14 VND 10
XEU 954 2 1999-01-01 EUR 1
YUD 890 2 1990-01-01 YUN 10000
YUM 891 2 2003-07-03 CSD 1
YUN 890 2 1994-01-24 YUM .
ZAL 991 2 1995-03-13 ZAR 1
ZMK 894 2 2013-01-01 ZMW 1000
ZRN 180 2 1998-06-30 CDF 100000
ZRZ 180 2 1993-10-22 ZRN 3000000
ZWD 716 2 2006-08-01 ZWN 1000
ZWL 932 2 2024-04-08 ZWG 2498.7242
ZWN 942 2 2008-08-01 ZWR 10000000000
ZWR 935 2 2009-02-02 ZWL 1000000000000
"""

# The first days of currencies that did not begin at the end of a predecessor listed above; EUR as money of account.
_BEGAN = """
AFN 2002-10-07 AMD 1993-11-22 BAM 1998-06-22 BYN 2016-07-01 EEK 1992-06-20 ERN 1997-11-08 EUR 1999-01-01 HRD 1991-12-23
KGS 1993-05-10 KZT 1993-11-15 LVL 1993-03-05 MDL 1993-11-29 MGA 2003-07-31 MKD 1993-05-10 NAD 1993-09-15 SIT 1991-10-08
SKK 1993-02-08 SSP 2011-07-18 UZS 1994-07-01 VED 2021-10-01 XEU 1979-03-13 ZWG 2024-04-05
"""

# Redenominations that kept the code: code, first day, old units for one new unit (".": another currency with an old
# code, at no ratio). Sources: the central banks of Korea (30 November 2009), Nicaragua, Syria (decree 293 of 2025) and
# Venezuela (Gaceta Oficial 42.185; ISO 4217 keeps VES for the new bolivar); the National Bank of Yugoslavia.
_CUTS = """
KPW 2009-11-30 100
NIC 1988-02-15 1000
SYP 2026-01-01 100
VES 2021-10-01 1000000
YUN 1992-07-01 10
YUN 1993-10-01 1000000
YUN 1994-01-01 1000000000
ZWL 2019-02-22 .
"""

# Successors that are older than the currency that they replaced.
_OLDER = ("CUP", "DEM", "ESP", "USD", "XAF", "XOF", "ZAR")

# The days from which the euro's irrevocable rates hold. The old notes stayed valid longer, as subunits of the euro.
_EURO = {
    "1999-01-01": "ADP ATS BEF DEM ESP FIM FRF IEP ITL LUF NLG PTE XEU",
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


class Currency(NamedTuple):
    """One code. digits: ISO's minor units, None if none are defined.

    ended: the first day on which only the successor is valid (None: in use). ratio: old units for one of the successor
    (None: no exact ratio). fixed: the day from which that ratio holds. began: its first day, None if not known.
    cuts: the redenominations that kept the code, as (first day, old units for one new unit, None: no ratio).
    """

    code: str
    number: str
    digits: int | None
    ended: date | None = None
    successor: str = ""
    ratio: Decimal | None = None
    fixed: date | None = None
    began: date | None = None
    cuts: tuple[tuple[date, Decimal | None], ...] = ()


@cache
def all_currencies() -> dict[str, Currency]:
    """Every currency, in use or ended, by code."""
    ends = [line.split() for line in _ENDED.strip().splitlines()]
    began, cuts = _first_days(ends), _cuts()
    known = {}
    for entry in _ACTIVE.split():
        symbol, number, minor = entry[:3], entry[3:6], entry[6]
        digits = None if minor == "-" else int(minor)
        known[symbol] = Currency(symbol, number, digits, began=began.get(symbol), cuts=cuts.get(symbol, ()))
    for symbol, number, minor, end, successor, ratio in ends:
        known[symbol] = Currency(
            symbol,
            number,
            int(minor),
            date.fromisoformat(end),
            successor,
            _ratio(ratio),
            _fixed(symbol, date.fromisoformat(end), began.get(successor)),
            began.get(symbol),
            cuts.get(symbol, ()),
        )
    return known


def _ratio(text: str) -> Decimal | None:
    return None if text == "." else Decimal(text)


def _cuts() -> dict[str, tuple[tuple[date, Decimal | None], ...]]:
    """The redenominations under each code, oldest first."""
    found: dict[str, tuple[tuple[date, Decimal | None], ...]] = {}
    for line in _CUTS.strip().splitlines():
        symbol, day, ratio = line.split()
        found[symbol] = (*found.get(symbol, ()), (date.fromisoformat(day), _ratio(ratio)))
    return found


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
    """All codes that publishers may quote, for a quick test whether a publisher's column is a currency."""
    return frozenset((*all_currencies(), *OFFSHORE))


def code(text: str) -> str:
    """The code that a typed text means, in any case; GBp and its like, whose case counts, are minor units (GBX).

    The `UsageError` for an unknown one suggests the nearest.
    """
    if not isinstance(text, str):
        raise UsageError(f'a currency is a code like "EUR", not {quoted(text)}')
    typed = text.strip()
    if typed in WRITTEN:
        return WRITTEN[typed]
    wanted = typed.upper()
    if is_minor_form(typed) and wanted in codes():
        detail = f"{quoted(typed)} is not clear: exchanges write hundredths with a small last letter"
        raise UsageError(detail, hint=f"write {wanted} or {wanted.lower()} for the currency")
    if wanted in codes() or wanted in FRACTIONS:
        return wanted
    raise UsageError(f"unknown currency {quoted(text)}", hint=_hint(wanted))


def _hint(wanted: str) -> str:
    """What to do about an unknown code. A minor unit is never the nearest: it is a hundredth of what is meant."""
    if wanted in UNQUOTED:
        return f"{UNQUOTED[wanted]} has no code of ISO 4217, and no publisher here quotes it"
    if wanted in COLLOQUIAL:
        return f"did you mean {COLLOQUIAL[wanted]}?"
    return suggest(wanted, (*COMMON, *sorted(codes())), "list them with: rates currencies", first=COMMON)


def digits(symbol: str) -> int | None:
    """The minor units of a code: of a hundredth two fewer than of its currency, of an island's pound as many."""
    if symbol in OFFSHORE:
        symbol = OFFSHORE[symbol][0]
    fraction = FRACTIONS.get(symbol)
    if fraction is None:
        return all_currencies()[symbol].digits
    whole = all_currencies()[fraction.unit].digits
    return None if whole is None else whole - fraction.ratio.adjusted()


def name(symbol: str, locale: str = "en") -> str:
    """The currency's name in English, or from Babel in another language; "" if it has none.

    Codes beside ISO 4217 have English names only. Raises `UsageError` for another language without Babel.
    """
    if symbol in FRACTIONS:
        return FRACTIONS[symbol].name
    if locale == "en":
        return _english_names().get(symbol, "")
    try:
        from babel import Locale
    except ImportError as error:
        raise UsageError(f"names in {quoted(locale)} need Babel", hint="pip install 'fetch-rates[names]'") from error
    return str(Locale.parse(locale).currencies.get(symbol, ""))


@cache
def _english_names() -> dict[str, str]:
    loader: Any = __spec__.loader  # which reads from a zip file too
    lines = loader.get_data(os.path.join(os.path.dirname(__file__), "_names.txt")).decode("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines if not line.startswith("#"))
