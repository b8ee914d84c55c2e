"""Exchangerate.host: market rates for 168 currencies, with a key.

Publishes: 168 currencies, for free keys once a day, and the last rates of each day (at 00:05 GMT) since 1999-01-01.
Quoted: mid rates of commercial sources and banks, units of the symbol for one US dollar.
Answer: JSON with success, source, timestamp and quotes named by pairs; errors have success false and a code.
Source: https://exchangerate.host/documentation

Asked without a source it answers in dollars, which every plan may; all other bases are crossed by us. Until 2023 it
wanted no key, and answered with base, date and rates: that form is still read. Ranges may be for paid plans alone.
"""

from rates.providers._apilayer import FACTS, QUOTES, apilayer
from rates.providers._apilayer import parse as parse
from rates.providers.kit import Provider, Query, Steps

PROVIDER = Provider(
    name="Exchangerate.host",
    pivot="USD",
    cadence="daily",  # what a free key gets; paid plans have hourly rates and faster ones
    published="00:05 UTC",
    key_url="https://exchangerate.host/signup/free",
    terms="https://exchangerate.host/terms",
    **FACTS,
)

FOLDER = "https://api.exchangerate.host/"


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return apilayer(query, PROVIDER, FOLDER, QUOTES)
