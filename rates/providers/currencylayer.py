"""Currencylayer: market rates for 168 currencies, with a key.

Publishes: 168 currencies hourly (more often for paid plans), and the last rates of each day since 1999-01-01.
Quoted: mid rates of commercial sources and banks, units of the symbol for one US dollar.
Answer: JSON with success, source, timestamp and quotes named by pairs; errors have success false and a code.
Source: https://currencylayer.com/documentation

A free key may ask for the source dollar alone, which is what is asked here; all other bases are crossed by us. Ranges
are for paid plans. The key is a parameter, since the service takes it nowhere else, so plain HTTP is never used.
"""

from rates.providers._apilayer import FACTS, QUOTES, apilayer
from rates.providers._apilayer import parse as parse
from rates.providers.kit import Provider, Query, Steps

PROVIDER = Provider(
    name="Currencylayer",
    pivot="USD",
    cadence="hourly",
    published="every hour UTC",
    key_url="https://currencylayer.com/signup/free",
    terms="https://currencylayer.com/terms",
    **FACTS,
)

FOLDER = "https://api.currencylayer.com/"


def steps(query: Query) -> Steps:
    """One document for all bases, of the latest or one day; a range in pieces of a year."""
    return apilayer(query, PROVIDER, FOLDER, QUOTES)
