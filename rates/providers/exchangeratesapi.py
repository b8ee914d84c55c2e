"""Exchangeratesapi: market rates for 170 currencies, with a key.

Publishes: about 170 currencies hourly (more often for paid plans), and the last rates of each day since 1999-01-01.
Quoted: mid rates of commercial sources, units of the symbol for one euro.
Answer: JSON with success, base, date and rates; errors have a word in code and a message, and a failure status.
Source: https://docs.apilayer.com/exchangeratesapi/docs/api-key-authentication

A free key may ask for the base euro alone, which is what is asked here; all other bases are crossed by us. Ranges
are for paid plans. The key is a parameter, since the service takes it nowhere else, so plain HTTP is never used:
a plan without HTTPS is refused by the service, and reported so.
"""

from rates.providers._apilayer import FACTS, RATES, apilayer
from rates.providers._apilayer import parse as parse
from rates.providers.kit import Provider, Query, Steps

PROVIDER = Provider(
    name="Exchangeratesapi",
    pivot="EUR",
    cadence="hourly",
    published="every hour UTC",
    key_url="https://exchangeratesapi.io/pricing/",
    terms="https://exchangeratesapi.io/terms/",
    **FACTS,
)

FOLDER = "https://api.exchangeratesapi.io/v1/"


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return apilayer(query, PROVIDER, FOLDER, RATES)
