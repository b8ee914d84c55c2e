"""Official pegs: currencies that are held at a fixed rate to another, by law or by their central bank.

A peg is not a published rate: it is used only on request, and every figure derived from one is marked. The list has
only exact pegs, no bands and no baskets (DKK, HKD, KWD, …). Sources: the banks named. Where only the month or year in
which a peg began is known, or where sources differ (BZD: 1976 or 1978), its first day here is a later one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from rates.currencies.iso import all_currencies

# Code, anchor, units for one unit of the anchor, first day of that rate, authority.
_PEGS = """
AED USD 3.6725 1997-11-02 Central Bank of the UAE
ANG USD 1.79 1971-12-18 Central Bank of Curacao and Sint Maarten
AWG USD 1.79 1986-01-01 Central Bank of Aruba
BAM EUR 1.95583 1999-01-01 Central Bank of Bosnia and Herzegovina
BBD USD 2 1975-07-05 Central Bank of Barbados
BGN EUR 1.95583 1999-07-05 Bulgarian National Bank
BHD USD 0.376 2001-01-01 Central Bank of Bahrain
BMD USD 1 1972-02-06 Bermuda Monetary Authority
BND SGD 1 1967-06-12 Brunei Darussalam Central Bank
BSD USD 1 1974-06-01 Central Bank of The Bahamas
BTN INR 1 1974-01-01 Royal Monetary Authority of Bhutan
BZD USD 2 1979-01-01 Central Bank of Belize
CVE EUR 110.265 1999-01-01 Bank of Cape Verde
DJF USD 177.721 1974-01-01 Central Bank of Djibouti
FKP GBP 1 1966-02-14 Falkland Islands Government
GIP GBP 1 1928-01-01 Government of Gibraltar
JOD USD 0.709 1995-10-23 Central Bank of Jordan
KMF EUR 491.96775 1999-01-01 Central Bank of the Comoros
LSL ZAR 1 1980-02-01 Central Bank of Lesotho
MOP HKD 1.03 1983-01-01 Monetary Authority of Macao
NAD ZAR 1 1993-09-15 Bank of Namibia
NPR INR 1.6 1993-02-12 Nepal Rastra Bank
OMR USD 0.3845 1986-01-01 Central Bank of Oman
PAB USD 1 1905-01-01 Republic of Panama
QAR USD 3.64 2001-07-09 Qatar Central Bank
SAR USD 3.75 1986-06-01 Saudi Central Bank
SHP GBP 1 1976-02-02 Government of Saint Helena
STD EUR 24500 2010-01-05 Central Bank of Sao Tome and Principe
STN EUR 24.5 2018-01-01 Central Bank of Sao Tome and Principe
SZL ZAR 1 1974-09-06 Central Bank of Eswatini
TMT USD 3.5 2015-01-01 Central Bank of Turkmenistan
XAF EUR 655.957 1999-01-01 Bank of Central African States
XCD USD 2.70 1976-07-07 Eastern Caribbean Central Bank
XCG USD 1.79 2025-03-31 Central Bank of Curacao and Sint Maarten
XOF EUR 655.957 1999-01-01 Central Bank of West African States
XPF EUR 119.331742 1999-01-01 Overseas Issuing Institute (1000 XPF = 8.38 EUR)
"""


class Peg(NamedTuple):
    """One unit of `anchor` is `rate` units of `code` since that day. authority: the bank or state that holds it."""

    code: str
    anchor: str
    rate: Decimal
    since: date
    authority: str

    def sentence(self) -> str:
        """The peg as in: 1 USD = 3.6725 AED since 1997-11-02."""
        return f"1 {self.anchor} = {self.rate} {self.code} since {self.since}"


@cache
def pegs() -> dict[str, Peg]:
    """Every peg, by code."""
    found = {}
    for line in _PEGS.strip().splitlines():
        code, anchor, rate, since, authority = line.split(None, 4)
        found[code] = Peg(code, anchor, Decimal(rate), date.fromisoformat(since), authority)
    return found


def peg(code: str, on: date) -> Peg | None:
    """The peg of a currency on a day; None before its first day and after the currency ended."""
    found, end = pegs().get(code), all_currencies()[code].ended if code in all_currencies() else None
    if found is None or on < found.since or (end is not None and on >= end):
        return None
    return found
